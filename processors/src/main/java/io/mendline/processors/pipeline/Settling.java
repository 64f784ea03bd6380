package io.mendline.processors.pipeline;

import java.time.Duration;

/**
 * How long after it happened something may still be settled. The detectors that settle late and the
 * concerns that go by what is settled have to agree on it.
 */
public final class Settling {
  /** The failure of a run: it waits for its evidence. */
  public static final Duration RUN = Duration.ofSeconds(60);

  /** A recurrence: it waits for the failures it is made of, runs among them; twice, for safety. */
  public static final Duration RECURRENCE = RUN.multipliedBy(2);

  private Settling() {}
}
