package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Attempt;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A day of pools and services as their monitors write it, a sample a minute: from what was measured
 * to what people were asked, what was done about it, and that it helped.
 */
class CapacityStoryTest {
  private static final Instant DAY = Instant.parse("2026-03-02T00:00:00Z");
  private static final String POOL = "registry";

  /** The second node carries three tenants, one of them idle; the fourth carries none yet. */
  private static final String POLICY =
      """
      mode: auto
      capacity:
        pools:
          - scope: registry
            members:
              - {name: alpha, weight: 20, node: registry-0}
              - {name: beta, weight: 60, node: registry-1}
              - {name: gamma, weight: 30, node: registry-1}
              - {name: delta, weight: 0.5, node: registry-1}
              - {name: epsilon, weight: 25, node: registry-2}
            nodes: [registry-3]
      """;

  private final StoryRuntime story = new StoryRuntime();
  private final LocalRuntime runtime =
      StoryRuntime.of(POLICY, source -> source.defaultLateness().toMillis(), story::note);
  private long offset;

  /** As which monitor the samples of a pool are written, all nodes of a minute in one message. */
  enum Shape {
    PLAIN(
        "[%s]",
        "{\"time\": \"%1$s\", \"scope\": \"%2$s\", \"node\": \"%2$s-%3$d\", \"metric\":"
            + " \"cpu_percent\", \"value\": %4$.1f}"),
    AZURE_MONITOR(
        "{\"records\": [%s]}",
        "{\"time\": \"%1$s\", \"resourceId\": \"%2$s\", \"instance\": \"%2$s-%3$d\","
            + " \"metricName\": \"CpuPercentage\", \"timeGrain\": \"PT1M\", \"count\": 1,"
            + " \"total\": %4$.1f, \"average\": %4$.1f, \"minimum\": %4$.1f, \"maximum\":"
            + " %4$.1f}"),
    OPEN_TELEMETRY(
        "{\"resourceMetrics\": [%s]}",
        "{\"resource\": {\"attributes\": [{\"key\": \"service.name\", \"value\": {\"stringValue\":"
            + " \"%2$s\"}}, {\"key\": \"host.name\", \"value\": {\"stringValue\": \"%2$s-%3$d\"}}]},"
            + " \"scopeMetrics\": [{\"metrics\": [{\"name\": \"cpu.percent\", \"gauge\":"
            + " {\"dataPoints\": [{\"timeUnixNano\": \"%5$d\", \"asDouble\": %4$.1f}]}}]}]}");

    private final String message;
    private final String sample;

    Shape(String message, String sample) {
      this.message = message;
      this.sample = sample;
    }

