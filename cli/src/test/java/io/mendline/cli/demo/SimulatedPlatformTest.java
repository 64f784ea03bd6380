package io.mendline.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Decision;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Risk;
import io.mendline.schemas.Severity;
import io.mendline.serdes.json.AvroJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatedPlatformTest {
  private static final PlatformScript SCRIPT =
      PlatformScript.parse(
          bytes(
              """
              runs:
                default: {recoversAtAttempt: 1, runsFor: PT4M, cleanUp: PT20S}
                "77": {recoversAtAttempt: 2}
                "78": {recoversAtAttempt: never}
              windows:
                default: {succeeds: true, after: PT10M}
                "rule-1 2026-06-10T05:00:00Z": {succeeds: false}
              approvals:
                ROLLBACK_CHANGE: {decision: APPROVED, by: dana, after: PT5M, comment: Agreed.}
              rollbacks:
                "shop#12": {scope: shop/claude, after: PT10M, ratio: 0.5}
              rebalances:
                shop: {takes: PT1H, keeps: 0.6}
              """));
  private static final String FAILED_RUN =
      """
      {"job_id":7,"run_id":%s,"start_time":1781057100000,"end_time":1781057340000,"status":{"state":"TERMINATED",
      "termination_details":{"code":"CLOUD_FAILURE","type":"CLOUD_FAILURE","message":"no machines"}},"tasks":[
      {"run_id":771,"task_key":"load","attempt_number":0,"start_time":1781057100000,"end_time":1781057200000,
      "status":{"state":"TERMINATED","termination_details":{"code":"SUCCESS","type":"SUCCESS","message":""}}},
      {"run_id":772,"task_key":"merge","attempt_number":0,"start_time":1781057200000,"end_time":1781057340000,
      "status":{"state":"TERMINATED","termination_details":{"code":"CLOUD_FAILURE","type":"CLOUD_FAILURE",
      "message":"no machines"}}}]}""";
  private static final long NOW = at("2026-06-10T02:11:00Z");

  private final SimulatedPlatform platform = new SimulatedPlatform(SCRIPT);

  @Test
  void aRepairIsReportedAndThenTheRunIsToldAsSucceeded() {
    run("76");

    List<Delivery> told = platform.answer(repair("76", 1), NOW);

    assertThat(told)
        .extracting(Delivery::source)
        .containsExactly(Source.OUTCOMES, Source.OUTCOMES, Source.RUNS);
    assertThat(outcome(told.get(0)).getStatus()).isEqualTo(OutcomeStatus.ACCEPTED);
    assertThat(outcome(told.get(0)).getAt()).isEqualTo("2026-06-10T02:11:05Z");
    assertThat(outcome(told.get(1)).getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
    assertThat(outcome(told.get(1)).getAt()).isEqualTo("2026-06-10T02:15:05Z");
    JsonNode run = Json.read(told.get(2).value());
    assertThat(run.get("end_time").asLong()).isEqualTo(at("2026-06-10T02:15:25Z"));
    assertThat(code(run)).isEqualTo("SUCCESS");
    assertThat(run.get("repair_history")).hasSize(2);
    assertThat(run.at("/repair_history/1/type").asText()).isEqualTo("REPAIR");
    assertThat(run.at("/tasks/0/run_id").asLong()).as("had succeeded").isEqualTo(771);
    assertThat(run.at("/tasks/1/attempt_number").asInt()).isEqualTo(1);
    assertThat(code(run.at("/tasks/1"))).isEqualTo("SUCCESS");
  }

  @Test
  void aRepairThatDoesNotHelpFailsAsBeforeUntilTheOneThatDoes() {
    run("77");

    List<Delivery> first = platform.answer(repair("77", 1), NOW);
    List<Delivery> second = platform.answer(repair("77", 2), NOW + 600_000);

    assertThat(outcome(first.get(1)).getStatus()).isEqualTo(OutcomeStatus.FAILED);
    assertThat(first.get(1).at()).as("after the run has ended").isGreaterThan(first.get(2).at());
    assertThat(code(Json.read(first.get(2).value()))).isEqualTo("CLOUD_FAILURE");
    assertThat(outcome(second.get(1)).getStatus()).isEqualTo(OutcomeStatus.SUCCEEDED);
    JsonNode mended = Json.read(second.get(2).value());
    assertThat(code(mended)).isEqualTo("SUCCESS");
    assertThat(mended.get("repair_history")).hasSize(3);
  }

  @Test
  void whatNeverRecoversFailsEveryTime() {
    run("78");

    for (int attempt = 1; attempt <= 3; attempt++) {
      List<Delivery> told = platform.answer(repair("78", attempt), NOW + attempt * 600_000L);
      assertThat(outcome(told.get(1)).getStatus()).isEqualTo(OutcomeStatus.FAILED);
    }
  }

  @Test
  void aRunThatIsNotThereCannotBeRepaired() {
    assertThat(platform.answer(repair("79", 1), NOW))
        .singleElement()
        .satisfies(told -> assertThat(outcome(told).getStatus()).isEqualTo(OutcomeStatus.REJECTED));
  }

  @Test
  void aCommandThatComesTwiceActsOnce() {
    run("76");

    assertThat(platform.answer(repair("76", 1), NOW)).isNotEmpty();
    assertThat(platform.answer(repair("76", 1), NOW)).isEmpty();
    assertThat(platform.answer(repair("76", 1), NOW + 60_000)).isEmpty();
  }

  @Test
  void theSameCommandGivesTheSameAnswers() {
    run("76");
    SimulatedPlatform another = new SimulatedPlatform(SCRIPT);
    another.tell(new Delivery(NOW, Source.RUNS, null, bytes(FAILED_RUN.formatted("76"))));

    assertThat(another.answer(repair("76", 1), NOW))
        .usingRecursiveComparison()
        .isEqualTo(platform.answer(repair("76", 1), NOW));
  }

  @Test
  void noAnswerToADryRunOrARevocationNorToTheCommandThatWasRevokedBefore() {
    run("76");
    Command dryRun = Command.newBuilder(repair("76", 1)).setDryRun(true).build();
    Command revoked = Command.newBuilder(repair("76", 2)).setStatus(CommandStatus.REVOKED).build();

    assertThat(platform.answer(dryRun, NOW)).isEmpty();
    assertThat(platform.answer(revoked, NOW)).isEmpty();
    assertThat(platform.answer(repair("76", 2), NOW)).isEmpty();
  }

  @Test
  void aWindowIsReplayedAndToldAsASuccessOfThatWindow() {
    List<Delivery> told =
        platform.answer(replay("2026-06-10T03:00:00Z", "2026-06-10T04:00:00Z"), NOW);

    assertThat(told)
        .extracting(Delivery::source)
        .containsExactly(Source.OUTCOMES, Source.OUTCOMES, Source.SENTINEL);
    JsonNode row = Json.read(told.get(2).value());
    assertThat(row.get("Status").asText()).isEqualTo("Success");
    assertThat(row.get("SentinelResourceId").asText()).isEqualTo("/alertrules/rule-1");
    assertThat(row.at("/ExtendedProperties/QueryStartTimeUTC").asText())
        .isEqualTo("2026-06-10T03:00:00Z");
    assertThat(row.at("/ExtendedProperties/QueryEndTimeUTC").asText())
        .isEqualTo("2026-06-10T04:00:00Z");
    assertThat(row.at("/ExtendedProperties/QueryFrequency").asText()).isEqualTo("PT1H");
    assertThat(row.get("TimeGenerated").asText())
        .isEqualTo(Instant.ofEpochMilli(told.get(2).at()).toString());
  }

  @Test
  void aReplayThatFailsLeavesNoSuccess() {
    List<Delivery> told =
        platform.answer(replay("2026-06-10T05:00:00Z", "2026-06-10T06:00:00Z"), NOW);

    assertThat(told).extracting(Delivery::source).doesNotContain(Source.SENTINEL);
    assertThat(outcome(told.get(1)).getStatus()).isEqualTo(OutcomeStatus.FAILED);
  }

  @Test
  void aPersonApprovesOnce() {
    Alert request = request(command("c-3", Action.ROLLBACK_CHANGE, "shop/claude", 1, Map.of()));

    List<Delivery> told = platform.answer(request, NOW);

    assertThat(told).hasSize(1);
    Approval approval = new AvroJson<>(Approval.class).read(told.get(0).value());
    assertThat(approval.getCommandId()).isEqualTo("c-3");
    assertThat(approval.getDecision()).isEqualTo(Decision.APPROVED);
    assertThat(approval.getBy()).isEqualTo("dana");
    assertThat(approval.getAt()).isEqualTo("2026-06-10T02:16:00Z");
    assertThat(platform.answer(request, NOW)).isEmpty();
  }

  @Test
  void nobodyAnswersForAnActionThatIsNotNamed() {
    Alert request = request(command("c-4", Action.CANCEL_RUN, "4/7", 1, Map.of()));

    assertThat(platform.answer(request, NOW)).isEmpty();
  }

  @Test
  void afterTheRollbackTheShareOfCachedTokensIsAsItWas() {
    Delivery before = rollUp(NOW);
    Delivery after = rollUp(NOW + 3_600_000);
    Delivery elsewhere =
        new Delivery(
            NOW + 3_600_000,
            Source.CACHE,
            null,
            bytes("{\"service\":\"shop\",\"model\":\"gpt\",\"usage\":{\"prompt_tokens\":7}}"));

    assertThat(platform.answer(rollback(), NOW)).hasSize(2);

    assertThat(platform.tell(before).value()).isEqualTo(before.value());
    assertThat(platform.tell(elsewhere).value()).isEqualTo(elsewhere.value());
    JsonNode usage = Json.read(platform.tell(after).value()).get("usage");
    assertThat(usage.get("cache_read_input_tokens").asLong()).isEqualTo(500);
    assertThat(usage.get("input_tokens").asLong()).isEqualTo(375);
    assertThat(usage.get("cache_creation_input_tokens").asLong()).isEqualTo(125);
  }

  @Test
  void afterTheMovesTheHotNodeIsRelievedAndThoseBearItWhoTookTheMembers() {
    Delivery elsewhere =
        new Delivery(
            NOW + 7_200_000,
            Source.METRICS,
            null,
            bytes("{\"scope\":\"shop\",\"metric\":\"cpu\",\"node\":\"n1\",\"value\":90}"));

    List<Delivery> told = platform.answer(rebalance("shop", true), NOW);

    assertThat(told)
        .extracting(delivery -> outcome(delivery).getStatus())
        .containsExactly(OutcomeStatus.ACCEPTED, OutcomeStatus.SUCCEEDED);
    assertThat(outcome(told.get(1)).getAt()).isEqualTo("2026-06-10T03:11:05Z");
    assertThat(outcome(told.get(1)).getDetail()).isEqualTo("3 members moved off n1");
    Delivery before = gauge("shop", NOW + 3_000_000);
    Delivery another = gauge("bakery", NOW + 7_200_000);
    for (Delivery same : List.of(before, another, elsewhere)) {
      assertThat(platform.tell(same).value()).isEqualTo(same.value());
    }
    JsonNode after = Json.read(platform.tell(gauge("shop", NOW + 7_200_000)).value());
    assertThat(after.findValuesAsText("asDouble"))
        .as("n1, n2 with two members, n3 with one, n4")
        .containsExactly("54.0", "34.0", "22.0", "5.0");
    assertThat(after.findValue("timeUnixNano").asText()).isEqualTo("17");
  }

  @Test
  void whoKnowsNoPoolOrNoPlanMovesNobody() {
    for (Command command : List.of(rebalance("bakery", true), rebalance("shop", false))) {
      assertThat(platform.answer(command, NOW))
          .singleElement()
          .satisfies(
              told -> assertThat(outcome(told).getStatus()).isEqualTo(OutcomeStatus.REJECTED));
    }
    Delivery gauge = gauge("shop", NOW + 7_200_000);
    assertThat(platform.tell(gauge).value()).isEqualTo(gauge.value());
  }

  private static Command rebalance(String pool, boolean planned) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("pool", pool);
    parameters.put("metric", "cpu");
    parameters.put("hotNode", "n1");
    if (planned) {
      parameters.put(
          "plan",
          """
          [{"phase":"IDLE","moves":[{"member":"a","from":"n1","to":"n2"}],"observe":"PT1H"},
          {"phase":"MIDDLE","moves":[{"member":"b","from":"n1","to":"n2"},
          {"member":"c","from":"n1","to":"n3"}],"observe":"PT24H"}]""");
    }
    return command("rebalance-" + pool, Action.REBALANCE_POOL, pool, 1, parameters);
  }

  /** Four nodes: at 90, 10, 10 and 5 percent. */
  private static Delivery gauge(String pool, long at) {
    String point =
        "{\"attributes\":[{\"key\":\"host.name\",\"value\":{\"stringValue\":\"n%d\"}}],"
            + "\"timeUnixNano\":\"17\",\"asDouble\":%s}";
    return new Delivery(
        at,
        Source.METRICS,
        null,
        bytes(
            ("{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\","
                    + "\"value\":{\"stringValue\":\"%s\"}}]},\"scopeMetrics\":[{\"metrics\":"
                    + "[{\"name\":\"cpu\",\"gauge\":{\"dataPoints\":[%s,%s,%s,%s]}}]}]}]}")
                .formatted(
                    pool,
                    point.formatted(1, "90"),
                    point.formatted(2, "10"),
                    point.formatted(3, "10"),
                    point.formatted(4, "5.0"))));
  }

  private void run(String id) {
    platform.tell(new Delivery(NOW, Source.RUNS, null, bytes(FAILED_RUN.formatted(id))));
  }

  private static Delivery rollUp(long at) {
    return new Delivery(
        at,
        Source.CACHE,
        null,
        bytes(
            """
            {"service":"shop","model":"claude","calls":9,"usage":{"input_tokens":600,"cache_read_input_tokens":200,\
            "cache_creation_input_tokens":200}}"""));
  }

  private static Command repair(String runId, int attempt) {
    return command(
        "repair-" + runId + "-" + attempt,
        Action.REPAIR_RUN,
        "4/7",
        attempt,
        Map.of("runId", runId));
  }

  private static Command replay(String start, String end) {
    return command(
        "replay-" + start,
        Action.REPLAY_WINDOW,
        "/alertrules/rule-1",
        1,
        Map.of("windowStart", start, "windowEnd", end));
  }

  private static Command rollback() {
    return command(
        "rollback", Action.ROLLBACK_CHANGE, "shop/claude", 1, Map.of("changeId", "shop#12"));
  }

  private static Command command(
      String id, Action action, String target, int attempt, Map<String, String> parameters) {
    return Command.newBuilder()
        .setId(id)
        .setStatus(CommandStatus.ISSUED)
        .setIncidentId("i-1")
        .setFindingId("f-1")
        .setAction(action)
        .setTarget(
            Resource.newBuilder()
                .setType(ResourceType.DATABRICKS_JOB)
                .setId(target)
                .setName("nightly")
                .build())
        .setParameters(parameters)
        .setAttempt(attempt)
        .setMaxAttempts(3)
        .setNotBefore(Instant.parse("2026-06-10T02:10:00Z"))
        .setExpiresAt(Instant.parse("2026-06-10T03:10:00Z"))
        .setRisk(Risk.LOW)
        .setDryRun(false)
        .setReason("a reason")
        .setIdempotencyToken(id)
        .setCreatedAt(Instant.parse("2026-06-10T02:10:00Z"))
        .setEpoch(1)
        .build();
  }

  private static Alert request(Command command) {
    return Alert.newBuilder()
        .setId("alert-" + command.getId())
        .setDedupKey("i-1/APPROVAL_REQUEST")
        .setStatus(AlertStatus.RAISED)
        .setKind(AlertKind.APPROVAL_REQUEST)
        .setSeverity(Severity.HIGH)
        .setEscalateTo("on-call")
        .setTitle("Approve?")
        .setMessage("a reason")
        .setCommand(command)
        .setAt(Instant.parse("2026-06-10T02:11:00Z"))
        .build();
  }

  private static Outcome outcome(Delivery delivery) {
    return new AvroJson<>(Outcome.class).read(delivery.value());
  }

  private static String code(JsonNode runOrTask) {
    return runOrTask.at("/status/termination_details/code").asText();
  }

  private static long at(String instant) {
    return Instant.parse(instant).toEpochMilli();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
