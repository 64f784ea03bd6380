package io.mendline.processors.regression;

/**
 * What a series was at over one bin of event time.
 *
 * @param start first instant of the bin, epoch milliseconds
 * @param length of the bin, milliseconds; bins of one series may differ where the policy changed
 * @param value the mean, weighted by volume; the higher the better
 * @param weight the volume; above zero
 */
public record Point(long start, long length, double value, double weight) {
  /** The first instant after the bin. */
  public long end() {
    return start + length;
  }
}
