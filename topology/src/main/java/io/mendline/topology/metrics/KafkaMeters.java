package io.mendline.topology.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;

final class KafkaMeters implements MeterFilter {
  @Override
  public MeterFilterReply accept(Meter.Id id) {
    return MeterFilterReply.NEUTRAL;
  }
}
