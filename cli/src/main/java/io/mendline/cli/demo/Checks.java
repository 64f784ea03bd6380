package io.mendline.cli.demo;

import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.Attempt;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a demo has to show before it may say that all is well. */
final class Checks {
  private static final Set<FindingKind> KINDS =
      EnumSet.of(
          FindingKind.SKIPPED_WINDOW,
          FindingKind.RUN_FAILED,
          FindingKind.CACHE_REGRESSION,
          FindingKind.METRIC_REGRESSION,
          FindingKind.METRIC_BREACHED,
          FindingKind.HOT_NODE,
          FindingKind.LOAD_SKEW,
          FindingKind.RECURRING_ROOT_CAUSE);

  private final Set<FindingKind> found = EnumSet.noneOf(FindingKind.class);
  private final Set<AlertKind> told = EnumSet.noneOf(AlertKind.class);
  private final Set<String> verifying = new HashSet<>();
  private boolean mended;

  /** Takes note of an output. */
  void take(Output output) {
    if (output instanceof Output.Found one) {
      found.add(one.finding().getKind());
    } else if (output instanceof Output.Told one) {
      told.add(one.alert().getKind());
    } else if (output instanceof Output.Tracked one) {
      tracked(one.incident());
    }
  }

  private void tracked(Incident incident) {
    if (incident.getStatus() == IncidentStatus.VERIFYING) {
      verifying.add(incident.getId());
    } else if (incident.getStatus() == IncidentStatus.RESOLVED) {
      mended |=
          verifying.contains(incident.getId())
              && incident.getAttempts().stream()
                  .map(Attempt::getStatus)
                  .anyMatch(AttemptStatus.SUCCEEDED::equals);
    }
  }

  /** What was not seen, each in a few words; empty when everything was. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (FindingKind kind : KINDS) {
      if (!found.contains(kind)) {
        missing.add("no finding " + kind);
      }
    }
    if (!mended) {
      missing.add("no incident that was verified and then resolved");
    }
    if (!told.contains(AlertKind.ESCALATION)) {
      missing.add("no escalation");
    }
    if (!told.contains(AlertKind.APPROVAL_REQUEST)) {
      missing.add("no request for approval");
    }
    return missing;
  }
}
