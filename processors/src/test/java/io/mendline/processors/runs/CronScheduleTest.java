package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Quartz does where the clocks are changed, which is what the expected times go by. */
class CronScheduleTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Put forward: what falls into the gap is left out.
        "America/New_York | 0 30 2 * * ? | 2026-03-07T12:00:00Z | 03-09T02:30-04:00",
        "America/New_York | 0 0 3 * * ? | 2026-03-07T12:00:00Z | 03-08T03:00-04:00 03-09T03:00-04:00",
        "America/New_York | 0 0 0/1 * * ? | 2026-03-08T05:30:00Z | 03-08T01:00-05:00 03-08T03:00-04:00",
        "Europe/Berlin | 0 15 2 * * ? | 2026-03-28T12:00:00Z | 03-30T02:15+02:00",
        "Australia/Lord_Howe | 0 15 2 * * ? | 2026-10-03T12:00:00Z | 10-05T02:15+11:00",
        "Australia/Lord_Howe | 0 30 2 * * ? | 2026-10-03T12:00:00Z | 10-04T02:30+11:00 10-05T02:30+11:00",
        "America/Sao_Paulo | 0 30 0 * * ? | 2018-11-03T12:00:00Z | 11-05T00:30-02:00",
        // Put back: what comes twice fires once, the second time round.
        "America/New_York | 0 30 1 * * ? | 2026-10-31T12:00:00Z | 11-01T01:30-05:00 11-02T01:30-05:00",
        "America/New_York | 0 0 * * * ? | 2026-11-01T03:30:00Z | 11-01T00:00-04:00 11-01T01:00-05:00",
        "Europe/Berlin | 0 30 2 * * ? | 2026-10-24T12:00:00Z | 10-25T02:30+01:00 10-26T02:30+01:00",
        "Australia/Lord_Howe | 0 45 1 * * ? | 2026-04-04T00:00:00Z | 04-05T01:45+10:30 04-06T01:45+10:30",
        "America/Sao_Paulo | 0 30 23 * * ? | 2018-02-17T12:00:00Z | 02-17T23:30-03:00 02-18T23:30-03:00",
        // Neither.
        "Asia/Kolkata | 0 30 2 * * ? | 2026-03-28T12:00:00Z | 03-29T02:30+05:30 03-30T02:30+05:30",
        "UTC | 0 30 2 * * ? | 2026-03-28T12:00:00Z | 03-29T02:30Z 03-30T02:30Z",
        "UTC | 0 0 8 ? * MON-FRI | 2026-03-27T12:00:00Z | 03-30T08:00Z 03-31T08:00Z",
        "UTC | 0 0 0 L * ? | 2026-02-27T12:00:00Z | 02-28T00:00Z 03-31T00:00Z",
        "UTC | 0 0 0 ? * 6#3 | 2026-02-27T12:00:00Z | 03-20T00:00Z 04-17T00:00Z",
        "UTC | 0 0 12 15W * ? | 2026-02-27T12:00:00Z | 03-16T12:00Z 04-15T12:00Z",
        "UTC | 17 0/20 * * * ? | 2026-02-27T12:00:00Z | 02-27T12:00:17Z 02-27T12:20:17Z",
      })
  void it_fires_as_quartz_does(String zone, String cron, Instant from, String expected) {
    CronSchedule schedule = CronSchedule.of(cron, zone);
    List<String> fired = new ArrayList<>();
    long at = from.toEpochMilli();
    for (String ignored : expected.split(" ", -1)) {
      at = schedule.after(at);
      fired.add(
          Instant.ofEpochMilli(at)
              .atZone(ZoneId.of(zone))
              .toOffsetDateTime()
              .toString()
              .substring("2026-".length()));
    }

    assertThat(String.join(" ", fired)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "America/New_York, 2026-11-01T05:30:00Z, 0",
    "America/New_York, 2026-11-01T06:30:00Z, 3600",
    "America/New_York, 2026-11-01T07:00:00Z, 0",
    "Australia/Lord_Howe, 2026-04-04T15:15:00Z, 1800",
    "Asia/Kolkata, 2026-04-04T15:15:00Z, 0",
  })
  void it_tells_what_the_clock_has_shown_before(String zone, Instant at, long seconds) {
    assertThat(CronSchedule.of("0 0 * * * ?", zone).repeated(at.toEpochMilli()))
        .isEqualTo(seconds * 1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "every day | UTC",
        "0 30 2 * * | UTC",
        "0 77 * * * ? | UTC",
        "0 0 * * * ? | Nowhere/Town",
        "'' | UTC"
      })
  void what_cannot_be_read_is_said(String cron, String zone) {
    assertThatThrownBy(() -> CronSchedule.of(cron, zone))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(".+");
  }

  @ParameterizedTest
  @CsvSource({"0 0 0 30 2 ?", "0 0 0 1 1 ? 2020"})
  void what_never_comes_is_not_expected(String cron) {
    long now = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

    assertThat(CronSchedule.of(cron, null).after(now)).isEqualTo(Expectation.NEVER);
  }
}
