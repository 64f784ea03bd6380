package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.policy.PolicyDocument;
import java.util.List;

/** What ingest puts out. */
public sealed interface IngestOutput
    permits IngestOutput.Signals,
        IngestOutput.Packed,
        IngestOutput.Unpacked,
        IngestOutput.Policies,
        DeadLetter {
  /** A record for the internal {@code signals} topic. */
  record Signals(SignalRecord record) implements IngestOutput {}

  /**
   * Several of these for one partition in one, as a runtime with brokers sends them.
   *
   * @param records as {@code SignalRecordCodec} writes them, one behind the other
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes on their way; never compared.
  record Packed(int partition, byte[] records) implements IngestOutput {}

  /** The same as it is read, oldest first. */
  record Unpacked(List<SignalRecord> records) implements IngestOutput {}

  /** The kept versions of a policy document, oldest first, for the {@code policies-valid} topic. */
  record Policies(String id, List<PolicyDocument> versions) implements IngestOutput {}
}
