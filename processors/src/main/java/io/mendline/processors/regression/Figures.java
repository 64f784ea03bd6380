package io.mendline.processors.regression;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How ratios are rounded and written. */
final class Figures {
  private static final double DECIMALS = 10_000;

  private static final MathContext SIX_DIGITS = new MathContext(6);

  private Figures() {}

  /** Four decimals: more would be noise, and would differ where sums are taken in another order. */
  static double round(double value) {
    return Math.round(value * DECIMALS) / DECIMALS;
  }

  /** Six significant digits, for the same reason, of values of any size. */
  static double significant(double value) {
    return value == 0 ? 0 : new BigDecimal(value).round(SIX_DIGITS).doubleValue();
  }

  /** Four decimals behind a point, wherever in the world. */
  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A number of any size in plain decimals, at most six significant digits. */
  static String number(double value) {
    return value == 0
        ? "0"
        : new BigDecimal(value).round(SIX_DIGITS).stripTrailingZeros().toPlainString();
  }

  /** A whole percentage, for people. */
  static String percent(double value) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * value);
  }
}
