package io.mendline.processors.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Operation;
import io.mendline.schemas.Outcome;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * What executors and people write is free text too: it ends up in incidents, alerts and the audit,
 * so secrets go, and what is too long for a broker is cut.
 */
class AnswerTextsTest {
  private static final String COMMAND = "e401ba8e-117a9352a934b97a4907-c12237ac55fc";
  private static final String INCIDENT = "e401ba8e-117a9352a934b97a4907";
  private static final String SECRET = "password=hunter2 ";

  /** More than a broker takes in a message, were it to be told twice. */
  private static final String LONG = "x".repeat(600_000);

  @Test
  void an_outcomes_detail_is_redacted_and_cut() {
    Payload payload =
        read(
            Source.OUTCOMES,
            """
            {"commandId": "%s", "status": "FAILED", "at": "2026-06-10T02:10:00Z",
             "detail": "%s%s", "externalRef": "run 7", "actor": "executor"}
            """
                .formatted(COMMAND, SECRET, LONG));

    Outcome outcome = ((Payload.Reported) payload).outcome();
    assertThat(outcome.getDetail()).startsWith("password=[redacted]").hasSizeLessThan(1_100);
    assertThat(outcome.getExternalRef()).isEqualTo("run 7");
    assertThat(outcome.getActor()).isEqualTo("executor");
  }

  @Test
  void an_approvals_comment_is_redacted_and_cut() {
    Payload payload =
        read(
            Source.APPROVALS,
            """
            {"commandId": "%s", "decision": "APPROVED", "by": "dana", "at": "2026-06-10T02:10:00Z",
             "comment": "%s%s"}
            """
                .formatted(COMMAND, SECRET, LONG));

    Approval approval = ((Payload.Decided) payload).approval();
    assertThat(approval.getComment()).startsWith("password=[redacted]").hasSizeLessThan(1_100);
    assertThat(approval.getBy()).isEqualTo("dana");
  }

  @Test
  void an_operations_comment_is_redacted_and_cut() {
    Payload payload =
        read(
            Source.OPERATIONS,
            """
            {"id": "op-1", "incidentId": "%s", "kind": "ACK", "by": "%s", "at": "2026-06-10T02:10:00Z",
             "comment": "%s%s"}
            """
                .formatted(INCIDENT, LONG, SECRET, LONG));

    Operation operation = ((Payload.Operated) payload).operation();
    assertThat(operation.getComment()).startsWith("password=[redacted]").hasSizeLessThan(1_100);
    assertThat(operation.getBy()).hasSizeLessThan(1_100);
    assertThat(operation.getId()).isEqualTo("op-1");
  }

  @Test
  void what_was_left_out_stays_so_and_what_is_blank_is_no_error() {
    Payload payload =
        read(
            Source.OUTCOMES,
            """
            {"commandId": "%s", "status": "SUCCEEDED", "at": "2026-06-10T02:10:00Z", "actor": ""}
            """
                .formatted(COMMAND));

    Outcome outcome = ((Payload.Reported) payload).outcome();
    assertThat(outcome.getDetail()).isNull();
    assertThat(outcome.getActor()).isEmpty();
  }

  private static Payload read(Source source, String json) {
    Decoded decoded =
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.defaultTopic(), 0, 0),
                1_781_057_400_000L, // 2026-06-10T02:10:00Z
                null,
                json.getBytes(StandardCharsets.UTF_8)));
    assertThat(decoded.letters()).isEmpty();
    assertThat(decoded.signals()).hasSize(1);
    return decoded.signals().get(0).payload();
  }
}
