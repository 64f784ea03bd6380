package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.EnumSet;

/**
 * Reads changes into {@link Change} from the plain shape: {@code id, at, service, kind, title, url,
 * author, commit, files, labels}, with {@code time} or {@code timestamp} for {@code at} and a few
 * more usual names for the rest. Files and labels are lists of texts, of objects that hold one, or
 * one text with commas.
 *
 * <p>Only the time is required. A change without an id gets one made from its content, so that the
 * same change delivered twice is one.
 *
 * <p>Two sources are read as they write: webhooks of GitHub's ({@link GitHubFields}) and
 * deployments of Databricks bundles ({@link BundleFields}). What of them is no change is skipped.
 */
public final class ChangeDecoder implements TelemetryDecoder {
  private final EnvelopeReader envelopes;

  /** A decoder whose free texts are redacted by {@code redactor}. */
  public ChangeDecoder(Redactor redactor) {
    FreeText texts = new FreeText(redactor);
    this.envelopes =
        new EnvelopeReader(
            () -> new ChangeFields(texts), EnumSet.of(EnvelopeReader.Wrapper.RECORDS), texts);
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    envelopes.decode(message, sink);
  }
}
