package io.mendline.processors.mix;

import static io.mendline.processors.mix.Fleet.DAY;
import static io.mendline.processors.mix.Fleet.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Alert;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Law 1 for shifts of mix: the result is a function of the set of bins. */
class MixLawsTest {
  @Property(tries = 15, shrinking = ShrinkingMode.OFF)
  void order_duplicates_lateness_and_restarts_change_nothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 5, max = 30) int twicePercent,
      @ForAll @IntRange(min = 1, max = 200) int watermarkEvery) {
    List<Message> messages = messages(seed);
    var expected = Fleet.harness().run(Disorder.inOrder(messages));

    List<Message> disordered = Disorder.of(messages, Fleet.LATENESS, twicePercent / 100.0, seed);
    Random random = new Random(seed);
    var actual =
        Fleet.harness()
            .watermarkEvery(watermarkEvery)
            .restartingAfter(
                random.nextInt(disordered.size()),
                random.nextInt(disordered.size()),
                random.nextInt(disordered.size()))
            .run(disordered);

    assertThat(actual.canonical()).isEqualTo(expected.canonical());
    assertThat(told(actual)).isEqualTo(told(expected));
    assertThat(actual.keys()).isZero();
  }

  @Test
  void there_is_something_to_tell_in_most_of_these() {
    long told =
        new Random(1)
            .longs(12)
            .filter(seed -> !Fleet.notices(Fleet.harness().run(messages(seed))).isEmpty())
            .count();
    assertThat(told).isGreaterThan(5);
  }

  @Test
  void what_one_scope_tells_again_of_hours_that_were_folded_changes_nothing() {
    List<Message> once = new ArrayList<>();
    List<Message> again = new ArrayList<>();
    for (int hour = 0; hour < 12 * DAY; hour++) {
      long small = hour < 8 * DAY ? 100_000 : 450_000;
      once.addAll(new Fleet().used(hour, "large", 1_000_000 - small, 0.75).messages());
      once.addAll(new Fleet().used(hour, "small", small, 0.20).messages());
      again.addAll(once.subList(2 * hour, 2 * hour + 2));
      if (hour >= 10) {
        again.add(once.get(2 * (hour - 10) + 1));
      }
    }
    assertThat(told(Fleet.harness().run(again))).isEqualTo(told(Fleet.harness().run(once)));
  }

  @Property(tries = 30)
  void the_state_is_read_back(@ForAll long seed) {
    ServiceUsage state = state(seed);
    ServiceUsage read = reread(state);
    assertThat(bytes(read)).isEqualTo(bytes(state));
    assertThat(read.hours).isEqualTo(state.hours);
    assertThat(read.waiting).isEqualTo(state.waiting);
    assertThat(read.totals).isEqualTo(state.totals);
    assertThat(read.standing).isEqualTo(state.standing);
    assertThat(List.of(read.sources, read.foldedUntil, read.since, read.dropped))
        .isEqualTo(List.of(state.sources, state.foldedUntil, state.since, state.dropped));
  }

  @Test
  void a_state_that_is_cut_is_refused() {
    ServiceUsage state = new ServiceUsage(5);
    state.add(Fleet.bin("a", Fleet.START, HOUR, 100, 70));
    state.add(Fleet.bin("b", Fleet.START + HOUR, HOUR, 100, 70));
    state.fold(Fleet.START + HOUR);
    state.standing = standing(true);
    CutBytes.areRefused(new ServiceUsageCodec(), state);
  }

  /** Every version of every notice: the last ones say only that the service is no longer called. */
  private static List<Alert> told(DetectorHarness.Result result) {
    return Fleet.notices(result).stream().distinct().toList();
  }

  private static ServiceUsage state(long seed) {
    Random random = new Random(seed);
    ServiceUsage state = new ServiceUsage(5);
    for (int i = 0; i < random.nextInt(400); i++) {
      String scope = "model-" + random.nextInt(25);
      long start = Fleet.START + random.nextInt(100) * HOUR / 2;
      int prompt = 1 + random.nextInt(1_000_000);
      state.add(Fleet.bin(scope, start, HOUR / 2, prompt, random.nextInt(prompt)));
    }
    state.fold(Fleet.START + random.nextInt(100) * HOUR);
    state.since = random.nextBoolean() ? ServiceUsage.NOT_YET : Fleet.START;
    state.dropped = random.nextInt(3);
    state.standing = random.nextBoolean() ? null : standing(random.nextBoolean());
    return state;
  }

  private static Standing standing(boolean told) {
    Shift.Moved mover = new Shift.Moved("a", 0.1, 0.45);
    Shift.Moved worst = told ? new Shift.Moved("b", 0.7, 0.5) : null;
    return new Standing(
        new Shift(Fleet.START, 0.7, 0.5, -0.19, -0.01, mover, worst, told), 17, 0.71, told);
  }

  private static ServiceUsage reread(ServiceUsage state) {
    BinaryReader in = new BinaryReader(bytes(state));
    ServiceUsage read = new ServiceUsageCodec().read(in);
    in.requireEnd();
    return read;
  }

  private static byte[] bytes(ServiceUsage state) {
    BinaryWriter out = new BinaryWriter();
    new ServiceUsageCodec().write(state, out);
    return out.toByteArray();
  }

  /**
   * Up to twenty scopes, some idle for hours; now and then the mix shifts, or a scope gets worse.
   */
  private static List<Message> messages(long seed) {
    Random random = new Random(seed);
    int scopes = random.nextInt(5) == 0 ? 20 : 2 + random.nextInt(4);
    double[] volume = new double[scopes];
    double[] share = new double[scopes];
    for (int i = 0; i < scopes; i++) {
      volume[i] = 1 + random.nextInt(100);
      share[i] = random.nextDouble();
    }
    Fleet fleet = new Fleet();
    int next = 7 * DAY + random.nextInt(2 * DAY);
    for (int hour = 0; hour < 12 * DAY; hour++) {
      if (hour == next) {
        next += DAY + random.nextInt(3 * DAY);
        for (int i = 0; i < scopes; i++) {
          volume[i] *= random.nextBoolean() ? 1 : share[i] < 0.5 ? 4 : 0.3;
        }
        share[random.nextInt(scopes)] *= 0.7;
      }
      for (int i = 0; i < scopes; i++) {
        if (random.nextInt(12) > 0) {
          double used = 10_000 * volume[i] * (1 + 0.1 * random.nextGaussian());
          double cached = Math.min(1, Math.max(0, share[i] + 0.02 * random.nextGaussian()));
          fleet.used(hour, "model-" + i, Math.round(used), cached);
        }
      }
    }
    return fleet.messages();
  }
}
