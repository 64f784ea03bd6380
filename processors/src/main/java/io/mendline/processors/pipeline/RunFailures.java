package io.mendline.processors.pipeline;

import io.mendline.serdes.telemetry.RunState;
import java.util.Locale;
import java.util.Set;

/**
 * Which states of a run or task are failures.
 *
 * <p>An end in failure or by time limit is one, unless the termination code says that nothing went
 * wrong. What did not run is none. A cancelled run is one only where the platform ended it: by a
 * code that is not a person's wish, or by a type that blames the platform. Codes are compared
 * without regard to case; one that is not known here is taken for a fault, as all but the few
 * listed are.
 *
 * <p>Source: {@code termination_details} of the Jobs API, whose {@code CANCELED} is "cancelled
 * during execution by the platform" and whose {@code USER_CANCELED} is a person's.
 */
public final class RunFailures {
  private static final Set<String> NO_FAULT =
      Set.of(
          "SUCCESS",
          "SUCCESS_WITH_FAILURES",
          "SKIPPED",
          "DISABLED",
          "USER_CANCELED",
          "USER_CANCELLED",
          "MAX_CONCURRENT_RUNS_EXCEEDED",
          "MAX_JOB_QUEUE_SIZE_EXCEEDED");

  private static final Set<String> PLATFORM_TYPES = Set.of("INTERNAL_ERROR", "CLOUD_FAILURE");

  private RunFailures() {}

  /** Whether this state is a failure of what it speaks of. */
  public static boolean isFailure(RunState state) {
    return switch (state.outcome()) {
      case FAILED, TIMED_OUT -> !within(state.terminationCode(), NO_FAULT);
      case CANCELLED -> isPlatformsCancellation(state);
      case RUNNING, SUCCESS, SKIPPED, OTHER -> false;
    };
  }

  private static boolean isPlatformsCancellation(RunState state) {
    return state.terminationCode() == null
        ? within(state.terminationType(), PLATFORM_TYPES)
        : !within(state.terminationCode(), NO_FAULT);
  }

  private static boolean within(String text, Set<String> words) {
    return text != null && words.contains(text.toUpperCase(Locale.ROOT));
  }
}
