package io.mendline.topology;

/**
 * The value that somebody gave a setting.
 *
 * @param text trimmed, references resolved
 * @param origin where it was said, for people, as {@code in mendline.properties}; empty when
 *     nowhere in particular
 * @param secret whether it came from a secret's file or variable and must not be printed
 */
record Given(String text, String origin, boolean secret) {
  static Given of(String text) {
    return new Given(text.trim(), "", false);
  }

  /** The value as it may be printed. */
  String printed() {
    return secret ? "***" : text.replaceAll("\\p{Cntrl}+", " ");
  }

  /** A problem with where the value was said. */
  String located(String problem) {
    return origin.isEmpty() ? problem : problem + " [" + origin + "]";
  }
}
