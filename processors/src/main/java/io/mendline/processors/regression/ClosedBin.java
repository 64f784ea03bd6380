package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import java.util.Comparator;

/**
 * What came of one bin of event time that takes no more.
 *
 * @param <C> its own type
 */
interface ClosedBin<C extends ClosedBin<C>> {
  /** By end; bins of different lengths that end together by length. */
  Comparator<ClosedBin<?>> BY_END =
      Comparator.<ClosedBin<?>>comparingLong(ClosedBin::end).thenComparingLong(ClosedBin::length);

  /** The first instant, epoch milliseconds. */
  long start();

  /** Milliseconds. */
  long length();

  /** The first instant after it. */
  default long end() {
    return start() + length();
  }

  /** How many distinct messages it took; of many it may be less. */
  long messages();

  /** Where the earliest of what it took was read; null where that is no longer known. */
  Coordinates first();

  /** The same, without where that was. */
  C withoutFirst();
}
