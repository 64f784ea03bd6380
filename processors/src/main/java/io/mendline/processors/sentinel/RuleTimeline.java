package io.mendline.processors.sentinel;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.sentinel.RuleCadence.Absent;
import io.mendline.processors.sentinel.RuleHistory.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Says of each window that a rule was expected to run over in the seven days before an instant what
 * became of it, those that no record speaks of included.
 *
 * <p>Windows are expected from the first that a record speaks of, one frequency apart; between two
 * frequencies the longer counts. None is expected of a rule that was switched off or told to be
 * disabled, until it runs again. A window that no record speaks of is skipped only where {@link
 * AbsentWindowDetector} has found it absent; else it is unknown, and pending while it is younger
 * than that detector's allowance.
 */
final class RuleTimeline {
  /** How far back is looked, seconds. */
  static final long HORIZON = 7 * 86_400L;

  /** How long Sentinel folds the failed runs of an NRT rule into the next one, seconds. */
  static final long FOLDED = 3_600;

  /** That of the built-in policy: here it only tells a young window from one that is unknown. */
  private static final long ALLOWANCE = Policies.builtIn().sentinel().allowance().toSeconds();

  private final RuleHistory history;
  private final List<Absent> absent;
  private final long asOf;
  private final List<Stretch> timeline = new ArrayList<>();

  private RuleTimeline(RuleHistory history, RuleCadence cadence, long asOf) {
    this.history = history;
    this.absent =
        cadence == null
            ? List.of()
            : cadence.absent.stream()
                .filter(window -> window.clearedAt == RuleCadence.NEVER)
                .toList();
    this.asOf = asOf;
  }

  /**
   * The timeline of a rule, oldest first.
   *
   * @param cadence what is known of its absent windows; nullable
   * @param asOf seconds since 1970
   */
  static List<Stretch> of(RuleHistory history, RuleCadence cadence, long asOf) {
    RuleTimeline timeline = new RuleTimeline(history, cadence, asOf);
    if (history.nrt()) {
      timeline.nearRealTime();
    } else {
      timeline.scheduled();
    }
    return timeline.timeline;
  }

  private void scheduled() {
    long horizon = asOf - HORIZON;
    Segment before = null;
    for (Segment segment : history.segments) {
      if (segment.last() > horizon) {
        Segment within =
            segment.first() > horizon
                ? segment
                : segment.from((int) ((horizon - segment.first()) / segment.step()) + 1);
        Segment known = withStep(within, before);
        if (before != null) {
          long step = Math.max(before.step(), known.step());
          between(before, step, step == 0 ? 0 : holes(before.last(), known.first(), step));
        }
        add(known);
        before = known;
      }
    }
    if (before != null && before.step() > 0) {
      between(before, before.step(), (asOf - before.last()) / before.step());
    }
  }

  /** A window whose record does not tell the rule's frequency, with the one before it. */
  private static Segment withStep(Segment segment, Segment before) {
    return segment.step() > 0 || before == null
        ? segment
        : new Segment(
            segment.first(),
            before.step(),
            1,
            Math.max(segment.look(), before.step()),
            segment.marks());
  }

  /** How many windows are missing between two, where a window may be off by half its length. */
  private static long holes(long before, long next, long step) {
    return (2 * (next - before) + step) / (2 * step) - 1;
  }

  private void between(Segment before, long step, long count) {
    boolean off = (before.marks() & RuleHistory.DISABLED) != 0 && !ran(before.marks());
    for (int i = 1; i <= count && !off; i++) {
      long end = before.last() + i * step;
      Long switched = history.off.higher(before.last());
      off = switched != null && switched < end;
      if (!off) {
        add(end, step, before.look(), missing(end, step), false, 1);
      }
    }
  }

  private WindowStatus missing(long end, long step) {
    for (Absent window : absent) {
      if (Math.abs(window.end / 1_000 - end) * 2 < step) {
        return WindowStatus.SKIPPED;
      }
    }
    return end + ALLOWANCE > asOf ? WindowStatus.PENDING : WindowStatus.UNKNOWN;
  }

