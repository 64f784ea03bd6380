package io.mendline.databricks.poller;

/**
 * What is remembered of a run: enough to know what of it was told, and when to look at it again.
 */
final class TrackedRun {
  /** No version of it has been seen. */
  static final long NONE = 0;

  /** How closely a run is followed. */
  enum Phase {
    /** It has not ended. */
    ACTIVE,
    /** It ended without success, and may be repaired. */
    WATCHED,
    /** It ended. Only a list can tell news of it. */
    SETTLED
  }

  final String id;

  /** When it started, milliseconds since 1970. */
  final long start;

  Phase phase = Phase.ACTIVE;

  /** The version that a list last showed. */
  long listed = NONE;

  /** The version that was last read whole, without what its tasks put out. */
  long read = NONE;

  /** The version that was last told, with what its tasks put out. */
  long told = NONE;

  /** When it ended, milliseconds since 1970; 0 before. */
  long end;

  /** Whether evidence is missing that may yet be had. */
  boolean evidencePending;

  /** Whether it runs a pipeline, which is looked at more often. */
  boolean pipeline;

  /** How often in a row it was not found. */
  int misses;

  /** When it is due to be looked at; not kept over a restart, which looks at all at once. */
  long due;

  /** How long was waited for {@link #due}, milliseconds; 0 after a change. */
  long waited;

  TrackedRun(String id, long start) {
    this.id = id;
    this.start = start;
  }
}
