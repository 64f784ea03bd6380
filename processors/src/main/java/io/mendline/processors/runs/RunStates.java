package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.serdes.telemetry.RunState;

/** Takes the states of runs out of messages. */
final class RunStates {
  private RunStates() {}

  /** The state that a message tells; null where it tells none. */
  static RunState of(Message message) {
    return message instanceof Signal signal
            && signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof RunState told
        ? told
        : null;
  }
}
