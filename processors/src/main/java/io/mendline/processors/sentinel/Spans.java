package io.mendline.processors.sentinel;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of instants, as stretches of time that neither overlap nor touch; in seconds since 1970.
 */
final class Spans {
  private final List<Span> spans;

  /** None. */
  Spans() {
    this(List.of());
  }

  /**
   * From what {@link #list} gave.
   *
   * @param spans in order, neither overlapping nor touching
   */
  Spans(List<Span> spans) {
    this.spans = new ArrayList<>(spans);
  }

  /** One stretch, the end exclusive. */
  record Span(long from, long to) {
    long length() {
      return to - from;
    }
  }

  /** Adds a stretch of time. */
  void add(long from, long to) {
    add(from, to, 0);
  }

  /**
   * Adds a stretch of time, and with it what lies between it and a neighbour that is hardly apart.
   *
   * @param slack how far apart stretches may lie and count as one; the same at every call
   */
  void add(long from, long to, long slack) {
    if (to <= from) {
      return;
    }
    int end = spans.size();
    while (end > 0 && spans.get(end - 1).from() - slack > to) {
      end--;
    }
    int begin = end;
    long earliest = from;
    long latest = to;
    while (begin > 0 && spans.get(begin - 1).to() + slack >= from) {
      begin--;
      earliest = Math.min(earliest, spans.get(begin).from());
      latest = Math.max(latest, spans.get(begin).to());
    }
    Span joined = new Span(earliest, latest);
    if (end - begin == 1) {
      spans.set(begin, joined);
    } else {
      spans.subList(begin, end).clear();
      spans.add(begin, joined);
    }
  }

  /** Takes away everything before an instant. */
  void removeBefore(long instant) {
    while (!spans.isEmpty() && spans.get(0).from() < instant) {
      Span first = spans.remove(0);
      if (first.to() > instant) {
        spans.add(0, new Span(instant, first.to()));
      }
    }
  }

  /**
   * Takes the earliest away until there are no more than so many.
   *
   * @return how many were taken away
   */
  int limit(int most) {
    int over = Math.max(0, spans.size() - most);
    spans.subList(0, over).clear();
    return over;
  }

  /** The stretches, in order. */
  List<Span> list() {
    return List.copyOf(spans);
  }

  boolean isEmpty() {
    return spans.isEmpty();
  }

  /** Where the last stretch ends, or {@link Long#MIN_VALUE} where there is none. */
  long end() {
    return spans.isEmpty() ? Long.MIN_VALUE : spans.get(spans.size() - 1).to();
  }

  /** Where the first stretch begins, or {@link Long#MAX_VALUE} where there is none. */
  long start() {
    return spans.isEmpty() ? Long.MAX_VALUE : spans.get(0).from();
  }

  /** Whether an instant is in it. */
  boolean covers(long instant) {
    int low = 0;
    int high = spans.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Span span = spans.get(middle);
      if (span.to() <= instant) {
        low = middle + 1;
      } else if (span.from() > instant) {
        high = middle - 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** How many seconds it has. */
  long length() {
    return spans.stream().mapToLong(Span::length).sum();
  }

  /** How many seconds it has in common with another. */
  long lengthWithin(Spans other) {
    long common = 0;
    int here = 0;
    int there = 0;
    while (here < spans.size() && there < other.spans.size()) {
      Span mine = spans.get(here);
      Span its = other.spans.get(there);
      common += Math.max(0, Math.min(mine.to(), its.to()) - Math.max(mine.from(), its.from()));
      if (mine.to() < its.to()) {
        here++;
      } else {
        there++;
      }
    }
    return common;
  }
}
