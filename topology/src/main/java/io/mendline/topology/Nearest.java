package io.mendline.topology;

import java.util.Optional;

/** Guesses which of the known names was meant. */
final class Nearest {
  /** Names that differ in more characters are taken for different ones. */
  private static final int NEAR_ENOUGH = 5;

  private Nearest() {}

  /** The known name that differs least from this one, the first in order among equals. */
  static Optional<String> to(String name, Iterable<String> known) {
    String nearest = null;
    int least = NEAR_ENOUGH + 1;
    for (String candidate : known) {
      int distance = distance(name, candidate);
      if (distance < least
          || (distance == least && nearest != null && candidate.compareTo(nearest) < 0)) {
        least = distance;
        nearest = candidate;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
