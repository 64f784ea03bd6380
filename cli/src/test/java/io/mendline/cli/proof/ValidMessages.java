package io.mendline.cli.proof;

import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Decision;
import io.mendline.schemas.Operation;
import io.mendline.schemas.OperationKind;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Verdict;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.serdes.json.AvroJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Valid messages of every source, to be spoilt; answers speak of what two days come to. */
final class ValidMessages {
  /** After the last of them. */
  static final Instant END = InProcess.FROM.plus(Duration.ofDays(2));

  private static final int ANSWERED = 40;

  private static final List<String> POLICIES =
      List.of(
          new String(InProcess.POLICY, StandardCharsets.UTF_8),
          "{\"id\": \"careful\", \"mode\": \"dry-run\"}",
          """
          {"id": "later", "effectiveAt": "2026-05-05T00:00:00Z", "recurrence": {"failures": 4, "within": "P3D"}, \
          "blame": {"before": "PT2H", "minimumScore": 0.3}}""",
          """
          {"id": "cache", "cache": {"bin": "PT30M", "baseline": "P2D", "persistence": "PT4H", "minimumBins": 4}}""",
          """
          {"owners": [{"resource": "DATABRICKS_JOB/*", "owner": "team", "escalateTo": "on-call", "tier": "1"}], \
          "actions": {"REPAIR_RUN": {"mode": "approval", "maxAttempts": 2, "backOff": ["PT10S", "PT1M"]}}}""",
          """
          id: written
          actions:
            ENABLE_RULE: {mode: approval}
          escalateTo: someone
          """);

  private ValidMessages() {}

  static Map<Source, List<byte[]>> all() {
    List<SampleMessage> messages = InProcess.twoDays();
    Map<Source, List<byte[]>> all = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      all.put(source, new ArrayList<>());
    }
    messages.forEach(message -> all.get(message.source()).add(message.value()));
    POLICIES.forEach(
        policy -> all.get(Source.POLICIES).add(policy.getBytes(StandardCharsets.UTF_8)));
    checks(all.get(Source.CHECKS));
    partitions(all.get(Source.PARTITIONS));
    metrics(all.get(Source.METRICS));
    CanonicalResult result = InProcess.run(messages);
    ids(result, "command ").forEach(id -> answer(id, all));
    ids(result, "incident ").forEach(id -> operate(id, all.get(Source.OPERATIONS)));
    return all;
  }

  private static void checks(List<byte[]> checks) {
    List<String> statuses = List.of("PASS", "FAIL", "PARTIAL");
    for (int hour = 0; hour < 48; hour++) {
      String check =
          """
          {"time": "%s", "check": "retries", "category": "configuration", "status": "%s",
           "severity": "HIGH", "assessmentId": "a-1", "message": "no retries, password=hunter22",
           "resource": {"type": "DATABRICKS_JOB", "id": "1234/%d", "workspace": "1234"}}"""
              .formatted(
                  InProcess.FROM.plus(Duration.ofHours(hour)), statuses.get(hour % 3), hour % 4);
      checks.add(check.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void metrics(List<byte[]> metrics) {
    for (int minute = 0; minute < 48; minute++) {
      String sample =
          """
          {"time": "%s", "metric": "cpu", "scope": "pool-%d", "value": %d.5, "node": "node-%d",
           "higherIsBetter": false}"""
              .formatted(
                  InProcess.FROM.plus(Duration.ofMinutes(minute)),
                  minute % 2,
                  50 + minute,
                  minute % 3);
      metrics.add(sample.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void partitions(List<byte[]> partitions) {
    List<String> layers = List.of("Bronze", "Silver", "Gold");
    List<String> statuses = List.of("Missing", "Failed", "Running", "Available");
    for (int hour = 0; hour < 48; hour++) {
      String row =
          """
          {"LastUpdated": "%s", "DatasetName": "sales", "Layer": "%s", "PartitionDate": "2026-04-%02d",
           "BackfillRequired": true, "Status": "%s", "DQStatus": "Passed", "RetryCount": %d,
           "MaxRetryCount": 3, "Reason": "no file, password=hunter22"}"""
              .formatted(
                  InProcess.FROM.plus(Duration.ofHours(hour)),
                  layers.get(hour % 3),
                  1 + hour % 5,
                  statuses.get(hour % 4),
                  hour % 4);
      partitions.add(row.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static List<String> ids(CanonicalResult result, String kind) {
    return result.ids().stream()
        .filter(id -> id.startsWith(kind))
        .map(id -> id.substring(id.lastIndexOf(' ') + 1))
        .limit(ANSWERED)
        .toList();
  }

  private static void answer(String command, Map<Source, List<byte[]>> all) {
    for (OutcomeStatus status : OutcomeStatus.values()) {
      Outcome outcome =
          Outcome.newBuilder()
              .setCommandId(command)
              .setStatus(status)
              .setAt(END)
              .setDetail("done, password=hunter22")
              .setExternalRef("run 7")
              .setActor("executor")
              .build();
      all.get(Source.OUTCOMES).add(new AvroSingleObject<>(Outcome.class).write(outcome));
      all.get(Source.OUTCOMES).add(new AvroJson<>(Outcome.class).write(outcome));
    }
    Approval approval =
        Approval.newBuilder()
            .setCommandId(command)
            .setDecision(Decision.APPROVED)
            .setBy("dana")
            .setAt(END)
            .setComment("go")
            .build();
    all.get(Source.APPROVALS).add(new AvroSingleObject<>(Approval.class).write(approval));
    all.get(Source.APPROVALS).add(new AvroJson<>(Approval.class).write(approval));
  }

  private static void operate(String incident, List<byte[]> operations) {
    for (OperationKind kind : OperationKind.values()) {
      Operation operation =
          Operation.newBuilder()
              .setId("operation-" + kind)
              .setIncidentId(incident)
              .setKind(kind)
              .setBy("dana")
              .setAt(END)
              .setUntil(END.plus(Duration.ofHours(1)))
              .setComment("looked at")
              .setVerdict(
                  Verdict.newBuilder()
                      .setFalseAlarm(false)
                      .setCauseCorrect(true)
                      .setActualCause("quota")
                      .setFix("raised it")
                      .build())
              .build();
      operations.add(new AvroSingleObject<>(Operation.class).write(operation));
      operations.add(new AvroJson<>(Operation.class).write(operation));
    }
  }
}
