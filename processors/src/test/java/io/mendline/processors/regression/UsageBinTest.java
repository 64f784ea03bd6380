package io.mendline.processors.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.TokenUsage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Every distinct record once, in bounded memory, whatever the order. */
class UsageBinTest {
  private static final long START = Scope.millis("2026-05-04T10:00:00Z");

  @Test
  void isExactUpToItsCapacityWithDuplicates() {
    UsageBin bin = new UsageBin(START, Scope.HOUR);
    List<TokenUsage> calls = calls(UsageBin.CAPACITY, 1);
    calls.forEach(call -> add(bin, call));
    calls.forEach(call -> add(bin, call));

    Bin closed = bin.close();
    assertThat(closed.calls()).isEqualTo(UsageBin.CAPACITY);
    assertThat(closed.promptTokens())
        .isEqualTo(calls.stream().mapToLong(TokenUsage::promptTokens).sum());
    assertThat(closed.cachedTokens())
        .isEqualTo(calls.stream().mapToLong(TokenUsage::cachedTokens).sum());
    assertThat(closed.sampled()).isFalse();
  }

  @Test
  void estimatesAboveItsCapacity() {
    UsageBin bin = new UsageBin(START, Scope.HOUR);
    List<TokenUsage> calls = calls(100_000, 2);
    calls.forEach(call -> add(bin, call));

    Bin closed = bin.close();
    double ratio =
        (double) calls.stream().mapToLong(TokenUsage::cachedTokens).sum()
            / calls.stream().mapToLong(TokenUsage::promptTokens).sum();
    assertThat(bin.held()).isBetween(UsageBin.CAPACITY / 3, UsageBin.CAPACITY);
    assertThat(closed.sampled()).isTrue();
    assertThat((double) closed.calls()).isCloseTo(100_000, Offset.offset(15_000.0));
    assertThat(closed.ratio()).isCloseTo(ratio, Offset.offset(0.05));
  }

  @Test
  void keepsItsSumsThroughItsCodec() {
    UsageBin bin = new UsageBin(START, Scope.HOUR);
    calls(3_000, 3).forEach(call -> add(bin, call));
    assertThat(again(bin).close()).isEqualTo(bin.close());
  }

  @Property(tries = 40)
  void isAFunctionOfTheSet(@ForAll @IntRange(min = 1, max = 4_000) int size, @ForAll long seed) {
    List<TokenUsage> calls = calls(size, seed);
    UsageBin inOrder = new UsageBin(START, Scope.HOUR);
    calls.forEach(call -> add(inOrder, call));

    List<TokenUsage> disordered = new ArrayList<>(calls);
    disordered.addAll(calls.subList(0, size / 3));
    Collections.shuffle(disordered, new Random(seed));
    UsageBin stored = new UsageBin(START, Scope.HOUR);
    for (int i = 0; i < disordered.size(); i++) {
      add(stored, disordered.get(i));
      if (i % 97 == 0) {
        stored = again(stored);
      }
    }
    assertThat(stored.close()).isEqualTo(inOrder.close());
  }

  @Test
  void countsUncacheableCallsApart() {
    UsageBin bin = new UsageBin(START, Scope.HOUR);
    bin.add(call(START, 8_000, 4_000, "a"), true, 1L << 32, at(1));
    bin.add(rolledUp(START, 50, 9_000), false, 2L << 32, at(2));
    Bin closed = bin.close();
    assertThat(closed.calls()).isEqualTo(1);
    assertThat(closed.uncacheableCalls()).isEqualTo(50);
    assertThat(closed.ratio()).isEqualTo(0.5);
  }

  @Test
  void firstIsTheEarliestRecord() {
    UsageBin bin = new UsageBin(START, Scope.HOUR);
    bin.add(call(START + 20, 8_000, 0, "b"), true, 7L << 32, at(1));
    bin.add(call(START + 10, 8_000, 0, "a"), true, 9L << 32, at(2));
    bin.add(call(START + 10, 8_000, 0, "c"), true, 11L << 32, at(3));
    assertThat(bin.close().first()).isEqualTo(at(2));
  }

  private static void add(UsageBin bin, TokenUsage call) {
    // Where a record was read must not matter, so it is the same here for all.
    bin.add(call, true, call.contentId(), at(0));
  }

  private static Coordinates at(long offset) {
    return new Coordinates("telemetry.cache", 0, offset);
  }

  private static UsageBin again(UsageBin bin) {
    BinaryWriter out = new BinaryWriter();
    bin.write(out);
    BinaryReader in = new BinaryReader(out.toByteArray());
    UsageBin read = new UsageBin(in);
    in.requireEnd();
    return read;
  }

  private static List<TokenUsage> calls(int count, long seed) {
    Random random = new Random(seed);
    List<TokenUsage> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long prompt = 5_000L + random.nextInt(4_000);
      long cached = (long) (prompt * random.nextDouble());
      calls.add(call(START + random.nextInt(3_600_000), prompt, cached, "call-" + i));
    }
    return calls;
  }

  private static TokenUsage call(long time, long prompt, long cached, String id) {
    return new TokenUsage(
        time, "assistant", "claude-opus-4-6", null, null, 1, prompt, cached, 0, id);
  }

  private static TokenUsage rolledUp(long time, long calls, long prompt) {
    return new TokenUsage(
        time, "assistant", "claude-opus-4-6", null, null, calls, prompt, 0, 0, null);
  }
}
