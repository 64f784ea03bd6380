package io.mendline.databricks.poller;

import io.mendline.databricks.api.ApiException;
import io.mendline.databricks.api.ApiException.Kind;

/** Something that is done again and again, and put off while it does not succeed. */
final class Chore {
  private static final long FIRST_WAIT = 30_000;
  private static final long LONGEST_WAIT = 300_000;

  final String what;
  private final long interval;
  private long due;
  private long waited;
  private Kind failing;

  /**
   * One that is due at once.
   *
   * @param what is read, for people
   * @param interval milliseconds
   */
  Chore(String what, long interval) {
    this.what = what;
    this.interval = interval;
  }

  /** When it is due, milliseconds since 1970. */
  long due() {
    return due;
  }

  /**
   * It was done.
   *
   * @return whether it had failed before
   */
  boolean done(long begun) {
    boolean recovered = failing != null;
    failing = null;
    waited = 0;
    due = begun + interval;
    return recovered;
  }

  /**
   * It failed, and is put off for 30 seconds, then for twice as long up to five minutes, or for as
   * long as was asked for.
   *
   * @return whether it had not failed in this way before
   */
  boolean failed(ApiException why, long now) {
    waited = Math.min(LONGEST_WAIT, waited == 0 ? FIRST_WAIT : waited * 2);
    due = now + Math.max(waited, why.retryAfterMillis());
    boolean news = failing != why.kind();
    failing = why.kind();
    return news;
  }

  /** It has to be done again. */
  void again() {
    due = 0;
  }
}
