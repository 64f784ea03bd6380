package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.RootCause;
import java.util.List;

/**
 * What is known of one cause on one route.
 *
 * @param kind what kind of failure it has caused
 * @param cause the cause as the last failure had it; null when nothing is left to tell it from
 * @param failures how many failures of the sliding time are known
 * @param resources what failed, by name, at most {@value #NAMED}
 * @param firstAt when the first of them happened, epoch milliseconds
 * @param lastAt when the last one did
 * @param recurring whether it is an open recurrence
 * @param repairs how often trying again has helped, in the 30 days up to the last try
 */
public record CauseSummary(
    FindingKind kind,
    RootCause cause,
    int failures,
    List<String> resources,
    long firstAt,
    long lastAt,
    boolean recurring,
    RepairOdds repairs) {
  static final int NAMED = 20;

  static CauseSummary of(
      FindingKind kind, List<Failure> failures, Cluster open, RepairOdds repairs) {
    return new CauseSummary(
        kind,
        failures.isEmpty() ? null : failures.get(failures.size() - 1).cause(),
        failures.size(),
        failures.stream().map(Failure::resource).distinct().limit(NAMED).toList(),
        failures.stream().mapToLong(Failure::at).min().orElse(0),
        failures.stream().mapToLong(Failure::at).max().orElse(0),
        open != null,
        repairs);
  }
}
