package io.mendline.processors.pipeline;

/** What the engine takes the time to be. */
public enum Clock {
  /** The wall clock: in service. */
  WALL,
  /**
   * The highest event time seen: in replay, demo and equivalence tests, so that history runs as it
   * ran.
   */
  INPUT
}
