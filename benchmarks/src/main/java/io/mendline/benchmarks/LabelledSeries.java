package io.mendline.benchmarks;

import java.util.List;

/**
 * A series that somebody else measured, and when it became worse.
 *
 * @param name names it in a report
 * @param samples what was measured, in order of time; at least two
 * @param labels when it became worse, in order of time
 */
record LabelledSeries(String name, List<Sample> samples, List<Span> labels) {
  LabelledSeries {
    samples = List.copyOf(samples);
    labels = List.copyOf(labels);
  }

  /**
   * One value.
   *
   * @param at when, epoch milliseconds
   * @param value finite
   */
  record Sample(long at, double value) {}

  /**
   * When a series became worse: an instant, or a window in which it did.
   *
   * @param from epoch milliseconds
   * @param to epoch milliseconds, at or after {@code from}; the same of an instant
   */
  record Span(long from, long to) {
    boolean isInstant() {
      return from == to;
    }
  }
}
