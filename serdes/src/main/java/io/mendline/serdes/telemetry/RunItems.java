package io.mendline.serdes.telemetry;

import java.util.List;

/**
 * How many of the items that a run works through went well: as it reports when it exits, or how
 * many of its tasks did.
 *
 * <p>A run with {@value #ENOUGH} items or more is judged by their share: from {@value
 * #GOOD_PERCENT} % upward it is good enough to be let be, below it failed, whatever it says of
 * itself. With fewer, what it says counts.
 *
 * @param total how many items there were; 0 where it does not say
 * @param succeeded how many of them went well
 * @param failed names of those that did not, as far as they are told; at most {@value #MOST_NAMES}
 * @param saysFailed whether the run says of itself that it failed
 * @param ofTasks whether the items are the run's tasks
 */
public record RunItems(
    int total, int succeeded, List<String> failed, boolean saysFailed, boolean ofTasks) {
  /** From so many items on their share decides. */
  public static final int ENOUGH = 10;

  /** At most so many names are kept. */
  static final int MOST_NAMES = 20;

  private static final int GOOD_PERCENT = 90;

  /** What it comes to. */
  public enum Verdict {
    /** All is well. */
    GOOD,
    /** Some items failed, but few. */
    DEGRADED,
    /** Too much failed. */
    FAILED
  }

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException if more succeeded than there were
   */
  public RunItems {
    if (succeeded < 0 || succeeded > total) {
      throw new IllegalArgumentException(succeeded + " of " + total + " items");
    }
    failed = List.copyOf(failed);
  }

  /** What it comes to. */
  public Verdict verdict() {
    if (total < ENOUGH || succeeded == total) {
      return saysFailed ? Verdict.FAILED : Verdict.GOOD;
    }
    return succeeded * 100L >= (long) total * GOOD_PERCENT ? Verdict.DEGRADED : Verdict.FAILED;
  }
}
