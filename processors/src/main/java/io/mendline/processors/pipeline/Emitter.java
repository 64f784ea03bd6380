package io.mendline.processors.pipeline;

/** One of the two ports of a concern: where its messages go next. */
@FunctionalInterface
public interface Emitter {
  /** Hands a message to the next station, which has dealt with it when this returns. */
  void emit(Message message);
}
