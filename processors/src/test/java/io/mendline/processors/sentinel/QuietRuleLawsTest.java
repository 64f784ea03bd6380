package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.ConnectorTrouble;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Law 1, over a rule that goes quiet and comes back while a connector fails or falls silent. */
class QuietRuleLawsTest {
  private static final Duration LATENESS = Duration.ofHours(2);
  private static final int DAYS = 34;
  private static final int DAY = QuietRows.DAY;

  @Property(tries = 60)
  void order_duplicates_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 1_500) int restart) {
    List<Message> messages = messages(seed);
    CanonicalResult expected = QuietRows.harness().run(Disorder.inOrder(messages)).canonical();

    assertThat(
            QuietRows.harness()
                .restartingAfter(restart, restart / 2)
                .watermarkEvery(1 + new Random(seed).nextInt(40))
                .run(Disorder.of(messages, LATENESS, 0.2, seed))
                .canonical())
        .isEqualTo(expected);
  }

  /** As where one partition is read days ahead of another, which holds the watermark back. */
  @Property(tries = 60)
  void however_much_waits_for_the_watermark_the_result_is_the_same(@ForAll long seed) {
    List<Message> messages = messages(seed);
    CanonicalResult expected = QuietRows.harness().run(Disorder.inOrder(messages)).canonical();

    assertThat(
            QuietRows.harness()
                .watermarkEvery(messages.size() + 1)
                .run(Disorder.of(messages, LATENESS, 0, seed))
                .canonical())
        .isEqualTo(expected);
  }

  private static List<Message> messages(long seed) {
    Random random = new Random(seed);
    int stop = 27 * DAY + random.nextInt(2 * DAY);
    int back = stop + random.nextInt(5 * DAY);
    boolean office = random.nextBoolean();
    double often = 0.6 + random.nextDouble() * 0.4;
    List<Message> messages = new ArrayList<>();
    for (int hour = 0; hour < DAYS * DAY; hour++) {
      boolean usual = (!office || QuietRows.open(hour)) && random.nextDouble() < often;
      if (random.nextInt(40) > 0) {
        messages.add(QuietRows.signal(QuietRows.run(hour, usual && (hour < stop || hour >= back))));
      }
    }
    for (String connector : List.of("a", "b")) {
      int fails = stop - 20 + random.nextInt(30);
      int works = fails + random.nextInt(3 * DAY);
      boolean silent = random.nextBoolean();
      messages.addAll(QuietRows.states(connector, stop - 3 * DAY, fails, Status.SUCCESS));
      if (!silent) {
        messages.addAll(QuietRows.states(connector, fails, works, Status.FAILURE));
      }
      messages.addAll(QuietRows.states(connector, works, DAYS * DAY, Status.SUCCESS));
    }
    return messages;
  }

  @Test
  void the_state_is_read_as_it_was_written() {
    RuleRhythm state = new RuleRhythm();
    RunFact.Rule rule = new RunFact.Rule("Rule", "w", null, 60_000, 60_000);
    for (int minute = 0; minute < 59; minute += 3) {
      run(state, 7, minute, rule);
    }
    run(state, 8, 59, rule);
    state.judgeFirst();
    run(state, 9, 0, rule);
    state.open =
        new RuleRhythm.Open(
            1,
            2,
            3,
            4.5,
            5,
            6,
            7,
            new ConnectorTrouble(
                "c", null, ConnectorTrouble.State.SILENT, 8, ConnectorTrouble.STILL));
    RuleRhythmCodec codec = new RuleRhythmCodec();
    BinaryWriter out = new BinaryWriter();
    codec.write(state, out);

    RuleRhythm read = codec.read(new BinaryReader(out.toByteArray()));

    assertThat(read).usingRecursiveComparison().isEqualTo(state);
    CutBytes.areRefused(codec, state);
  }

  private static void run(RuleRhythm state, long hour, int minute, RunFact.Rule rule) {
    long time = hour * RuleRhythm.HOUR_MILLIS + minute * RuleRhythm.MINUTE_MILLIS;
    Coordinates at = new Coordinates("telemetry.sentinel", 1, time);
    state.waiting(hour).add(new RuleRhythm.Run(time, time, rule, at), minute % 2 == 0);
  }
}
