package io.mendline.cli.bench;

import java.util.Arrays;
import java.util.List;

/** Medians and percentiles of what was measured, exact. */
final class Quantiles {
  private final double[] sorted;

  private Quantiles(double[] sorted) {
    this.sorted = sorted;
  }

  /**
   * Of these values.
   *
   * @throws IllegalArgumentException when there are none
   */
  static Quantiles of(List<? extends Number> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Quantiles(sorted);
  }

  /** The middle value, or the mean of the two in the middle. */
  double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * The least value that at least this share of the values does not exceed.
   *
   * @param share above 0, at most 1
   */
  double at(double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
