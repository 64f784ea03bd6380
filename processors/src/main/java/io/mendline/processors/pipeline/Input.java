package io.mendline.processors.pipeline;

/** What a detector is stepped with. */
public sealed interface Input {
  /**
   * A message arrived.
   *
   * @param late its event time lies at or below the watermark: it may clear or enrich, but a
   *     judgement that needed the whole set has been made without it
   */
  record Arrived(Message message, boolean late) implements Input {}

  /**
   * The watermark has passed the deadline that the last step asked for.
   *
   * @param at the deadline itself, epoch milliseconds: the logical time to judge at, not the time
   *     it fired
   * @param alone only what waits for the watermark alone is due: see {@link Detector#aloneAt}
   */
  record Due(long at, boolean alone) implements Input {
    /** All that has a deadline by then is due. */
    public Due(long at) {
      this(at, false);
    }
  }
}
