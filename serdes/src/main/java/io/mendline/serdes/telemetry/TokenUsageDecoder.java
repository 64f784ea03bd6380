package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.EnumSet;

/**
 * Reads what a service reports about its calls to language models into {@link TokenUsage}. The
 * token fields tell the producer, at top level or under {@code usage}:
 *
 * <ul>
 *   <li>{@code cache_read_input_tokens} or {@code cache_creation_input_tokens} (Anthropic): {@code
 *       input_tokens} is only the rest that is in no cache, so the prompt is the sum of the three;
 *   <li>{@code prompt_tokens} (OpenAI chat): the prompt, of which {@code
 *       prompt_tokens_details.cached_tokens} are a part;
 *   <li>{@code input_tokens} without cache fields of Anthropic's (OpenAI responses): the prompt, of
 *       which {@code input_tokens_details.cached_tokens} are a part;
 *   <li>{@code gen_ai.usage.*} (OpenTelemetry): the prompt, of which the cache attributes are
 *       parts.
 * </ul>
 *
 * <p>A flat {@code cached_tokens} beside {@code prompt_tokens} or {@code input_tokens} is a part of
 * it too, which is how a roll-up is best written, with its number of {@code calls}. A record needs
 * a time, a service, a model and the prompt's tokens. Token numbers that are negative, fractional,
 * or larger as a part than as a whole make it bad: they are what ratios are made of, so they are
 * never guessed.
 */
public final class TokenUsageDecoder implements TelemetryDecoder {
  private final EnvelopeReader envelopes;

  /** A decoder whose quoted values are redacted by {@code redactor}. */
  public TokenUsageDecoder(Redactor redactor) {
    FreeText texts = new FreeText(redactor);
    this.envelopes =
        new EnvelopeReader(
            () -> new TokenUsageFields(texts), EnumSet.of(EnvelopeReader.Wrapper.RECORDS), texts);
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    envelopes.decode(message, sink);
  }
}
