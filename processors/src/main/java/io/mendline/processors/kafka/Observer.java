package io.mendline.processors.kafka;

import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.OutcomeStatus;

/**
 * Told what the processors do, for those who count or log it. Whatever it does with that changes no
 * result.
 *
 * <p>Everything is told as it happens, before the commit that makes it last. So what a failed
 * transaction undoes is told again when it is done again, as is what an outbox tells again.
 *
 * <p>Called from every stream thread at once, some of it for every message: it has to be safe for
 * that, quick, and must not throw.
 */
public interface Observer {
  /** Takes note of nothing. */
  Observer NONE = new Observer() {};

  /** A message was read from the topic of a source. */
  default void received(Source source) {}

  /** Signals of one message go on to the engine; one for all partitions counts once. */
  default void ingested(Source source, int signals) {}

  /** A message, or some records of it, could not be taken. */
  default void refused(DeadLetter letter) {}

  /** A signal came after the watermark by which its concern judges. */
  default void late(Source source) {}

  /** A concern or the governor put this out. What only passes by a concern is not told again. */
  default void told(Output output) {}

  /**
   * A finding was told in answer to one signal, not to the passing of time.
   *
   * @param millis since the transport time of the message that the signal came in
   */
  default void answered(Output.Found found, long millis) {}

  /**
   * The executor reported on a command.
   *
   * @param action what the command was to do, {@code UNKNOWN} where the command is not known
   */
  default void reported(Action action, OutcomeStatus status) {}

  /** A processor of a task has started and says so of itself until it is closed. */
  default void opened(Vitals vitals) {}

  /** A processor of a task has ended, or moved to another instance. */
  default void closed(Vitals vitals) {}

  /** Both are told everything, {@code first} first. */
  static Observer both(Observer first, Observer second) {
    return new Observer() {
      @Override
      public void received(Source source) {
        first.received(source);
        second.received(source);
      }

      @Override
      public void ingested(Source source, int signals) {
        first.ingested(source, signals);
        second.ingested(source, signals);
      }

      @Override
      public void refused(DeadLetter letter) {
        first.refused(letter);
        second.refused(letter);
      }

      @Override
      public void late(Source source) {
        first.late(source);
        second.late(source);
      }

      @Override
      public void told(Output output) {
        first.told(output);
        second.told(output);
      }

      @Override
      public void answered(Output.Found found, long millis) {
        first.answered(found, millis);
        second.answered(found, millis);
      }

      @Override
      public void reported(Action action, OutcomeStatus status) {
        first.reported(action, status);
        second.reported(action, status);
      }

      @Override
      public void opened(Vitals vitals) {
        first.opened(vitals);
        second.opened(vitals);
      }

      @Override
      public void closed(Vitals vitals) {
        first.closed(vitals);
        second.closed(vitals);
      }
    };
  }
}
