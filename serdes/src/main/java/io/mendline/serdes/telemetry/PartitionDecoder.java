package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.EnumSet;

/**
 * Reads rows of a control table of partitions into {@link PartitionRow}: {@code DatasetName, Layer,
 * PartitionDate, BackfillRequired, Status, DQStatus, RetryCount, MaxRetryCount, Reason} and a time,
 * in the table's spelling or in snake case.
 *
 * <p>Dataset, layer, date, a time, and a status of the partition or of its quality are required. A
 * status that is not known here is kept as it is. A row without a time is bad: when it was sent is
 * not when it became true.
 */
public final class PartitionDecoder implements TelemetryDecoder {
  private final EnvelopeReader envelopes;

  /** A decoder whose free texts are redacted by {@code redactor}. */
  public PartitionDecoder(Redactor redactor) {
    FreeText texts = new FreeText(redactor);
    this.envelopes =
        new EnvelopeReader(
            () -> new PartitionFields(texts), EnumSet.of(EnvelopeReader.Wrapper.RECORDS), texts);
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    envelopes.decode(message, sink);
  }
}
