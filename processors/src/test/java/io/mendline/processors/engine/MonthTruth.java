package io.mendline.processors.engine;

import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is to be found in a {@link RuleMonth}, and how far what was found differs from it. */
final class MonthTruth {
  /** A skipped window. */
  record Skip(String rule, long end, String detectedBy) {
    @Override
    public String toString() {
      return rule + " " + Instant.ofEpochMilli(end) + " " + detectedBy;
    }
  }

  /**
   * What is expected of one.
   *
   * @param settledBy when the watermark has passed this it is found
   */
  private record Expected(long settledBy, FindingStatus status) {}

  private final Map<String, Expected> skips = new TreeMap<>();
  private final Set<String> allowed = new HashSet<>();
  private final Map<String, Integer> others = new TreeMap<>();

  /** A skipped window is found, and ends with a status. */
  void expect(String rule, long end, String detectedBy, long settledBy, FindingStatus status) {
    skips.put(new Skip(rule, end, detectedBy).toString(), new Expected(settledBy, status));
  }

  /** A window of which nobody can know may be found, or not. */
  void allow(String rule, long end, String detectedBy) {
    allowed.add(new Skip(rule, end, detectedBy).toString());
  }

  /** One finding of another kind. */
  void expect(FindingKind kind, String resource, FindingStatus status) {
    others.merge(kind + " " + resource + " " + status, 1, Integer::sum);
  }

  int expectedSkips() {
    return skips.size();
  }

  int allowedSkips() {
    return allowed.size();
  }

  /**
   * What differs.
   *
   * @param missing expected and not found
   * @param extra found and not expected
   * @param otherStatus found, and in the end another status
   */
  record Differences(List<String> missing, List<String> extra, List<String> otherStatus) {}

  /**
   * Compares what was found with what was expected.
   *
   * @param found the last version of every finding that was ever raised
   * @param watermark how far the source had come in the end
   */
  Differences compare(Iterable<Finding> found, long watermark) {
    Map<String, Expected> left = new TreeMap<>(skips);
    left.values().removeIf(expected -> expected.settledBy() > watermark);
    Map<String, Integer> othersLeft = new TreeMap<>(others);
    Differences differences =
        new Differences(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Finding finding : found) {
      String id = finding.getResource().getId();
      if (finding.getKind() != FindingKind.SKIPPED_WINDOW) {
        String what = finding.getKind() + " " + id + " " + finding.getStatus();
        if (othersLeft.merge(what, -1, Integer::sum) < 0) {
          differences.extra().add(what + " " + finding.getSummary());
        }
        continue;
      }
      String skip =
          new Skip(
                  id,
                  finding.getWindowEnd().toEpochMilli(),
                  finding.getAttributes().get("detectedBy"))
              .toString();
      Expected expected = left.remove(skip);
      if (expected == null && !allowed.contains(skip)) {
        differences.extra().add(skip + " " + finding.getStatus());
      } else if (expected != null && expected.status() != finding.getStatus()) {
        differences.otherStatus().add(skip + " is " + finding.getStatus());
      }
    }
    left.keySet().forEach(differences.missing()::add);
    othersLeft.forEach(
        (what, count) -> {
          if (count > 0) {
            differences.missing().add(what);
          }
        });
    return differences;
  }
}