    String json(Instant at, String pool, double... values) {
      return message.formatted(
          IntStream.range(0, values.length)
              .mapToObj(
                  node ->
                      sample.formatted(at, pool, node, values[node], at.toEpochMilli() * 1_000_000))
              .collect(Collectors.joining(", ")));
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void a_hot_node_is_asked_about_relieved_when_approved_and_resolved_when_it_has_cooled(
      Shape shape) {
    minutes(0, 360, shape, 43);
    minutes(360, 377, shape, 92);
    until("06:17");
    assertThat(story.findings).as("a spike and 17 hot minutes of 377").isEmpty();

    minutes(377, 400, shape, 92);
    Finding hot = finding(FindingKind.HOT_NODE);
    assertThat(hot.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(hot.getOccurredAt()).as("19 minutes of 378, so 5 %%").isEqualTo(at("06:18"));
    assertThat(hot.getResource().getType()).isEqualTo(ResourceType.NODE_POOL);
    assertThat(hot.getResource().getId()).isEqualTo(POOL);
    assertThat(hot.getAttributes())
        .containsEntry("hotNode", "registry-1")
        .containsEntry("hotNodeP95", "92")
        .containsEntry("singleSampleMaximum", "96");
    assertThat(Double.parseDouble(hot.getAttributes().get("poolAverage"))).isLessThan(20);

    assertThat(incident(hot).getStatus()).isEqualTo(IncidentStatus.AWAITING_APPROVAL);
    assertThat(story.commands).as("never without approval, though the mode is auto").isEmpty();
    Command asked = request().getCommand();
    assertThat(asked.getAction()).isEqualTo(Action.REBALANCE_POOL);
    assertThat(asked.getTarget().getId()).isEqualTo(POOL);
    assertThat(asked.getParameters())
        .containsEntry("hotNode", "registry-1")
        .containsEntry("stopAbove", "92")
        .containsEntry(
            "plan",
            "[{\"phase\":\"IDLE\",\"moves\":[{\"member\":\"delta\",\"from\":\"registry-1\",\"to\":"
                + "\"registry-3\"}],\"observe\":\"PT1H\"},"
                + "{\"phase\":\"LARGEST\",\"moves\":[{\"member\":\"gamma\",\"from\":\"registry-1\","
                + "\"to\":\"registry-3\"}],\"observe\":\"PT48H\"}]");
    assertThat(asked.getReason()).endsWith("a plan of 2 moves in 2 steps");

    decided(asked, "APPROVED", "06:40");
    minutes(400, 410, shape, 92);
    assertThat(story.commands)
        .extracting(Command::getId, Command::getStatus, Command::getParameters)
        .containsExactly(tuple(asked.getId(), CommandStatus.ISSUED, asked.getParameters()));
    assertThat(incident(hot).getStatus()).isEqualTo(IncidentStatus.REMEDIATING);

    minutes(410, 420, shape, 92);
    reported(asked, "SUCCEEDED", "07:00");
    minutes(420, 1_103, shape, 28.5);
    until("18:23");
    assertThat(finding(FindingKind.HOT_NODE).getStatus())
        .as("37 hot minutes are left of 720")
        .isEqualTo(FindingStatus.RAISED);
    assertThat(incident(hot).getStatus()).isEqualTo(IncidentStatus.VERIFYING);

    minutes(1_103, 1_110, shape, 28.5);
    assertThat(finding(FindingKind.HOT_NODE))
        .satisfies(
            cleared -> {
              assertThat(cleared.getId()).isEqualTo(hot.getId());
              assertThat(cleared.getStatus()).isEqualTo(FindingStatus.CLEARED);
              assertThat(cleared.getAttributes())
                  .containsEntry("clearedBecause", "below")
                  .containsEntry("hotNodeP95Now", "28.5");
            });
    Incident over = incident(hot);
    assertThat(over.getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(over.getResolvedAt()).isEqualTo(at("18:24"));
    assertThat(over.getAttempts())
        .extracting(Attempt::getAction, Attempt::getStatus)
        .containsExactly(tuple(Action.REBALANCE_POOL, AttemptStatus.SUCCEEDED));
    assertThat(last(story.alerts).getStatus()).isEqualTo(AlertStatus.CLEARED);
    assertThat(story.findings).as("nothing else was found").hasSize(1);
    assertThat(story.commands).as("it was done once").hasSize(1);
  }

  @Test
  void what_cools_before_anybody_approved_is_not_asked_for_any_more() {
    minutes(0, 360, Shape.PLAIN, 43);
    minutes(360, 400, Shape.PLAIN, 92);
    Command asked = request().getCommand();

    minutes(400, 1_100, Shape.PLAIN, 28.5);
    decided(asked, "APPROVED", "18:20");
    until("18:40");

    Finding hot = finding(FindingKind.HOT_NODE);
    assertThat(hot.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(incident(hot).getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(story.commands).isEmpty();
    assertThat(story.alerts)
        .extracting(Alert::getKind, Alert::getStatus)
        .containsExactly(
            tuple(AlertKind.APPROVAL_REQUEST, AlertStatus.RAISED),
            tuple(AlertKind.APPROVAL_REQUEST, AlertStatus.CLEARED));
  }

  @Test
  void who_denies_it_hands_it_to_people_until_it_has_cooled_by_itself() {
    minutes(0, 360, Shape.PLAIN, 43);
    minutes(360, 400, Shape.PLAIN, 92);
    decided(request().getCommand(), "DENIED", "06:45");
    minutes(400, 420, Shape.PLAIN, 92);

    assertThat(incident(finding(FindingKind.HOT_NODE)).getStatus())
        .isEqualTo(IncidentStatus.ESCALATED);
    assertThat(story.alerts)
        .filteredOn(alert -> alert.getStatus() == AlertStatus.RAISED)
        .extracting(Alert::getKind)
        .containsExactly(AlertKind.APPROVAL_REQUEST, AlertKind.ESCALATION);

    minutes(420, 1_120, Shape.PLAIN, 28.5);
    assertThat(incident(finding(FindingKind.HOT_NODE)).getStatus())
        .isEqualTo(IncidentStatus.RESOLVED);
    assertThat(last(story.alerts).getStatus()).isEqualTo(AlertStatus.CLEARED);
    assertThat(story.commands).isEmpty();
  }

  @Test
  void answers_below_their_floor_are_told_to_people_and_resolved_when_they_are_right_again() {
    for (int minute = 0; minute < 300; minute += 5) {
      double value = minute == 60 ? 0.4 : minute >= 120 && minute < 200 ? 0.7 : 0.9;
      accept(
          Source.METRICS,
          DAY.plus(Duration.ofMinutes(minute)),
          "{\"time\": \"%s\", \"scope\": \"assistant\", \"metric\": \"faithfulness\", \"value\": %s}"
              .formatted(DAY.plus(Duration.ofMinutes(minute)), value));
      if (minute == 190) {
        Finding low = finding(FindingKind.METRIC_BREACHED);
        assertThat(low.getResource().getId()).isEqualTo("assistant/faithfulness");
        assertThat(low.getAttributes())
            .containsEntry("since", at("02:00").toString())
            .containsEntry("floor", "0.75");
        assertThat(incident(low).getStatus()).isEqualTo(IncidentStatus.ESCALATED);
        assertThat(last(story.alerts).getStatus()).isEqualTo(AlertStatus.RAISED);
      }
    }
    until("06:00");

    Finding right = finding(FindingKind.METRIC_BREACHED);
    assertThat(right.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(incident(right).getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(story.alerts)
        .extracting(Alert::getStatus)
        .containsExactly(AlertStatus.RAISED, AlertStatus.CLEARED);
    assertThat(story.findings).hasSize(1);
  }

  @Test
  void requests_that_all_go_to_one_member_are_told_with_why_and_resolved_when_spread() {
    for (int minute = 0; minute < 240; minute++) {
      boolean sticky = minute >= 60 && minute < 150;
      String samples =
          "[%s]"
              .formatted(
                  IntStream.range(0, 3)
                      .mapToObj(
                          member ->
                              sample(member, sticky ? (member == 2 ? 150 : 0) : 50 + 5 * member))
                      .collect(Collectors.joining(", ")));
      Instant at = DAY.plus(Duration.ofMinutes(minute));
      accept(Source.METRICS, at, samples.replace("TIME", at.toString()));
    }
    until("05:00");

    Finding skew = finding(FindingKind.LOAD_SKEW);
    assertThat(skew.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(skew.getStatus()).isEqualTo(FindingStatus.CLEARED);
    assertThat(incident(skew).getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(incident(skew).getRootCause().getKey()).isEqualTo("capacity/one-member-has-all");
    // At first one had too many, then one had all.
    assertThat(story.alerts)
        .extracting(Alert::getStatus)
        .containsExactly(AlertStatus.RAISED, AlertStatus.RAISED, AlertStatus.CLEARED);
    assertThat(story.alerts)
        .extracting(Alert::getDedupKey)
        .containsOnly(story.alerts.get(0).getDedupKey());
    assertThat(story.alerts.get(1).getMessage()).contains("session affinity");
    assertThat(story.findings).hasSize(1);
    assertThat(story.commands).isEmpty();
  }

  private static String sample(int member, int requests) {
    return "{\"time\": \"TIME\", \"scope\": \"gateway\", \"node\": \"gateway-%d\", \"metric\":"
            .formatted(member)
        + " \"requests\", \"value\": %d}".formatted(requests);
  }

  /** The pool from one minute to another, its second node at that; one sample of it is a spike. */
  private void minutes(int from, int to, Shape shape, double second) {
    for (int minute = from; minute < to; minute++) {
      Instant at = DAY.plus(Duration.ofMinutes(minute));
      accept(Source.METRICS, at, shape.json(at, POOL, 9, minute == 200 ? 96 : second, 5, 2));
    }
  }

  private void decided(Command command, String decision, String time) {
    accept(
        Source.APPROVALS,
        at(time),
        "{\"commandId\": \"%s\", \"decision\": \"%s\", \"by\": \"ann\", \"at\": \"%s\"}"
            .formatted(command.getId(), decision, at(time)));
  }

  private void reported(Command command, String status, String time) {
    accept(
        Source.OUTCOMES,
        at(time),
        "{\"commandId\": \"%s\", \"status\": \"%s\", \"actor\": \"executor\", \"at\": \"%s\"}"
            .formatted(command.getId(), status, at(time)));
  }

  /** Something happens elsewhere, so that every clock passes an instant. */
  private void until(String time) {
    Instant at = at(time).plus(Duration.ofMinutes(2));
    accept(
        Source.CHANGES,
        at,
        "{\"id\": \"elsewhere-%s\", \"at\": \"%s\", \"service\": \"elsewhere\"}"
            .formatted(time, at));
  }

  private static Instant at(String time) {
    return DAY.plus(
        Duration.ofMinutes(
            60L * Integer.parseInt(time.substring(0, 2)) + Integer.parseInt(time.substring(3))));
  }

  private Finding finding(FindingKind kind) {
    List<Finding> found =
        story.findings.values().stream().filter(finding -> finding.getKind() == kind).toList();
    assertThat(found).as(kind.name().toLowerCase(Locale.ROOT)).hasSize(1);
    return found.get(0);
  }

  private Incident incident(Finding of) {
    return story.incidents.values().stream()
        .filter(incident -> incident.getFindingIds().contains(of.getId()))
        .findFirst()
        .orElseThrow();
  }

  private Alert request() {
    return story.alerts.stream()
        .filter(alert -> alert.getKind() == AlertKind.APPROVAL_REQUEST)
        .findFirst()
        .orElseThrow();
  }

  private static <T> T last(List<T> all) {
    return all.get(all.size() - 1);
  }

  private void accept(Source source, Instant at, String json) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.defaultTopic(), 0, offset++),
                at.toEpochMilli(),
                null,
                json.getBytes(UTF_8))));
  }
}
