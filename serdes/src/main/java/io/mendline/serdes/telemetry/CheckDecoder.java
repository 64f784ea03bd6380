package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.EnumSet;

/**
 * Reads what checks found into {@link CheckResult}: {@code time, check, category, status, severity,
 * resource, assessmentId}, and {@code workspace} and {@code message} where they are given. The
 * resource is a text, {@code TYPE/id} where it begins with one of the contract's types, or an
 * object of {@code type, id, name, workspace}.
 *
 * <p>Time, check, status and resource are required. The status is {@code PASS}, {@code PARTIAL} or
 * {@code FAIL}, or a usual word for one of them; another word makes the record bad, as nothing can
 * be said of it.
 */
public final class CheckDecoder implements TelemetryDecoder {
  private final EnvelopeReader envelopes;

  /** A decoder whose free texts are redacted by {@code redactor}. */
  public CheckDecoder(Redactor redactor) {
    FreeText texts = new FreeText(redactor);
    this.envelopes =
        new EnvelopeReader(
            () -> new CheckFields(texts), EnumSet.of(EnvelopeReader.Wrapper.RECORDS), texts);
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    envelopes.decode(message, sink);
  }
}
