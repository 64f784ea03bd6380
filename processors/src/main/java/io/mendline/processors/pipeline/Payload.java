package io.mendline.processors.pipeline;

import io.mendline.schemas.Approval;
import io.mendline.schemas.Operation;
import io.mendline.schemas.Outcome;
import io.mendline.serdes.telemetry.TelemetryRecord;

/** What a signal says. */
public sealed interface Payload {
  /** A fact of telemetry, or a change. */
  record Observed(TelemetryRecord record) implements Payload {}

  /** What the executor reports about a command. */
  record Reported(Outcome outcome) implements Payload {}

  /** What a person decided about a command. */
  record Decided(Approval approval) implements Payload {}

  /** What a person did to an incident. */
  record Operated(Operation operation) implements Payload {}
}
