package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

/**
 * Prompt tokens of one call to a language model, or of many calls rolled up, and how many of them
 * were read from the provider's cache.
 *
 * <p>Whatever the producer counts, here {@code promptTokens} is the whole prompt and {@code
 * cachedTokens} and {@code cacheCreationTokens} are parts of it. See {@link TelemetryRecord} for
 * how absence is written.
 *
 * @param time when the call was made; of a roll-up, the instant that its producer gives
 * @param service the calling service
 * @param model the model, as the producer names it
 * @param provider the provider, as the producer names it; nullable
 * @param environment the deployment environment; nullable
 * @param calls number of calls; 1 unless rolled up
 * @param promptTokens tokens of the whole prompt, cached ones included
 * @param cachedTokens tokens read from the cache; at most {@code promptTokens}
 * @param cacheCreationTokens tokens written to the cache; 0 where the producer does not say
 * @param callId the producer's id of the call; nullable
 */
public record TokenUsage(
    long time,
    String service,
    String model,
    String provider,
    String environment,
    long calls,
    long promptTokens,
    long cachedTokens,
    long cacheCreationTokens,
    String callId)
    implements TelemetryRecord {

  /**
   * Checks that the numbers can be true together.
   *
   * @throws IllegalArgumentException if a number is negative, no call was made, or a part is larger
   *     than the prompt
   */
  public TokenUsage {
    requireNonNull(service, "service");
    requireNonNull(model, "model");
    if (calls < 1) {
      throw new IllegalArgumentException("calls: " + calls + " is below 1");
    }
    if (cachedTokens < 0 || cacheCreationTokens < 0) {
      throw new IllegalArgumentException("cached or created tokens are negative");
    }
    if (Math.max(cachedTokens, cacheCreationTokens) > promptTokens) {
      throw new IllegalArgumentException("a part of the prompt is larger than the prompt");
    }
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /** Tokens of the prompt per call, on average: what a provider's minimum is compared with. */
  public double promptTokensPerCall() {
    return (double) promptTokens / calls;
  }
}
