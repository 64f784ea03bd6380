package io.mendline.processors.capacity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers as findings carry them. */
final class Figures {
  private static final MathContext FOUR_DIGITS = new MathContext(4, RoundingMode.HALF_UP);

  /** So many members are listed; a finding for people needs no more. */
  private static final int MOST_LISTED = 64;

  private Figures() {}

  /** With four digits that count. */
  static String text(double value) {
    return plain(BigDecimal.valueOf(value).round(FOUR_DIGITS));
  }

  /** Shares by member, each to a thousandth, the largest first. */
  static String shares(Map<String, Double> shares) {
    String listed =
        shares.entrySet().stream()
            .sorted(
                Map.Entry.<String, Double>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST_LISTED)
            .map(share -> share.getKey() + "=" + thousandths(share.getValue()))
            .collect(Collectors.joining(", "));
    int more = shares.size() - MOST_LISTED;
    return more > 0 ? listed + ", and " + more + " more" : listed;
  }

  private static String thousandths(double value) {
    return plain(BigDecimal.valueOf(value).setScale(3, RoundingMode.HALF_UP));
  }

  private static String plain(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }
}
