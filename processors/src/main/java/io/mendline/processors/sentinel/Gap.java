package io.mendline.processors.sentinel;

import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring windows of one rule that were skipped, some of which may have been filled since. All
 * in seconds.
 *
 * @param start start of the first window, seconds since 1970
 * @param end end of the last window, seconds since 1970
 * @param windows how many windows
 * @param filled how many of them a run has looked at since
 * @param uncoveredSeconds how much of the time from start to end no run has looked at, be it by the
 *     look-back of another window's run
 */
public record Gap(long start, long end, int windows, int filled, long uncoveredSeconds) {
  /** Whether a window of it was never run. */
  public boolean open() {
    return filled < windows;
  }

  /** The gaps of a rule, oldest first. */
  public static List<Gap> of(List<Stretch> timeline) {
    Spans seen = new Spans();
    timeline.forEach(stretch -> stretch.addSeenTo(seen));
    List<Gap> gaps = new ArrayList<>();
    List<Stretch> together = new ArrayList<>();
    for (Stretch stretch : timeline) {
      boolean skipped =
          stretch.status() == WindowStatus.SKIPPED || stretch.status() == WindowStatus.FILLED;
      boolean goesOn =
          skipped && !together.isEmpty() && stretch.follows(together.get(together.size() - 1));
      if (!goesOn && !together.isEmpty()) {
        gaps.add(of(together, seen));
        together.clear();
      }
      if (skipped) {
        together.add(stretch);
      }
    }
    if (!together.isEmpty()) {
      gaps.add(of(together, seen));
    }
    return gaps;
  }

  private static Gap of(List<Stretch> together, Spans seen) {
    int windows = 0;
    int filled = 0;
    Spans time = new Spans();
    for (Stretch stretch : together) {
      windows += stretch.count();
      filled += stretch.status().ran() ? stretch.count() : 0;
      stretch.addTimeTo(time);
    }
    return new Gap(
        together.get(0).start(),
        together.get(together.size() - 1).end(),
        windows,
        filled,
        time.length() - time.lengthWithin(seen));
  }
}