  private void add(Segment segment) {
    int marks = segment.marks();
    if (ran(marks) || (marks & RuleHistory.GIVEN_UP) != 0) {
      addAll(segment, segment.count(), status(marks));
    } else if ((marks & RuleHistory.DISABLED) == 0) {
      int young = 0;
      while (young < segment.count()
          && segment.last() - young * segment.step() + ALLOWANCE > asOf) {
        young++;
      }
      addAll(segment, segment.count() - young, WindowStatus.FAILED);
      if (young > 0) {
        addAll(segment.from(segment.count() - young), young, WindowStatus.PENDING);
      }
    }
  }

  private void addAll(Segment segment, int count, WindowStatus status) {
    if (count > 0) {
      add(segment.first(), segment.step(), segment.look(), status, true, count);
    }
  }

  private static boolean ran(int marks) {
    return (marks & (RuleHistory.SUCCEEDED | RuleHistory.PARTLY)) != 0;
  }

  private static WindowStatus status(int marks) {
    boolean skipped = (marks & RuleHistory.GIVEN_UP) != 0;
    if (!ran(marks)) {
      return WindowStatus.SKIPPED;
    }
    if (skipped || (marks & RuleHistory.ON_TIME) == 0) {
      return WindowStatus.FILLED;
    }
    return (marks & RuleHistory.SUCCEEDED) != 0 ? WindowStatus.OK : WindowStatus.PARTIAL;
  }

  private void add(
      long firstEnd, long step, long look, WindowStatus status, boolean logged, int count) {
    Stretch next = new Stretch(firstEnd, step, count, look, status, logged);
    int last = timeline.size() - 1;
    if (last >= 0 && next.continues(timeline.get(last))) {
      timeline.set(last, timeline.get(last).longerBy(count));
    } else {
      timeline.add(next);
    }
  }

  /** Windows of an NRT rule have no common length: its time is told by the minute. */
  private void nearRealTime() {
    long from = Math.max(asOf - HORIZON, Math.min(history.seen.start(), history.failed.start()));
    TreeSet<Long> bounds = new TreeSet<>();
    bounds.add(from);
    bounds.add(asOf);
    bounds.add(asOf - FOLDED);
    for (Spans spans : List.of(history.seen, history.clean, history.failed, history.disabled)) {
      for (Spans.Span span : spans.list()) {
        bounds.add(span.from());
        bounds.add(span.to());
      }
    }
    long begin = from;
    WindowStatus status = null;
    boolean logged = false;
    for (long bound : bounds.subSet(from, true, Math.max(from, asOf), true)) {
      WindowStatus here = bound == asOf ? null : statusAt(bound);
      boolean loggedHere = here != null && isLogged(bound);
      if (here != status || loggedHere != logged) {
        minutes(begin, bound, status, logged);
        begin = bound;
        status = here;
        logged = loggedHere;
      }
    }
  }

  private void minutes(long from, long to, WindowStatus status, boolean logged) {
    long step = RuleHistoryDetector.NRT_SECONDS;
    int count = (int) ((to - from + step / 2) / step);
    if (status != null && count > 0) {
      add(from + step, step, step, status, logged, count);
    }
  }

  private boolean isLogged(long instant) {
    return history.seen.covers(instant) || history.failed.covers(instant);
  }

  /** What became of an instant; null where the rule was off. */
  private WindowStatus statusAt(long instant) {
    if (history.clean.covers(instant)) {
      return WindowStatus.OK;
    }
    if (history.seen.covers(instant)) {
      return WindowStatus.PARTIAL;
    }
    if (history.disabled.covers(instant) || isOff(instant)) {
      return null;
    }
    if (instant >= asOf - FOLDED) {
      return WindowStatus.PENDING;
    }
    return history.failed.covers(instant) ? WindowStatus.SKIPPED : WindowStatus.UNKNOWN;
  }

  /** Whether an NRT rule was switched off and has not run since. */
  private boolean isOff(long instant) {
    Long switched = history.off.floor(instant);
    if (switched == null) {
      return false;
    }
    for (Spans.Span span : history.seen.list()) {
      if (span.to() > switched + 2 * RuleHistoryDetector.NRT_SECONDS && span.to() <= instant) {
        return false;
      }
    }
    return true;
  }
}
