package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import org.junit.jupiter.api.Test;

/** What is remembered of a metric. */
class MetricStateTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");

  @Test
  void survives_its_codec() {
    MetricState state = new MetricState("search", "latency");
    for (int minute = 0; minute < 180; minute += 7) {
      long time = START + minute * 60_000L;
      state.add(
          new MetricSample(time, "latency", "search", minute, 1, Better.LOWER, null),
          HOUR,
          minute,
          new Coordinates("telemetry.metrics", 0, minute));
    }
    state.close(START + 2 * HOUR);
    state.judgedUntil = START + 2 * HOUR;
    state.learnedFrom = START + HOUR;
    state.forgetAt = START + 200 * HOUR;
    for (String because : new String[] {"recovered", "relearned", "unobserved"}) {
      state.past.add(
          new PastRegression(
              START - 9 * HOUR, START - 3 * HOUR, START, 200, 320, false, because, null));
    }

    BinaryReader in = new BinaryReader(bytes(state));
    MetricState read = new MetricState.Codec().read(in);
    in.requireEnd();

    assertThat(bytes(read)).isEqualTo(bytes(state));
    assertThat(read.past).isEqualTo(state.past).hasSize(3);
    assertThat(read.closed).isEqualTo(state.closed).hasSize(2);
    assertThat(read.better).isEqualTo(Better.LOWER);
    assertThat(read.firstEnd()).isEqualTo(START + 3 * HOUR);
    assertThat(new long[] {read.judgedUntil, read.learnedFrom, read.forgetAt})
        .containsExactly(START + 2 * HOUR, START + HOUR, START + 200 * HOUR);
  }

  private static byte[] bytes(MetricState state) {
    BinaryWriter out = new BinaryWriter();
    new MetricState.Codec().write(state, out);
    return out.toByteArray();
  }
}
