package io.mendline.cli.sample;

import java.util.UUID;

/**
 * Chance that remembers nothing: every draw is a hash of the seed, a question and a number, so the
 * same question about the same number has the same answer whenever and wherever it is asked.
 *
 * <p>The mixing step is SplitMix64's (Steele, Lea and Flood 2014), whose constants are public and
 * whose result is the same on every machine.
 */
final class Draws {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  Draws(long seed) {
    this.seed = mix(seed + GOLDEN);
  }

  /** The draws about one of many. */
  Draws of(String kind, long which) {
    return new Draws(seed ^ mix(text(kind) + GOLDEN * (which + 1)));
  }

  /** 64 bits. */
  long bits(Question question, long number) {
    return mix(seed ^ mix(question.salt + mix(number + GOLDEN)));
  }

  /** Evenly from 0 inclusive to 1 exclusive. */
  double fraction(Question question, long number) {
    return (bits(question, number) >>> 11) * 0x1.0p-53;
  }

  /** True for the given share of all numbers. */
  boolean chance(Question question, long number, double share) {
    return fraction(question, number) < share;
  }

  /**
   * Evenly from {@code low} inclusive to {@code high} exclusive; {@code low} if there is no room.
   */
  long between(Question question, long number, long low, long high) {
    return high <= low ? low : low + Long.remainderUnsigned(bits(question, number), high - low);
  }

  /** One of them. */
  @SafeVarargs
  final <T> T one(Question question, long number, T... of) {
    return of[(int) between(question, number, 0, of.length)];
  }

  /** A random UUID in the usual spelling. */
  String uuid(Question question, long number) {
    long high = bits(question, number);
    long low = mix(high + GOLDEN);
    return new UUID((high & ~0xF000L) | 0x4000L, (low >>> 2) | 0x8000000000000000L).toString();
  }

  private static long text(String text) {
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash + text.charAt(i));
    }
    return hash;
  }

  static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** What is asked. Its name is part of what a seed stands for. */
  enum Question {
    ID,
    STORY,
    CAUSE,
    OFFSET,
    RECORD,
    JITTER,
    SHAPE,
    PACKED,
    SPELLING,
    RESULT,
    LENGTH,
    MENDED_AFTER,
    SNAPSHOT,
    AUDITED,
    CALLS,
    PROMPT,
    RATIO,
    DROP,
    WRITTEN,
    ONSET,
    SCOPE,
    TITLE;

    private final long salt = text(name());
  }
}
