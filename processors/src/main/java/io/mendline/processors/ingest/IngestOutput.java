package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.policy.PolicyDocument;
import java.util.List;

/** What ingest puts out. */
public sealed interface IngestOutput
    permits IngestOutput.Signals, IngestOutput.Policies, DeadLetter {
  /** A record for the internal {@code signals} topic. */
  record Signals(SignalRecord record) implements IngestOutput {}

  /** The kept versions of a policy document, oldest first, for the {@code policies-valid} topic. */
  record Policies(String id, List<PolicyDocument> versions) implements IngestOutput {}
}
