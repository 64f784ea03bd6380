package io.mendline.cli.sample;

import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.FindingStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What generated telemetry comes to, computed from what was decided to happen and not from the
 * messages. Findings are named by their natural identities, since their ids are the detectors'
 * business. Duplicates and disorder change nothing here.
 *
 * @param records distinct records per source: an envelope of five counts as five
 * @param facts distinct facts that a decoder makes of them: a run object gives one for the run and
 *     one for each task, of which those that it told before count no second time
 * @param findings every run that failed ({@link #runFailed}) and window that was skipped ({@link
 *     #skippedWindow}), with its final status
 * @param recurrences every time that one cause became a recurring one
 * @param regressions every cache whose share fell
 */
public record Expected(
    Map<Source, Long> records,
    Map<Source, Long> facts,
    SortedMap<String, FindingStatus> findings,
    List<Recurrence> recurrences,
    List<Regression> regressions) {

  /** How many failures of one cause, within which time, make it recurring: the default policy's. */
  public static final int RECURRING_FAILURES = 3;

  /** See {@link #RECURRING_FAILURES}. */
  public static final Duration RECURRING_WITHIN = Duration.ofDays(7);

  /** Takes copies. */
  public Expected {
    records = Map.copyOf(records);
    facts = Map.copyOf(facts);
    findings = Collections.unmodifiableSortedMap(new TreeMap<>(findings));
    recurrences = List.copyOf(recurrences);
    regressions = List.copyOf(regressions);
  }

  /**
   * One cause that became recurring in one workspace. It stops being so when its failures age out,
   * a week after the last of them.
   *
   * @param workspace the workspace's id
   * @param cause the generator's name of the cause; causes of two names have two root cause keys
   * @param first identity of the earliest of the failures that made it recurring
   * @param completedBy identity of the failure that made it recurring
   * @param failures how many failures there were until it stopped or the telemetry ended
   */
  public record Recurrence(
      String workspace, String cause, String first, String completedBy, int failures) {
    /** {@code RECURRING_ROOT_CAUSE <workspace> <cause> <first>}. */
    public String identity() {
      return "RECURRING_ROOT_CAUSE " + workspace + ' ' + cause + ' ' + first;
    }
  }

  /**
   * One cache whose share of cached tokens fell and stayed low.
   *
   * @param scope {@code <service>/<model>}
   * @param onset the hour from which on it was low
   * @param suspect id of the change that did it
   */
  public record Regression(String scope, Instant onset, String suspect) {
    /** {@code CACHE_REGRESSION <service>/<model>}. */
    public String identity() {
      return "CACHE_REGRESSION " + scope;
    }
  }

  /** The natural identity of a failed run: {@code RUN_FAILED <workspace>/<job> <run>}. */
  public static String runFailed(String workspace, String jobId, String runId) {
    return "RUN_FAILED " + workspace + '/' + jobId + ' ' + runId;
  }

  /**
   * The natural identity of a skipped window: {@code SKIPPED_WINDOW <rule> <begin>}.
   *
   * @param ruleId the rule's resource id, lower-cased
   * @param windowStart begin of the window, epoch milliseconds
   */
  public static String skippedWindow(String ruleId, long windowStart) {
    return "SKIPPED_WINDOW " + ruleId + ' ' + Instant.ofEpochMilli(windowStart);
  }

  /** All distinct facts. */
  public long totalFacts() {
    return facts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The identities of the findings with this status. */
  public List<String> findings(FindingStatus status) {
    return findings.entrySet().stream()
        .filter(finding -> finding.getValue() == status)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Adds up what the scripts say. */
  static final class Builder {
    private final Map<Source, Long> records = new EnumMap<>(Source.class);
    private final Map<Source, Long> facts = new EnumMap<>(Source.class);
    private final SortedMap<String, FindingStatus> findings = new TreeMap<>();
    private final SortedMap<Cause, List<Failure>> failures = new TreeMap<>();
    private final List<Regression> regressions = new ArrayList<>();

    void record(Source source, int itsFacts) {
      records.merge(source, 1L, Long::sum);
      facts.merge(source, (long) itsFacts, Long::sum);
    }

    /** A failure at {@code at}; {@code mended} if a later success clears it. */
    void failure(String identity, long at, boolean mended, String workspace, String cause) {
      findings.put(identity, mended ? FindingStatus.CLEARED : FindingStatus.RAISED);
      failures
          .computeIfAbsent(new Cause(workspace, cause), any -> new ArrayList<>())
          .add(new Failure(at, identity));
    }

    void regression(Regression regression) {
      regressions.add(regression);
    }

    Expected build() {
      List<Recurrence> recurrences = new ArrayList<>();
      failures.forEach(
          (cause, itsFailures) -> {
            itsFailures.sort(
                Comparator.comparingLong(Failure::at).thenComparing(Failure::identity));
            recurrences.addAll(recurrences(cause, itsFailures));
          });
      return new Expected(records, facts, findings, recurrences, regressions);
    }

    /**
     * Cuts the failures of one cause where fewer than {@link #RECURRING_FAILURES} lie within {@link
     * #RECURRING_WITHIN}.
     */
    private static List<Recurrence> recurrences(Cause cause, List<Failure> sorted) {
      List<Recurrence> found = new ArrayList<>();
      long within = RECURRING_WITHIN.toMillis();
      int least = RECURRING_FAILURES - 1;
      int i = least;
      while (i < sorted.size()) {
        if (sorted.get(i).at() - sorted.get(i - least).at() >= within) {
          i++;
          continue;
        }
        int first = i - least;
        int completedBy = i;
        while (i + 1 < sorted.size()
            && sorted.get(i + 1).at() - sorted.get(i - least).at() < within) {
          i++;
        }
        found.add(
            new Recurrence(
                cause.workspace(),
                cause.name(),
                sorted.get(first).identity(),
                sorted.get(completedBy).identity(),
                i - first + 1));
        i++;
      }
      return found;
    }

    private record Cause(String workspace, String name) implements Comparable<Cause> {
      @Override
      public int compareTo(Cause other) {
        int byWorkspace = workspace.compareTo(other.workspace);
        return byWorkspace != 0 ? byWorkspace : name.compareTo(other.name);
      }
    }

    private record Failure(long at, String identity) {}
  }
}
