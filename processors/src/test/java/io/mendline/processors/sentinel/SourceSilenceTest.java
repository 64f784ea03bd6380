package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.RouteHeard;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One workspace that falls silent, and another that goes on. */
class SourceSilenceTest {
  private static final Instant DAY = Instant.parse("2026-06-01T00:00:00Z");
  private static final int END = 24 * 60;

  private final List<Message> told = new ArrayList<>();

  @Test
  void five_hours_of_silence_are_one_finding_which_the_next_record_clears() {
    heard(1, 0, 600);
    heard(1, 900, END);

    assertThat(findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.getStatus()).isEqualTo(FindingStatus.CLEARED);
              assertThat(finding.getWindowStart()).isEqualTo(DAY.plus(Duration.ofHours(10)));
              assertThat(finding.getWindowEnd()).isEqualTo(DAY.plus(Duration.ofHours(15)));
              assertThat(finding.getSummary())
                  .endsWith("was silent from 2026-06-01T10:00:00Z until 2026-06-01T15:00:00Z");
            });
  }

  @Test
  void one_that_does_not_come_back_stays_raised() {
    heard(1, 0, 600);

    assertThat(findings())
        .singleElement()
        .extracting(Finding::getStatus)
        .isEqualTo(FindingStatus.RAISED);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 10, 20, 29})
  void a_short_silence_is_none(int minutes) {
    heard(1, 0, 600);
    heard(1, 600 + minutes, END);

    assertThat(findings()).isEmpty();
  }

  @Test
  void a_workspace_may_be_allowed_longer_silences() {
    heard(1, 0, 600);
    heard(1, 900, END);
    findings();
    PolicyBook policies = new PolicyBook();
    policies.put(
        Policies.parse(
            "test",
            "sentinel: {workspaces: [{workspace: '*', silence: PT6H}]}"
                .getBytes(StandardCharsets.UTF_8)));

    assertThat(harness().policies(policies).withoutJump().run(Disorder.inOrder(told)).findings())
        .isEmpty();
  }

  @Test
  void one_that_writes_by_the_hour_is_silent_after_an_hour_and_a_half() {
    heard(60, 0, 960);
    heard(60, 1_080, END);

    assertThat(findings())
        .singleElement()
        .extracting(Finding::getWindowStart)
        .isEqualTo(DAY.plus(Duration.ofMinutes(905)));
  }

  @Test
  void of_one_that_was_hardly_heard_nothing_is_said_for_a_day() {
    heard(180, 0, 400);

    assertThat(findings()).isEmpty();
  }

  @Test
  void one_that_returns_after_weeks_is_cleared_and_took_few_bytes_meanwhile() {
    heard(1, 0, 600);
    heard(1, 30 * END, 30 * END + 10);

    var result = harness().run(Disorder.inOrder(told));

    assertThat(result.found())
        .extracting(Finding::getStatus)
        .startsWith(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(result.largestEntry()).isLessThan(150);
  }

  @Test
  void order_and_restarts_change_nothing() {
    heard(7, 0, 500);
    heard(7, 740, 1_000);
    heard(7, 1_100, END);
    assertThat(findings()).hasSize(2);
    CanonicalResult expected = harness().run(Disorder.inOrder(told)).canonical();

    for (int seed = 0; seed < 50; seed++) {
      List<Message> disorder = Disorder.of(told, Duration.ofHours(2), 0.2, seed);
      assertThat(harness().restartingAfter(20 * seed, 700).run(disorder).canonical())
          .isEqualTo(expected);
    }
  }

  /** A record every so many minutes; of the other workspace there is one each minute. */
  private void heard(int every, int from, int to) {
    for (int minute = from; minute < to; minute += every) {
      Signal signal = signal(minute);
      told.add(new RouteHeard(signal.route(), signal.source(), signal.eventTime()));
      told.add(signal);
    }
  }

  private List<Finding> findings() {
    for (int minute = 0; minute < END; minute++) {
      Signal other = signal(minute);
      told.add(
          new Signal(
              Source.SENTINEL,
              "sentinel:other",
              other.subject(),
              other.eventTime(),
              other.contentId(),
              other.at(),
              other.payload()));
    }
    return harness().withoutJump().run(Disorder.inOrder(told)).findings();
  }

  private static Signal signal(int minute) {
    return RuleRecords.signal(
        RuleRecords.hourly(
                "r", "r-" + minute, DAY.plus(Duration.ofMinutes(minute)).toString(), Status.SUCCESS)
            .build());
  }

  private static DetectorHarness<SourceSilence> harness() {
    return DetectorHarness.of(SourceSilenceDetector::new);
  }
}
