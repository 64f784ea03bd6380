package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.QuietRows.DAY;
import static io.mendline.processors.sentinel.QuietRows.HOUR;
import static io.mendline.processors.sentinel.QuietRows.NOON;
import static io.mendline.processors.sentinel.QuietRows.WEEK;
import static io.mendline.processors.sentinel.QuietRows.hour;
import static io.mendline.processors.sentinel.QuietRows.run;
import static io.mendline.processors.sentinel.QuietRows.runs;
import static io.mendline.processors.sentinel.QuietRows.signal;
import static io.mendline.processors.sentinel.QuietRows.states;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class QuietRuleEdgesTest {
  private static final int END = NOON + 8 * DAY;

  static Stream<Arguments> rhythms() {
    return Stream.of(
        rhythm("always something, then nothing", 1, QuietRows::always, QuietRows::never),
        rhythm("something in office hours, then nothing", 1, QuietRows::open, QuietRows::never),
        rhythm("every third hour, then nothing", 1, hour -> hour % 3 == 0, QuietRows::never),
        rhythm("nothing ever", 0, QuietRows::never, QuietRows::never),
        rhythm("once a week", 0, hour -> hour % WEEK == 9, QuietRows::never),
        rhythm("one busy day", 0, hour -> hour / DAY == 25, QuietRows::never),
        rhythm("one quiet run", 0, QuietRows::always, hour -> hour != NOON),
        rhythm("five quiet hours", 0, QuietRows::always, hour -> hour >= NOON + 5),
        rhythm("a holiday", 0, QuietRows::open, hour -> QuietRows.open(hour) && hour / DAY != 31),
        rhythm(
            "a holiday of a long day",
            0,
            QuietRows::openLong,
            hour -> QuietRows.openLong(hour) && hour / DAY != 31),
        rhythm("as ever", 0, QuietRows::open, QuietRows::open),
        rhythm("now and then", 0, QuietRows::nowAndThen, QuietRows::nowAndThen));
  }

  private static Arguments rhythm(
      String name, int findings, LongPredicate before, LongPredicate then) {
    return arguments(name, findings, before, then);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rhythms")
  void rhythms(String name, int findings, LongPredicate before, LongPredicate then) {
    List<Message> messages = runs(0, NOON, before);
    messages.addAll(runs(NOON, END, then));

    assertThat(found(messages)).hasSize(findings);
  }

  static Stream<Arguments> spellings() {
    return Stream.of(
        told("a success without results", 1, row -> {}),
        told("a near-real-time rule", 1, row -> row.ruleKind(SentinelHealth.RuleKind.NRT)),
        told(
            "an operation that is not known",
            1,
            row -> row.operation(SentinelHealth.Operation.OTHER)),
        told("a failure", 0, row -> row.status(Status.FAILURE)),
        told("a partial success without results", 0, row -> row.status(Status.PARTIAL_SUCCESS)),
        told("an amount that is not told", 0, row -> row.queryResultAmount(TelemetryRecord.ABSENT)),
        told("information", 0, row -> row.status(Status.INFORMATIONAL)),
        told("another rule", 0, row -> row.resourceId("r2")),
        told("half of the runs are missing", 0, row -> row.frequencyMillis(HOUR / 12)),
        told("another frequency", 0, row -> row.frequencyMillis(2 * HOUR)),
        told("another look-back", 0, row -> row.periodMillis(DAY * HOUR)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void spellings(String name, int findings, Consumer<SentinelHealth.Builder> then) {
    List<Message> messages = runs(0, NOON, QuietRows::always);
    for (int hour = NOON; hour < END; hour++) {
      SentinelHealth.Builder row = run(hour, false);
      then.accept(row);
      messages.add(signal(row));
    }

    assertThat(found(messages)).hasSize(findings);
  }

  @Test
  void runs_that_do_not_happen_say_nothing() {
    assertThat(found(runs(0, NOON, QuietRows::always))).isEmpty();

    List<Message> gap = runs(0, NOON, QuietRows::always);
    gap.addAll(runs(END, END + 5, QuietRows::never));
    assertThat(found(gap)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"20, 0", "22, 1"})
  void a_rule_is_known_after_three_weeks(int days, int findings) {
    List<Message> messages = runs(NOON - days * DAY, NOON, QuietRows::always);
    messages.addAll(runs(NOON, END, QuietRows::never));

    assertThat(found(messages)).hasSize(findings);
  }

  @Test
  void partial_successes_with_results_are_results() {
    List<Message> messages = new ArrayList<>();
    for (int hour = 0; hour < NOON; hour++) {
      messages.add(signal(run(hour, true).status(Status.PARTIAL_SUCCESS)));
    }
    messages.addAll(runs(NOON, END, QuietRows::never));

    assertThat(found(messages)).hasSize(1);
  }

  @Test
  void a_rule_of_every_five_minutes_is_judged_by_the_hour() {
    List<Message> messages = new ArrayList<>();
    for (long slot = 0; slot < 12 * (NOON + DAY); slot++) {
      SentinelHealth.Builder row = run(slot / 12, slot < 12 * NOON && slot % 12 == 7);
      row.time(hour(0).toEpochMilli() + slot * HOUR / 12).recordId("slot " + slot);
      messages.add(signal(row.frequencyMillis(HOUR / 12).periodMillis(HOUR / 12)));
    }

    DetectorHarness.Result result = QuietRows.harness().watermarkEvery(12).run(messages);

    assertThat(result.findings()).hasSize(1);
    assertThat(result.found().get(0).getOccurredAt())
        .isBefore(hour(NOON).plus(Duration.ofHours(20)));
  }

  @Test
  void a_silence_that_was_told_of_is_no_part_of_the_rhythm() {
    List<Message> messages = runs(0, NOON, QuietRows::always);
    messages.addAll(runs(NOON, NOON + 2 * DAY, QuietRows::never));
    messages.addAll(runs(NOON + 2 * DAY, NOON + 4 * DAY, QuietRows::always));
    messages.addAll(runs(NOON + 4 * DAY, NOON + 6 * DAY, QuietRows::never));

    assertThat(found(messages)).hasSize(2);
  }

  @Test
  void results_that_are_told_late_clear() {
    List<Message> messages = runs(0, NOON, QuietRows::always);
    messages.addAll(runs(NOON, NOON + DAY + 30, QuietRows::never));
    SentinelHealth.Builder back = run(NOON + DAY, true).recordId("late");
    messages.add(signal(back.time(hour(NOON + DAY).toEpochMilli() + 1)));

    DetectorHarness.Result result = QuietRows.harness().withoutJump().run(messages);
    List<Output.Settled> settled = result.settled();

    assertThat(result.findings()).hasSize(1);
    assertThat(result.findings().get(0).getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(settled.get(1).at()).isGreaterThan(settled.get(0).at());
  }

  @Test
  void more_hours_than_may_wait_are_counted() {
    int hours = QuietRuleDetector.MAX_WAITING + 3;
    List<Message> messages = runs(0, hours, hour -> hour < NOON);

    DetectorHarness.Result result =
        QuietRows.harness().watermarkEvery(hours + 1).withoutJump().run(messages);

    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("judgedEarly"))
        .containsExactly("1", "2");
    assertThat(result.largestEntry()).isBetween(10_000, 40_000);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "fails as the results stop,               0,   30, true",
    "fails a day before the last results,   -23,   40, true",
    "fails longer before,                   -26,   40, false",
    "tells of it two hours later,             1,   30, true",
    "fails only later,                        3,   30, false",
    "is well again before,                  -10,  -5, false"
  })
  void the_connector_that_fails_near_the_onset_is_named(
      String name, int from, int to, boolean named) {
    List<Message> messages = runs(0, NOON, QuietRows::always);
    messages.addAll(runs(NOON, NOON + 2 * DAY, QuietRows::never));
    messages.addAll(states("c", 0, NOON + from, Status.SUCCESS));
    messages.addAll(states("c", NOON + from, NOON + to, Status.FAILURE));
    messages.addAll(states("c", NOON + to, NOON + 2 * DAY, Status.SUCCESS));

    assertThat(found(messages).get(0).getAttributes().containsKey("connectorId")).isEqualTo(named);
  }

  @ParameterizedTest
  @CsvSource({"-5, -2, late", "-2, -5, early", "-3, -3, early", "-20, 1, early", "2, 1, late"})
  void of_several_the_nearest_before_the_onset_is_named(int early, int late, String named) {
    List<Message> messages = runs(0, NOON, QuietRows::always);
    messages.addAll(runs(NOON, NOON + 2 * DAY, QuietRows::never));
    messages.addAll(states("early", NOON + early, NOON + 2 * DAY, Status.FAILURE));
    messages.addAll(states("late", NOON + late, NOON + 2 * DAY, Status.FAILURE));

    assertThat(found(messages).get(0).getAttributes()).containsEntry("connectorId", named);
  }

  private static Arguments told(String name, int found, Consumer<SentinelHealth.Builder> then) {
    return arguments(name, found, then);
  }

  private static List<Finding> found(List<Message> messages) {
    return QuietRows.harness().withoutJump().run(Disorder.inOrder(messages)).findings();
  }
}
