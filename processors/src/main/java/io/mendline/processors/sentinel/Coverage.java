package io.mendline.processors.sentinel;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How much of what rules were expected to look at they did look at, over the last seven days.
 *
 * @param rules how many rules
 * @param expected windows that were expected to run by now, without those that are unknown
 * @param run windows of those that a run looked at, in time or later
 * @param filled windows of those that ran after they had been skipped or absent
 * @param skipped windows of the expected that were given up, or that no record speaks of
 * @param failed windows of the expected whose runs failed and that were not given up
 * @param unknown windows beside them of which it is not known whether they ran: where only failures
 *     are logged, or nothing was heard, that is no proof that a rule stood still
 * @param pending windows that are too young to be expected by now
 * @param seconds the time of the expected windows, for each rule by itself
 * @param secondsSeen how much of it a run has looked at, also by its look-back
 * @param gapsOpen gaps with a window that was never run
 */
public record Coverage(
    int rules,
    long expected,
    long run,
    long filled,
    long skipped,
    long failed,
    long unknown,
    long pending,
    long seconds,
    long secondsSeen,
    int gapsOpen) {
  /** Of no rule. */
  public static final Coverage NONE = new Coverage(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Of one rule. */
  public static Coverage of(List<Stretch> timeline) {
    Map<WindowStatus, Long> windows = new EnumMap<>(WindowStatus.class);
    Spans time = new Spans();
    Spans seen = new Spans();
    for (WindowStatus status : WindowStatus.values()) {
      windows.put(status, 0L);
    }
    for (Stretch stretch : timeline) {
      windows.merge(stretch.status(), (long) stretch.count(), Long::sum);
      if (stretch.status() != WindowStatus.PENDING && stretch.status() != WindowStatus.UNKNOWN) {
        stretch.addTimeTo(time);
      }
      stretch.addSeenTo(seen);
    }
    long filled = windows.get(WindowStatus.FILLED);
    long run = windows.get(WindowStatus.OK) + windows.get(WindowStatus.PARTIAL) + filled;
    long skipped = windows.get(WindowStatus.SKIPPED);
    long failed = windows.get(WindowStatus.FAILED);
    long unknown = windows.get(WindowStatus.UNKNOWN);
    return new Coverage(
        1,
        run + skipped + failed,
        run,
        filled,
        skipped,
        failed,
        unknown,
        windows.get(WindowStatus.PENDING),
        time.length(),
        time.lengthWithin(seen),
        (int) Gap.of(timeline).stream().filter(Gap::open).count());
  }

  /** Of the rules of both. */
  public Coverage plus(Coverage other) {
    return new Coverage(
        rules + other.rules,
        expected + other.expected,
        run + other.run,
        filled + other.filled,
        skipped + other.skipped,
        failed + other.failed,
        unknown + other.unknown,
        pending + other.pending,
        seconds + other.seconds,
        secondsSeen + other.secondsSeen,
        gapsOpen + other.gapsOpen);
  }

  /** The share of the expected windows that ran, 0 to 1; empty where none was expected. */
  public OptionalDouble share() {
    return expected == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) run / expected);
  }

  /** The share of their time that a run has looked at, 0 to 1; empty where there is none. */
  public OptionalDouble shareSeen() {
    return seconds == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) secondsSeen / seconds);
  }
}
