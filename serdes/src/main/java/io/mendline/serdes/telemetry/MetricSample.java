package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;

/**
 * One measurement of a metric, or the mean of several. See {@link TelemetryRecord} for how absence
 * is written.
 *
 * @param time when it was measured; of what was measured over a span, its beginning
 * @param metric what was measured, as the producer calls it, such as {@code cpu}
 * @param scope what it was measured of: a service, or the pool that a node belongs to
 * @param value the mean of what was measured, in the producer's own unit; finite
 * @param weight how much it counts beside others: how many measurements it is the mean of, or the
 *     volume it is a ratio of; above zero, 1 where the producer does not say
 * @param better which way is better
 * @param node the node or member of the scope; nullable
 */
public record MetricSample(
    long time, String metric, String scope, double value, double weight, Better better, String node)
    implements TelemetryRecord {

  /** Checks what may not be null, and that numbers can be added up. */
  public MetricSample {
    requireNonNull(metric, "metric");
    requireNonNull(scope, "scope");
    requireNonNull(better, "better");
    if (!Double.isFinite(value) || !Double.isFinite(weight) || weight <= 0) {
      throw new IllegalArgumentException("a sample of value " + value + ", weight " + weight);
    }
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /** Which way is better. */
  public enum Better implements WireEnum {
    /** Not said. */
    UNSAID(0),
    /** The higher the better, as a share of hits. */
    HIGHER(1),
    /** The lower the better, as a latency. */
    LOWER(2);

    private final int code;

    Better(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
