package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.util.Random;
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
    state.moves.add(new Move(START + HOUR, START + 2 * HOUR, 30));
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
    assertThat(read.judged(Long.MAX_VALUE)).isEqualTo(state.judged(Long.MAX_VALUE)).hasSize(2);
    assertThat(read.moves).isEqualTo(state.moves).hasSize(1);
    assertThat(read.better).isEqualTo(Better.LOWER);
    assertThat(read.firstEnd()).isEqualTo(START + 3 * HOUR);
    assertThat(new long[] {read.judgedUntil, read.forgetAt})
        .containsExactly(START + 2 * HOUR, START + 200 * HOUR);
  }

  @Test
  void a_busy_metric_stays_within_sixteen_kilobytes() {
    MetricState state = new MetricState("search", "latency");
    Random random = new Random(1);
    for (int hour = 0; hour < 500; hour++) {
      for (int i = 0; i < 300; i++) {
        long time = START + hour * HOUR + random.nextInt((int) HOUR);
        state.add(
            new MetricSample(time, "latency", "search", i, 2.5, Better.LOWER, null),
            HOUR,
            random.nextLong(),
            new Coordinates("telemetry.metrics", 3, 10_000_000_000L + hour * 300L + i));
      }
      if (hour < 400) {
        state.close(START + hour * HOUR);
      }
    }
    for (int i = 0; i < RegressionWatch.REGRESSIONS; i++) {
      state.regressions.add(CacheStateTest.regression(i));
    }
    for (int i = 0; i < PastRegression.KEPT; i++) {
      PastRegression.remember(state.past, CacheStateTest.past(i));
    }
    for (int i = 0; i < Move.MOST; i++) {
      state.moves.add(new Move(START + i * HOUR, START + i * HOUR, 0.1));
    }
    assertThat(state.judged(Long.MAX_VALUE)).hasSize(CacheState.MEMORY_BINS);
    assertThat(bytes(state).length).isBetween(8_000, 16 * 1024);
  }

  private static byte[] bytes(MetricState state) {
    BinaryWriter out = new BinaryWriter();
    new MetricState.Codec().write(state, out);
    return out.toByteArray();
  }
}
