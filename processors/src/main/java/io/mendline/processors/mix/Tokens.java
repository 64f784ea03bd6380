package io.mendline.processors.mix;

import java.util.Collection;

/**
 * Prompt tokens of calls that could be cached.
 *
 * @param prompt all of them
 * @param cached how many of these were read from the cache
 */
record Tokens(long prompt, long cached) {
  static final Tokens NONE = new Tokens(0, 0);

  Tokens plus(Tokens other) {
    return new Tokens(prompt + other.prompt, cached + other.cached);
  }

  static Tokens sum(Collection<Tokens> all) {
    Tokens sum = NONE;
    for (Tokens one : all) {
      sum = sum.plus(one);
    }
    return sum;
  }

  /** The share that was read from the cache; NaN of nothing. */
  double share() {
    return (double) cached / prompt;
  }
}
