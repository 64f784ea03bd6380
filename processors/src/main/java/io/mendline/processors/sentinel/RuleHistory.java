package io.mendline.processors.sentinel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The state of one rule's history: the windows of the last seven days that records speak of.
 *
 * <p>A window is known by its end, to the second, which every record of it agrees on. What is known
 * of it are marks that are only ever added, so that order and repetition do not matter. Windows at
 * one distance with the same marks are kept as one {@link Segment}. Of an NRT rule, whose windows
 * have no common length but abut, stretches of time are kept instead.
 *
 * <p>All instants are seconds since 1970 but {@link #newest}.
 */
public final class RuleHistory {
  /** A run ended in success. */
  static final int SUCCEEDED = 1;

  /** A run ended as a partial success. */
  static final int PARTLY = 1 << 1;

  /** A run that looked at the data was logged in time. */
  static final int ON_TIME = 1 << 2;

  /** It was given up: one record says so, or there were six attempts. */
  static final int GIVEN_UP = 1 << 3;

  /** It was not run as the rule is disabled. */
  static final int DISABLED = 1 << 4;

  /** How long windows are kept, seconds: what is asked for, and an hour's grace at the edge. */
  static final long KEPT = (7 * 24 + 1) * 3_600L;

  /** At most so many segments are kept: a rule of every five minutes has 2,016 windows. */
  static final int MAX_SEGMENTS = 2_048;

  /** At most so many windows are kept that failed and were not given up. */
  static final int MAX_TRIED = 512;

  /** At most so many stretches of one kind are kept of an NRT rule. */
  static final int MAX_SPANS = 1_024;

  /** At most so many instants are kept at which the rule was switched off. */
  static final int MAX_OFF = 64;

  /** Runs of an NRT rule that are no further apart than this abut, seconds. */
  static final long SLACK = 30;

  /**
   * Windows at one distance of which the same is known.
   *
   * @param first end of the first
   * @param step how far apart they are, which is the rule's frequency; 0 where it is not known, and
   *     then there is one window
   * @param count how many there are
   * @param look how far back from its end a run looks; 0 where that is not known
   * @param marks what is known of each of them
   */
  record Segment(long first, long step, int count, long look, int marks) {
    long last() {
      return first + (count - 1) * step;
    }

    /** The place of the window with this end, or -1. */
    int placeOf(long end) {
      if (end < first || end > last() || (count > 1 && (end - first) % step != 0)) {
        return -1;
      }
      return count == 1 ? 0 : (int) ((end - first) / step);
    }

    boolean isAlike(Segment other) {
      return step == other.step && look == other.look && marks == other.marks;
    }

    boolean isContinuedBy(Segment next) {
      return isAlike(next) && step > 0 && next.first - last() == step;
    }

    Segment from(int place) {
      return new Segment(first + place * step, step, count - place, look, marks);
    }

    Segment upTo(int place) {
      return new Segment(first, step, place, look, marks);
    }
  }

  /** What records speak of, by end; no two overlap. */
  final List<Segment> segments = new ArrayList<>();

  /** Windows that failed less than six times, by end: what tells the failures apart. */
  final NavigableMap<Long, int[]> tried = new TreeMap<>();

  /** When the rule was switched off or deleted, as the audit tells. */
  final NavigableSet<Long> off = new TreeSet<>();

  /** What a run of an NRT rule looked at. */
  final Spans seen;

  /** What a run of an NRT rule looked at that ended in success. */
  final Spans clean;

  /** When runs of an NRT rule failed. */
  final Spans failed;

  /** When an NRT rule was not run as it is disabled. */
  final Spans disabled;

  /** Event time of the newest health record of the rule, epoch milliseconds; -1 for none. */
  long newest = -1;

  /** The name that the newest named record gives; nullable. */
  String name;

  /** Event time of that record, epoch milliseconds; -1 for none. */
  long namedAt = -1;

  /** How many segments, windows and stretches were dropped because a bound was reached. */
  long dropped;

  RuleHistory() {
    this(new Spans(), new Spans(), new Spans(), new Spans());
  }

  RuleHistory(Spans seen, Spans clean, Spans failed, Spans disabled) {
    this.seen = seen;
    this.clean = clean;
    this.failed = failed;
    this.disabled = disabled;
  }

  /** Event time of the newest health record of the rule, epoch milliseconds; -1 for none. */
  public long newest() {
    return newest;
  }

  /** Whether the windows of an NRT rule are told. */
  boolean nrt() {
    return segments.isEmpty() && !(seen.isEmpty() && failed.isEmpty());
  }

  /** A record of the rule, whatever it says. */
  void hear(long time, String nameOrNull) {
    newest = Math.max(newest, time);
    boolean newer =
        nameOrNull != null
            && (time > namedAt || (time == namedAt && nameOrNull.compareTo(name) > 0));
    if (newer) {
      name = nameOrNull;
      namedAt = time;
    }
  }

  /** The rule was switched off. */
  void switchOff(long at) {
    off.add(at);
    if (off.size() > MAX_OFF) {
      off.pollFirst();
      dropped++;
    }
  }

  /**
   * An attempt at a window failed; the sixth gives it up.
   *
   * @param id tells attempts apart
   */
  void attempt(long end, long step, long look, int id) {
    if (isTooOld(end)) {
      return;
    }
    mark(end, step, look, 0);
    if ((marksOf(end) & GIVEN_UP) != 0) {
      return;
    }
    int[] known = tried.getOrDefault(end, new int[0]);
    int at = Arrays.binarySearch(known, id);
    if (at >= 0) {
      return;
    }
    if (known.length + 1 == TroubledWindow.ATTEMPTS) {
      mark(end, step, look, GIVEN_UP);
      return;
    }
    int[] more = Arrays.copyOf(known, known.length + 1);
    more[known.length] = id;
    Arrays.sort(more);
    tried.put(end, more);
    if (tried.size() > MAX_TRIED) {
      tried.pollFirstEntry();
      dropped++;
    }
  }

  /** Adds marks to a window, and what its record says of its rule. */
  void mark(long end, long step, long look, int marks) {
    if (isTooOld(end)) {
      return;
    }
    if ((marks & GIVEN_UP) != 0) {
      tried.remove(end);
    }
    int at = segmentAt(end);
    Segment one = new Segment(end, step, 1, look, marks);
    if (at < 0 || end > segments.get(at).last()) {
      replace(at + 1, at + 1, List.of(one));
    } else {
      Segment around = segments.get(at);
      int place = around.placeOf(end);
      Segment merged =
          place < 0
              ? one
              : new Segment(
                  end,
                  Math.max(step, around.step),
                  1,
                  Math.max(look, around.look),
                  marks | around.marks);
      if (place >= 0 && merged.isAlike(around)) {
        return;
      }
      int before = place >= 0 ? place : (int) ((end - around.first) / around.step) + 1;
      int after = place >= 0 ? place + 1 : before;
      List<Segment> pieces = new ArrayList<>(3);
      if (before > 0) {
        pieces.add(around.upTo(before));
      }
      pieces.add(merged);
      if (after < around.count) {
        pieces.add(around.from(after));
      }
      replace(at, at + 1, pieces);
    }
    keepBounds();
  }

  /** Whether a window ended so long before the newest that it is not kept. */
  private boolean isTooOld(long end) {
    return !segments.isEmpty() && end <= segments.get(segments.size() - 1).last() - KEPT;
  }

  private int marksOf(long end) {
    int at = segmentAt(end);
    return at < 0 || segments.get(at).placeOf(end) < 0 ? 0 : segments.get(at).marks;
  }

  /** The last segment that begins by an instant, or -1. */
  private int segmentAt(long end) {
    int low = 0;
    int high = segments.size() - 1;
    if (high >= 0 && segments.get(high).first <= end) {
      return high;
    }
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).first <= end) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private void replace(int from, int to, List<Segment> pieces) {
    segments.subList(from, to).clear();
    segments.addAll(from, pieces);
    int i = Math.max(0, from - 1);
    int end = from + pieces.size();
    while (i < end && i + 1 < segments.size()) {
      Segment here = segments.get(i);
      Segment next = segments.get(i + 1);
      if (here.isContinuedBy(next)) {
        segments.set(
            i, new Segment(here.first, here.step, here.count + next.count, here.look, here.marks));
        segments.remove(i + 1);
        end--;
      } else {
        i++;
      }
    }
  }

  private void keepBounds() {
    long oldest = segments.get(segments.size() - 1).last() - KEPT;
    while (segments.get(0).first <= oldest) {
      Segment first = segments.remove(0);
      if (first.last() > oldest) {
        segments.add(0, first.from((int) ((oldest - first.first) / first.step) + 1));
      }
    }
    while (segments.size() > MAX_SEGMENTS) {
      segments.remove(0);
      dropped++;
    }
    long kept = segments.get(0).first;
    while (!tried.isEmpty() && tried.firstKey() < kept) {
      tried.pollFirstEntry();
    }
    forgetSwitches(oldest);
  }

  /** A run of an NRT rule. */
  void ran(long from, long to, boolean success) {
    seen.add(from, to, SLACK);
    if (success) {
      clean.add(from, to, SLACK);
    }
    keepSpans();
  }

  /** A run of an NRT rule failed, or was none as the rule is disabled. */
  void didNotRun(long from, long to, boolean disabledThen) {
    (disabledThen ? disabled : failed).add(from, to, SLACK);
    keepSpans();
  }

  private void keepSpans() {
    long oldest = Math.max(Math.max(seen.end(), failed.end()), disabled.end()) - KEPT;
    for (Spans spans : List.of(seen, clean, failed, disabled)) {
      spans.removeBefore(oldest);
      dropped += spans.limit(MAX_SPANS);
    }
    forgetSwitches(oldest);
  }

  /** What was before the first window that is kept says nothing of those after it. */
  private void forgetSwitches(long oldest) {
    off.headSet(oldest).clear();
  }
}
