package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;

/**
 * What was counted in one closed bin of event time.
 *
 * @param start first instant, epoch milliseconds
 * @param length milliseconds; bins of one series may differ where the policy changed
 * @param records how many distinct records tell of it, counted up to 120
 * @param calls calls that could be cached
 * @param promptTokens prompt tokens of those calls
 * @param cachedTokens how many of these were read from the cache
 * @param uncacheableCalls calls below the least prompt that the provider caches
 * @param sampled whether the numbers are estimates from a sample, see {@link UsageBin}
 * @param first where the earliest of the records was read; null where that is no longer known
 */
public record Bin(
    long start,
    long length,
    long records,
    long calls,
    long promptTokens,
    long cachedTokens,
    long uncacheableCalls,
    boolean sampled,
    Coordinates first)
    implements ClosedBin<Bin> {

  @Override
  public Bin withoutFirst() {
    return new Bin(
        start, length, records, calls, promptTokens, cachedTokens, uncacheableCalls, sampled, null);
  }

  @Override
  public long messages() {
    return records;
  }

  /** As one of a series. */
  Point point() {
    return new Point(start, length, ratio(), promptTokens);
  }

  /** The share of prompt tokens read from the cache; NaN where no call could be cached. */
  public double ratio() {
    return (double) cachedTokens / promptTokens;
  }
}
