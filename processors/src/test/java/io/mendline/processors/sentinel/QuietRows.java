package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** Runs of one rule and states of connectors, by the hour after a Monday's midnight. */
final class QuietRows {
  static final Instant BEGIN = Instant.parse("2026-06-01T00:00:00Z");
  static final long HOUR = Duration.ofHours(1).toMillis();
  static final int DAY = 24;
  static final int WEEK = 7 * DAY;

  /** Noon of a Wednesday in the fifth week: thirty days of a rule are known. */
  static final int NOON = 4 * WEEK + 2 * DAY + 12;

  private QuietRows() {}

  static Instant hour(long hour) {
    return BEGIN.plusMillis(hour * HOUR);
  }

  /** Whether an office is open: from 8 to 17 on weekdays. */
  static boolean open(long hour) {
    return hour % WEEK < 5 * DAY && hour % DAY >= 8 && hour % DAY < 17;
  }

  /** Whether an office with shifts is open: from 7 to 20 on weekdays. */
  static boolean openLong(long hour) {
    return hour % WEEK < 5 * DAY && hour % DAY >= 7 && hour % DAY < 20;
  }

  static boolean always(long hour) {
    return true;
  }

  static boolean never(long hour) {
    return false;
  }

  /** In about one hour of eight, without any order. */
  static boolean nowAndThen(long hour) {
    return ((hour * 0x9E3779B97F4A7C15L) >>> 61) == 0;
  }

  /** An hourly rule's run, five minutes after the hour. */
  static SentinelHealth.Builder run(long hour, boolean something) {
    String at = hour(hour).plus(Duration.ofMinutes(5)).toString();
    return RuleRecords.hourly("r1", "run " + hour, at, Status.SUCCESS)
        .queryResultAmount(something ? 1 + hour % 7 : 0);
  }

  static Message signal(SentinelHealth.Builder row) {
    return RuleRecords.signal(row.build());
  }

  /** Hourly runs, with something where a test says so. */
  static List<Message> runs(long from, long to, LongPredicate something) {
    List<Message> runs = new ArrayList<>();
    for (long hour = from; hour < to; hour++) {
      runs.add(signal(run(hour, something.test(hour))));
    }
    return runs;
  }

  /** States of a connector, ten minutes after the hour. */
  static List<Message> states(String connector, long from, long to, Status status) {
    List<Message> states = new ArrayList<>();
    for (long hour = from; hour < to; hour++) {
      String at = hour(hour).plus(Duration.ofMinutes(10)).toString();
      states.add(HealthRecords.signal(HealthRecords.state(connector, at, status)));
    }
    return states;
  }

  static DetectorHarness<RuleRhythm> harness() {
    return DetectorHarness.of(QuietRuleDetector::new).watermarkEvery(3);
  }
}
