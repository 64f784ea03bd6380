package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Law 1: how finely the watermark moves on changes nothing. A run's failure is settled a minute
 * after it happened, when its evidence has come; a step that is due within that minute waits for
 * it.
 */
class WatermarkStepsTest {
  private static final Instant FAILED = Instant.parse("2026-06-10T02:09:00Z");
  private static final Instant REPAIR_REPORTED = Instant.parse("2026-06-10T02:14:00Z");
  private static final Instant FAILED_AGAIN = Instant.parse("2026-06-10T02:14:30Z");
  private static final Instant END = Instant.parse("2026-06-10T02:25:00Z");

  private final List<String> commands = new ArrayList<>();
  private String firstCommand;

  /**
   * The executor reports the failed repair half a minute before telemetry does. The second attempt
   * would be due a minute after the report, before the failure it has to start from is settled.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 60, 600})
  void a_failed_repair_told_twice_costs_one_attempt(int stepSeconds) {
    LocalRuntime runtime = runtime();
    accept(runtime, Source.RUNS, failed(FAILED), FAILED);
    runtime.advance(Instant.parse("2026-06-10T02:13:00Z").toEpochMilli());
    assertThat(commands).containsExactly("ISSUED attempt 1");

    accept(runtime, Source.OUTCOMES, failedRepair(), REPAIR_REPORTED);
    accept(runtime, Source.RUNS, failed(FAILED_AGAIN), FAILED_AGAIN);
    for (Instant now = FAILED_AGAIN; now.isBefore(END); now = now.plusSeconds(stepSeconds)) {
      runtime.advance(now.toEpochMilli());
    }
    runtime.advance(END.toEpochMilli());

    assertThat(commands).containsExactly("ISSUED attempt 1", "ISSUED attempt 2");
  }

  private LocalRuntime runtime() {
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("test", "mode: auto".getBytes(StandardCharsets.UTF_8)));
    return new LocalRuntime(
        source -> Duration.ZERO.toMillis(),
        policies,
        CauseCatalogue.bundled(),
        this::note,
        letter -> {
          throw new AssertionError(letter);
        });
  }

  private void note(Output output) {
    if (output instanceof Output.Commanded commanded) {
      Command command = commanded.command();
      firstCommand = firstCommand == null ? command.getId() : firstCommand;
      commands.add(command.getStatus() + " attempt " + command.getAttempt());
    }
  }

  private static String failed(Instant at) {
    return """
    {"job_id": 7, "run_id": 70, "run_name": "nightly", "workspace_id": "42",
     "start_time": %d, "end_time": %d,
     "state": {"life_cycle_state": "TERMINATED", "result_state": "FAILED"},
     "status": {"state": "TERMINATED", "termination_details": {"code": "CLOUD_FAILURE", "type": "CLOUD_FAILURE"}}}
    """
        .formatted(at.minusSeconds(60).toEpochMilli(), at.toEpochMilli());
  }

  private String failedRepair() {
    return """
    {"commandId": "%s", "status": "FAILED", "at": "%s", "actor": "executor"}
    """
        .formatted(firstCommand, REPAIR_REPORTED);
  }

  private static void accept(LocalRuntime runtime, Source source, String json, Instant at) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.label(), 0, 0),
                at.toEpochMilli(),
                null,
                json.getBytes(StandardCharsets.UTF_8))));
  }
}
