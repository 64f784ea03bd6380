package io.mendline.processors.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import org.junit.jupiter.api.Test;

/** What time a job notification, which has none, is taken to have. */
class NotificationTimeTest {
  private static final long RECEIVED = 1_780_311_600_000L;
  private static final String NOTIFICATION =
      """
      {"event_type": "jobs.on_failure", "workspace_id": "7700", "run": {"run_id": "22"},
       "job": {"job_id": "11", "name": "Nightly"}}""";

  @Test
  void itHasThatOfTheTransport() {
    assertThat(Decoded.of(message(NOTIFICATION)).signals())
        .extracting(Signal::eventTime)
        .containsExactly(RECEIVED);
  }

  @Test
  void whatWrapsItGoesBeforeTheTransport() {
    String wrapped = "{\"receivedAt\": 1780311000000, \"body\": " + NOTIFICATION + "}";

    assertThat(Decoded.of(message(wrapped)).signals())
        .extracting(Signal::eventTime)
        .containsExactly(1_780_311_000_000L);
  }

  @Test
  void aTimeAheadOfTheTransportIsRefusedAsThatOfAnyOther() {
    String wrapped = "{\"receivedAt\": 1780399000000, \"body\": " + NOTIFICATION + "}";

    assertThat(Decoded.of(message(wrapped)).letters())
        .extracting(DeadLetter::stage)
        .containsExactly("time");
  }

  @Test
  void whereNobodyKnowsWhenItIsADeadLetter() {
    Decoded decoded = Decoded.of(message(NOTIFICATION), Progress.UNHEARD);

    assertThat(decoded.signals()).isEmpty();
    assertThat(decoded.letters())
        .extracting(DeadLetter::error)
        .containsExactly("time: missing, and nothing before it has one");
  }

  private static RawMessage message(String json) {
    return new RawMessage(
        Source.RUNS, new Coordinates("telemetry.runs", 0, 1), RECEIVED, null, json.getBytes(UTF_8));
  }
}
