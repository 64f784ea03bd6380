package io.mendline.benchmarks;

import java.util.List;
import java.util.Locale;

/** Quantiles of durations, as reports print them. */
final class Quantile {
  private Quantile() {}

  /**
   * The least value that so large a share of the values does not exceed; empty where there is none.
   *
   * @param share above 0, to 1
   * @param decimals how many digits after the point
   */
  static String text(List<Double> values, double share, int decimals) {
    if (values.isEmpty()) {
      return "";
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double quantile = sorted[(int) Math.ceil(share * sorted.length) - 1];
    return String.format(Locale.ROOT, "%." + decimals + "f", quantile);
  }
}
