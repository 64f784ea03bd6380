package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The case that the documented query is blind to: a workspace whose rules log one consolidated
 * record for a window that was given up, never the six attempts of the documentation.
 */
class FieldReportTest {
  private static final int RULES = 73;
  private static final int RECORDS = 480;
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration NINETY_DAYS = Duration.ofDays(90);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final DateTimeFormatter AMERICAN =
      DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Test
  void every_window_that_was_given_up_is_found_by_its_one_record() {
    List<SampleMessage> told = new ArrayList<>();
    Set<String> lost = new TreeSet<>();
    for (int i = 0; i < RECORDS; i++) {
      int rule = i % RULES;
      Instant window = FROM.plus(NINETY_DAYS.multipliedBy(i).dividedBy(RECORDS));
      window = Instant.ofEpochMilli(window.toEpochMilli() / HOUR.toMillis() * HOUR.toMillis());
      lost.add("rule-" + rule + " " + window);
      told.add(consolidated(rule, window));
    }
    // The other windows of those days were run, among them the ones right before and after.
    for (String each : lost) {
      int rule = Integer.parseInt(each.substring(each.indexOf('-') + 1, each.indexOf(' ')));
      Instant window = Instant.parse(each.substring(each.indexOf(' ') + 1));
      for (Instant other : List.of(window.minus(HOUR), window.plus(HOUR))) {
        if (!lost.contains("rule-" + rule + " " + other)) {
          told.add(row(rule, other, 6, "Success", "The rule ran.", "ok-" + rule + other));
        }
      }
    }

    assertThat(lost).hasSize(RECORDS);
    assertThat(skipped(told)).containsExactlyElementsOf(lost);
  }

  @Test
  void the_documented_pattern_is_found_too() {
    List<SampleMessage> told = new ArrayList<>();
    for (int attempt = 1; attempt <= 6; attempt++) {
      told.add(attempt(1, attempt));
    }
    assertThat(skipped(told)).containsExactly("rule-1 2026-03-01T00:00:00Z");
  }

  @Test
  void five_attempts_and_a_success_are_no_skipped_window() {
    List<SampleMessage> told = new ArrayList<>();
    for (int attempt = 1; attempt <= 5; attempt++) {
      told.add(attempt(1, attempt));
      told.add(attempt(1, attempt));
    }
    told.add(row(1, FROM, 40, "Success", "The rule ran.", "the-sixth"));
    assertThat(skipped(told)).isEmpty();
  }

  @Test
  void a_window_told_both_ways_and_twice_counts_once() {
    List<SampleMessage> told = new ArrayList<>();
    for (int attempt = 1; attempt <= 6; attempt++) {
      told.add(attempt(1, attempt));
      told.add(attempt(1, attempt));
    }
    told.add(consolidated(1, FROM));
    told.add(consolidated(1, FROM));
    assertThat(skipped(told)).containsExactly("rule-1 2026-03-01T00:00:00Z");
  }

  private static SampleMessage attempt(int rule, int number) {
    return row(rule, FROM, 5 + number * 5, "Failure", "It will be tried again.", "try-" + number);
  }

  private static SampleMessage consolidated(int rule, Instant window) {
    String run = AMERICAN.format(window.plus(HOUR).plusSeconds(5 * 60));
    return row(
        rule,
        window,
        35,
        "Failure",
        "Rule's scheduled run at "
            + run
            + " failed after numerous attempts. It will be re-executed over the next scheduled"
            + " time.",
        "lost-" + rule + window);
  }

  private static SampleMessage row(
      int rule, Instant window, int minutesAfter, String status, String description, String id) {
    Instant end = window.plus(HOUR);
    Instant time = end.plus(Duration.ofMinutes(minutesAfter));
    String json =
        """
        {"TimeGenerated":"%s","OperationName":"Scheduled analytics rule run",\
        "SentinelResourceId":"/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w/providers/Microsoft.SecurityInsights/alertRules/rule-%d",\
        "SentinelResourceName":"Rule %d","SentinelResourceType":"Analytics Rule","SentinelResourceKind":"Scheduled",\
        "Status":"%s","Description":"%s","WorkspaceId":"w-1","RecordId":"%s",\
        "ExtendedProperties":{"QueryStartTimeUTC":"%s","QueryEndTimeUTC":"%s","QueryFrequency":"PT1H","QueryPeriod":"PT1H","TriggerType":"Scheduled"},\
        "Type":"SentinelHealth"}"""
            .formatted(time, rule, rule, status, description, id, window, end);
    return new SampleMessage(
        Source.SENTINEL, null, time.toEpochMilli(), json.getBytes(StandardCharsets.UTF_8));
  }

  /** The windows that are found skipped, as {@code rule-<n> <start>}, sorted. */
  private static List<String> skipped(List<SampleMessage> told) {
    List<SampleMessage> inOrder = new ArrayList<>(told);
    inOrder.sort(Comparator.comparingLong(SampleMessage::eventTime));
    inOrder.add(InProcess.endAt(FROM.plus(NINETY_DAYS).plus(Duration.ofDays(2))));
    CanonicalResult result = InProcess.run(inOrder);
    assertThat(result.deadLetters()).isEmpty();
    assertThat(result.findings().values())
        .allMatch(finding -> finding.getStatus() == FindingStatus.RAISED);
    return result.findings().values().stream()
        .filter(finding -> finding.getKind() == FindingKind.SKIPPED_WINDOW)
        .map(FieldReportTest::name)
        .sorted()
        .toList();
  }

  private static String name(Finding finding) {
    String id = finding.getResource().getId();
    return id.substring(id.indexOf("rule-")) + " " + finding.getWindowStart();
  }
}
