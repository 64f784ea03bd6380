package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.EnumSet;

/**
 * Reads Sentinel health rows into {@link SentinelHealth}, as Azure Monitor's diagnostic settings
 * write them (an envelope, Sentinel's fields at top level or under {@code properties}) and as Log
 * Analytics exports them (flat rows with the table's columns). Rows of SentinelAudit and records of
 * the Azure Activity log, which come in the same two ways, are read into {@link RuleChange} where
 * they tell that an analytics rule was written or deleted.
 *
 * <p>A record needs a time, a workspace and something that names the resource; without them, or
 * with a time or a query window that cannot be read, it is bad. Every other field that cannot be
 * read counts as absent. Skipped are operations on anything but rules, and changes that did not
 * succeed or have only begun.
 */
public final class SentinelDecoder implements TelemetryDecoder {
  private final EnvelopeReader envelopes;

  /** A decoder whose free texts are redacted by {@code redactor}. */
  public SentinelDecoder(Redactor redactor) {
    FreeText texts = new FreeText(redactor);
    this.envelopes =
        new EnvelopeReader(
            () -> new SentinelFields(texts), EnumSet.of(EnvelopeReader.Wrapper.RECORDS), texts);
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    envelopes.decode(message, sink);
  }
}
