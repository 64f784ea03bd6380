package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.schemas.Confidence;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bounds of what is remembered. */
class CacheStateTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final int LIMIT = 16 * 1024;

  private long offset = 10_000_000_000L;

  @Test
  void aBusyScopeStaysWithinSixteenKilobytes() {
    CacheState state = new CacheState("assistant", "claude-opus-4-6", "production");
    Random random = new Random(1);
    for (int hour = 0; hour < 400; hour++) {
      fill(state, hour, 1_500, random);
      state.close(START + hour * HOUR);
    }
    for (int open = 0; open < 2 * CacheState.OPEN; open++) {
      fill(state, 400 + open, 2_000, random);
    }
    for (int i = 0; i < Move.MOST; i++) {
      state.moves.add(new Move(START + i * HOUR, START + i * HOUR, 0.1));
    }
    for (int i = 0; i < RegressionWatch.REGRESSIONS; i++) {
      state.regressions.add(regression(i));
    }
    for (int i = 0; i < PastRegression.KEPT; i++) {
      PastRegression.remember(state.past, past(i));
    }
    assertThat(state.judged(Long.MAX_VALUE)).hasSize(CacheState.MEMORY_BINS);
    assertThat(bytes(state).length).isBetween(8_000, LIMIT);
  }

  @Test
  void aBacklogWithoutWatermarkStaysWithinItsBound() {
    // Nothing closes, as when changes were read only up to a point long ago.
    CacheState state = new CacheState("assistant", "claude-opus-4-6", null);
    Random random = new Random(2);
    int largest = 0;
    for (int hour = 0; hour < 500; hour++) {
      fill(state, hour, 300, random);
      state = again(state);
      largest = Math.max(largest, bytes(state).length);
    }
    assertThat(largest).isLessThan(LIMIT);
    assertThat(state.thinned).isPositive();
    fill(state, 430, 7, random);
    assertThat(state.refused).isEqualTo(7);
    assertThat(state.firstEnd())
        .isEqualTo(START + (500 - CacheState.MEMORY_BINS - CacheState.OPEN + 1) * HOUR);
    // What is left is still a fair sample.
    assertThat(state.close(START + 500 * HOUR)).isTrue();
    assertThat(state.judged(Long.MAX_VALUE)).hasSize(CacheState.MEMORY_BINS);
    double calls =
        state.judged(Long.MAX_VALUE).stream().mapToLong(Bin::calls).average().orElseThrow();
    assertThat(calls).isBetween(250.0, 350.0);
  }

  @Test
  void survivesItsCodec() {
    CacheState state = new CacheState("assistant", "claude-opus-4-6", null);
    Random random = new Random(3);
    for (int hour = 0; hour < 30; hour++) {
      fill(state, hour, 20, random);
    }
    state.close(START + 25 * HOUR);
    state.judgedUntil = START + 25 * HOUR;
    state.moves.add(new Move(START + 3 * HOUR, START + 4 * HOUR, -0.2));
    state.forgetAt = START + 500 * HOUR;
    state.late = 3;
    state.refused = 4;
    state.thinned = 5;
    state.regressions.add(regression(1));
    state.past.add(past(2));
    state.past.add(past(3));
    CacheState read = again(state);
    assertThat(bytes(read)).isEqualTo(bytes(state));
    assertThat(read.judged(Long.MAX_VALUE)).isEqualTo(state.judged(Long.MAX_VALUE)).hasSize(25);
    assertThat(read.regressions).isEqualTo(state.regressions);
    assertThat(read.past).isEqualTo(state.past).hasSize(2);
    assertThat(read.firstEnd()).isEqualTo(START + 26 * HOUR);
    assertThat(List.of(read.late, read.refused, read.thinned)).containsExactly(3, 4, 5);
    assertThat(read.moves).isEqualTo(state.moves);
    assertThat(List.of(read.judgedUntil, read.forgetAt))
        .containsExactly(START + 25 * HOUR, START + 500 * HOUR);
  }

  @Test
  void suspectsAreCutToTheirBound() {
    List<Blame.Culprit> suspects = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      suspects.add(
          new Blame.Culprit("c" + i, START, "é".repeat(500), "https://x/" + "y".repeat(900), 0.5));
    }
    List<Blame.Culprit> kept = OpenRegression.bounded(suspects);
    assertThat(kept).hasSize(2);
    assertThat(kept).allMatch(one -> one.url() == null && one.title().length() == 120);
  }

  private void fill(CacheState state, int hour, int calls, Random random) {
    for (int i = 0; i < calls; i++) {
      long time = START + hour * HOUR + random.nextInt((int) HOUR);
      long prompt = 50_000L + random.nextInt(50_000);
      TokenUsage usage =
          new TokenUsage(
              time, "assistant", "claude-opus-4-6", null, null, 1, prompt, prompt / 2, 0, null);
      state.add(
          usage, true, HOUR, random.nextLong(), new Coordinates("telemetry.cache", 3, offset++));
    }
  }

  static PastRegression past(int i) {
    return PastRegression.of(regression(i), START + 100 * HOUR, "recovered");
  }

  static OpenRegression regression(int i) {
    List<Blame.Culprit> suspects = new ArrayList<>();
    for (int s = 0; s < 5; s++) {
      suspects.add(new Blame.Culprit("change-" + s, START, "t".repeat(120), "u".repeat(200), 0.7));
    }
    return new OpenRegression(
        START + i * HOUR,
        new When(START + i * HOUR - 900_000, START + i * HOUR + 900_000),
        START + (i + 6) * HOUR,
        START + (i + 6) * HOUR,
        START + (i + 6) * HOUR,
        0.7,
        0.48,
        i % 2 == 0,
        i % 2 != 0,
        Confidence.HIGH,
        1L << 40,
        1L << 30,
        0.25,
        true,
        i + 1,
        OpenRegression.bounded(suspects),
        true);
  }

  private static byte[] bytes(CacheState state) {
    BinaryWriter out = new BinaryWriter();
    new CacheState.Codec().write(state, out);
    return out.toByteArray();
  }

  private static CacheState again(CacheState state) {
    BinaryReader in = new BinaryReader(bytes(state));
    CacheState read = new CacheState.Codec().read(in);
    in.requireEnd();
    return read;
  }
}
