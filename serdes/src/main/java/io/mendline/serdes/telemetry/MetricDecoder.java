package io.mendline.serdes.telemetry;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.EnumSet;

/**
 * Reads samples of metrics into {@link MetricSample}, in three flat shapes and one nested:
 *
 * <ul>
 *   <li>plain: {@code time, metric, scope, value}, and {@code higherIsBetter}, {@code node} and
 *       {@code weight} where they are given;
 *   <li>Azure Monitor's metric records: {@code time, resourceId, metricName, count, total, average,
 *       minimum, maximum}; the value is the average, the weight the count;
 *   <li>a disk cache: {@code time, scope, cache hits size, cache misses size}, in bytes; the value
 *       is the share of hits, the weight the bytes looked for, the metric {@value #DISK_CACHE}
 *       unless it is named;
 *   <li>OpenTelemetry's JSON, as a collector's Kafka exporter writes it ({@link OtlpMetrics}).
 * </ul>
 *
 * <p>Time, metric, scope and a finite value are required. A record without volume, of a count or a
 * sum of sizes that is zero, says nothing and is skipped.
 */
public final class MetricDecoder implements TelemetryDecoder {
  /** The metric of disk caches. */
  public static final String DISK_CACHE = "disk_cache_hit_ratio";

  private final EnvelopeReader envelopes;

  /** A decoder whose free texts are redacted by {@code redactor}. */
  public MetricDecoder(Redactor redactor) {
    FreeText texts = new FreeText(redactor);
    this.envelopes =
        new EnvelopeReader(
            () -> new MetricFields(texts),
            EnumSet.of(EnvelopeReader.Wrapper.RECORDS, EnvelopeReader.Wrapper.RESOURCE_METRICS),
            texts);
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    envelopes.decode(message, sink);
  }
}
