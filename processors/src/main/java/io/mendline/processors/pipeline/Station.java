package io.mendline.processors.pipeline;

/**
 * One concern on the engine's line. A message goes down the line until its concern takes it; what
 * concerns put out goes on to those after them, and at the end of the line to its topic.
 */
public interface Station {
  /** Deals with one message and hands on whatever comes after it. */
  void accept(Message message, Emitter out);

  /**
   * Continues due work that was left over for want of budget.
   *
   * @return whether none is left
   */
  boolean resume(Emitter out);

  /**
   * Puts out again what an earlier life of this task may not have got out. Called once, at start.
   */
  void recover(Emitter out);
}
