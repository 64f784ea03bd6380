package io.mendline.processors.runs;

import io.mendline.serdes.telemetry.RunState;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * By which words a run is told of that the platform did not start.
 *
 * <p>Source: the enumerations of the Jobs API ({@code life_cycle_state}, {@code result_state},
 * {@code termination_details.code}), the system tables' and the audit log's own spellings; case and
 * punctuation do not count.
 */
final class SkipWords {
  /** The job may not run more often at a time. */
  static final String CONCURRENT_RUNS = "MAX_CONCURRENT_RUNS";

  /** No more runs may wait in the job's queue. */
  static final String QUEUE_SIZE = "MAX_JOB_QUEUE_SIZE";

  private static final Map<String, String> LIMITS =
      Map.of(
          "MAXIMUMCONCURRENTRUNSREACHED", CONCURRENT_RUNS,
          "MAXCONCURRENTRUNSREACHED", CONCURRENT_RUNS,
          "MAXCONCURRENTRUNSEXCEEDED", CONCURRENT_RUNS,
          "MAXJOBQUEUESIZEEXCEEDED", QUEUE_SIZE);

  /** Somebody wants it so, or it is about a task. */
  private static final Set<String> BY_INTENT =
      Set.of("DISABLED", "EXCLUDED", "UPSTREAMFAILED", "UPSTREAMCANCELED", "UPSTREAMCANCELLED");

  /** What starts a run that no schedule has asked for; where nothing is said, one has. */
  private static final Set<String> BY_HAND = Set.of("ONETIME", "RETRY", "RUNJOBTASK", "MANUAL");

  private SkipWords() {}

  /** Whether this is a run as a whole that the platform did not start. */
  static boolean isSkipped(RunState state) {
    if (state.level() != RunState.Level.JOB
        || state.outcome() == RunState.Outcome.RUNNING
        || state.outcome() == RunState.Outcome.SUCCESS) {
      return false;
    }
    String life = bare(state.lifeCycle());
    String result = bare(state.result());
    String code = bare(state.terminationCode());
    return !BY_INTENT.contains(result)
        && !BY_INTENT.contains(code)
        && (life.equals("SKIPPED")
            || result.equals("SKIPPED")
            || code.equals("SKIPPED")
            || LIMITS.containsKey(result)
            || LIMITS.containsKey(code));
  }

  /** The limit that a state names, or null. */
  static String limit(RunState state) {
    String named = LIMITS.get(bare(state.terminationCode()));
    return named == null ? LIMITS.get(bare(state.result())) : named;
  }

  /** Whether a schedule, or what else starts runs by itself, has asked for a run. */
  static boolean isScheduled(RunState state) {
    return !BY_HAND.contains(bare(state.trigger()));
  }

  /** A word in capitals, without what is neither letter nor digit; empty for null. */
  static String bare(String word) {
    if (word == null) {
      return "";
    }
    StringBuilder bare = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      char letter = word.charAt(i);
      if (letter < 128 && Character.isLetterOrDigit(letter)) {
        bare.append(letter);
      }
    }
    return bare.toString().toUpperCase(Locale.ROOT);
  }
}
