package io.mendline.processors.sentinel;

import static io.mendline.processors.sentinel.QuietRows.DAY;
import static io.mendline.processors.sentinel.QuietRows.NOON;
import static io.mendline.processors.sentinel.QuietRows.hour;
import static io.mendline.processors.sentinel.QuietRows.runs;
import static io.mendline.processors.sentinel.QuietRows.states;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rule that returns results in office hours returns none from a Wednesday noon on. */
class QuietRuleStoryTest {
  private static final int FRIDAY = NOON + 2 * DAY;
  private static final int EVENING = FRIDAY + 6;
  private static final int NEXT_WEEK = NOON + 5 * DAY;

  @Test
  void it_goes_quiet_when_a_connector_fails_and_comes_back() {
    List<Message> messages = new ArrayList<>(runs(0, NOON, QuietRows::open));
    messages.addAll(runs(NOON, FRIDAY, hour -> false));
    messages.addAll(runs(FRIDAY, NEXT_WEEK, QuietRows::open));
    messages.addAll(states("firewall", 0, NOON, Status.SUCCESS));
    messages.addAll(states("firewall", NOON, FRIDAY, Status.FAILURE));
    messages.addAll(states("firewall", FRIDAY, NEXT_WEEK, Status.SUCCESS));
    messages.addAll(states("office", 0, NEXT_WEEK, Status.SUCCESS));

    DetectorHarness.Result result = QuietRows.harness().run(Disorder.inOrder(messages));

    assertThat(result.findings()).hasSize(1);
    Finding raised = result.found().get(0);
    assertThat(raised.getKind()).isEqualTo(FindingKind.RULE_QUIET);
    assertThat(raised.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(raised.getResource().getType()).isEqualTo(ResourceType.SENTINEL_RULE);
    assertThat(raised.getResource().getId()).isEqualTo("r1");
    assertThat(raised.getSeverity()).isEqualTo(Severity.LOW);
    assertThat(raised.getConfidence()).isEqualTo(Confidence.HIGH);
    assertThat(raised.getWindowStart()).isEqualTo(hour(NOON));
    assertThat(raised.getOccurredAt()).isBetween(hour(NOON + DAY), hour(FRIDAY));
    assertThat(raised.getAttributes())
        .containsEntry("ruleName", "Rule r1")
        .containsEntry("onset", hour(NOON).toString())
        .containsEntry("lastResultAt", hour(NOON - 1).plus(Duration.ofMinutes(5)).toString())
        .containsEntry("connectorId", "firewall")
        .containsEntry("connectorName", "The firewall")
        .containsEntry("connectorState", "FAILING")
        .containsEntry("connectorSince", hour(NOON).plus(Duration.ofMinutes(10)).toString());
    long quietRuns = Long.parseLong(raised.getAttributes().get("quietRuns"));
    assertThat(hour(NOON + quietRuns)).isEqualTo(raised.getOccurredAt());
    assertThat(Integer.parseInt(raised.getAttributes().get("expectedResults"))).isBetween(8, 16);
    assertThat(raised.getSummary())
        .startsWith("Rule Rule r1 runs well and returned nothing since ")
        .endsWith("; connector The firewall had been failing since 2026-07-01T12:10:00Z");

    Finding cleared = result.findings().get(0);
    assertThat(cleared.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(cleared.getRevision()).isEqualTo(2);
    assertThat(cleared.getWindowEnd()).isEqualTo(hour(FRIDAY).plus(Duration.ofMinutes(5)));
    assertThat(cleared.getAttributes())
        .containsEntry("clearedBecause", "recovered")
        .containsEntry("connectorId", "firewall")
        .containsEntry("quietRuns", "48");
    assertThat(cleared.getSummary()).endsWith("; it returns results again");

    assertThat(result.settled())
        .extracting(settled -> settled.finding().getStatus())
        .containsExactly(FindingStatus.RAISED, FindingStatus.CLEARED);
    assertThat(result.settled())
        .extracting(Output.Settled::at)
        .containsExactly(
            raised.getOccurredAt().toEpochMilli(),
            hour(FRIDAY).plus(Duration.ofMinutes(6)).toEpochMilli());
    assertThat(result.largestEntry()).isLessThan(1_500);
    assertThat(result.keys()).isZero();
  }

  @Test
  void a_connector_that_is_not_heard_any_more_is_named_as_silent() {
    List<Message> messages = new ArrayList<>(runs(0, NOON, QuietRows::open));
    messages.addAll(runs(NOON, EVENING, hour -> false));
    messages.addAll(states("firewall", 0, NOON, Status.SUCCESS));
    messages.addAll(states("office", 0, EVENING, Status.SUCCESS));

    Finding raised =
        QuietRows.harness().withoutJump().run(Disorder.inOrder(messages)).findings().get(0);

    assertThat(raised.getAttributes())
        .containsEntry("connectorId", "firewall")
        .containsEntry("connectorState", "SILENT")
        .containsEntry("connectorSince", hour(NOON).toString());
    assertThat(raised.getSummary())
        .endsWith("; connector The firewall had not been heard since 2026-07-01T12:00:00Z");
  }

  @Test
  void without_a_connector_in_trouble_none_is_named() {
    List<Message> messages = new ArrayList<>(runs(0, NOON, QuietRows::open));
    messages.addAll(runs(NOON, EVENING, hour -> false));
    messages.addAll(states("office", 0, EVENING, Status.SUCCESS));

    Finding raised =
        QuietRows.harness().withoutJump().run(Disorder.inOrder(messages)).findings().get(0);

    assertThat(raised.getAttributes()).doesNotContainKey("connectorId");
    assertThat(raised.getConfidence()).isEqualTo(Confidence.MEDIUM);
  }

  @Test
  void what_stays_quiet_for_two_weeks_is_the_new_level_and_is_told_once() {
    List<Message> messages = new ArrayList<>(runs(0, NOON, QuietRows::open));
    messages.addAll(runs(NOON, NOON + 30 * DAY, hour -> false));

    DetectorHarness.Result result =
        QuietRows.harness().withoutJump().run(Disorder.inOrder(messages));

    assertThat(result.findings()).hasSize(1);
    Finding cleared = result.findings().get(0);
    assertThat(cleared.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(cleared.getWindowEnd()).isEqualTo(hour(NOON + 14 * DAY));
    assertThat(cleared.getAttributes()).containsEntry("clearedBecause", "relearned");
    assertThat(cleared.getSummary())
        .endsWith("; it has stayed so for 14 days, which is taken for its new level");
  }
}
