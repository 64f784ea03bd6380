package io.mendline.serdes.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Operation;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.RecordFormatException;
import io.mendline.serdes.Samples;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroJsonTest {
  private final AvroJson<Outcome> outcomes = new AvroJson<>(Outcome.class);
  private final AvroJson<Operation> operations = new AvroJson<>(Operation.class);
  private final AvroJson<Finding> findings = new AvroJson<>(Finding.class);
  private final AvroJson<Alert> alerts = new AvroJson<>(Alert.class);

  private Outcome outcome(String json) {
    return outcomes.read(json.getBytes(UTF_8));
  }

  @Test
  void aRecordIsWrittenWithTheContractsNamesInItsOrder() {
    assertThat(new String(outcomes.write(Samples.outcome()), UTF_8))
        .isEqualTo(
            "{\"commandId\":\"r1-abc\",\"status\":\"SUCCEEDED\",\"at\":\"2026-06-01T12:00:00.123Z\","
                + "\"detail\":null,\"externalRef\":\"run 22\",\"actor\":\"executor\"}");
  }

  @Test
  void mapsAreSortedSoThatTheSameRecordGivesTheSameBytes() {
    assertThat(new String(findings.write(Samples.finding()), UTF_8))
        .contains(
            "\"attributes\":{\"after\":\"0.48\",\"before\":\"0.70\",\"onset\":\"2026-05-30\"}")
        .contains("\"windowStart\":\"2026-06-01T11:59:00Z\",\"windowEnd\":null")
        .contains("\"score\":0.75")
        .contains("\"offset\":4000000000")
        .contains("\"summary\":\"\\\"quoted\\\" and ünïcode\"");
  }

  @Test
  void whatIsWrittenIsReadBackEqual() {
    assertThat(findings.read(findings.write(Samples.finding()))).isEqualTo(Samples.finding());
    assertThat(alerts.read(alerts.write(Samples.alert()))).isEqualTo(Samples.alert());
    assertThat(operations.read(operations.write(Samples.verdict()))).isEqualTo(Samples.verdict());
    assertThat(outcomes.read(outcomes.write(Samples.outcome()))).isEqualTo(Samples.outcome());
  }

  @Test
  void readingSkipsWhatItDoesNotKnowAndTakesDefaultsForWhatIsOptional() {
    Outcome outcome =
        outcome(
            """
            {"extra": {"deep": [[{}]]}, "commandId": 17, "status": "SUCCEEDED",
             "at": "2026-06-01T14:00:00+02:00", "detail": null, "actor": "executor"}
            """);
    Alert alert =
        alerts.read(
            new String(alerts.write(Samples.alert()), UTF_8)
                .replace("\"trigger\":\"NONE\",", "")
                .replace("\"findingIds\":[],", "\"findingIds\":null,")
                .getBytes(UTF_8));

    assertThat(outcome.getCommandId()).isEqualTo("17");
    assertThat(outcome.getAt()).isEqualTo(Instant.parse("2026-06-01T12:00:00Z"));
    assertThat(outcome.getDetail()).isNull();
    assertThat(alert.getTrigger()).isEqualTo(AlertTrigger.NONE);
    assertThat(alert.getFindingIds()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"SUCCEEDED, SUCCEEDED", "MELTED, UNKNOWN", "succeeded, UNKNOWN"})
  void aSymbolThatIsNotKnownIsUnknown(String symbol, OutcomeStatus status) {
    assertThat(outcome(minimal().replace("ACCEPTED", symbol)).getStatus()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"commandId\":\"c\",|``|commandId: missing",
        "\"commandId\":\"c\"|\"commandId\":null|commandId: missing",
        "\"commandId\":\"c\"|\"commandId\":{}|commandId: an object where a string belongs",
        "\"status\":\"ACCEPTED\"|\"status\":3|status: '3' where a string belongs",
        "\"at\":\"2026-06-01\"|\"at\":\"noon\"|at: 'noon' is no instant",
        "\"at\":\"2026-06-01\"|\"at\":[]|at: an array where an instant belongs",
      })
  void anErrorNamesTheField(String what, String by, String message) {
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcome(minimal().replace(what, by)))
        .withMessage(message);
  }

  @Test
  void anErrorNamesThePathToTheField() {
    String verdict = new String(operations.write(Samples.verdict()), UTF_8);
    String finding = new String(findings.write(Samples.finding()), UTF_8);

    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> operations.read(verdict.replace(":false", ":\"maybe\"").getBytes(UTF_8)))
        .withMessage("verdict.falseAlarm: 'maybe' is neither true nor false");
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> findings.read(finding.replace("0.75", "\"high\"").getBytes(UTF_8)))
        .withMessage("suspects[0].score: 'high' is no number");
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> findings.read(finding.replace("\"0.48\"", "[]").getBytes(UTF_8)))
        .withMessage("attributes.after: an array where a string belongs");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|Outcome is no JSON object",
        "[]|Outcome is no JSON object",
        "{\"a\" secret|Outcome is malformed JSON at byte",
        "{\"commandId\":|Outcome is malformed JSON at byte",
      })
  void whatIsNoJsonIsSaidWithoutQuotingIt(String json, String message) {
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcome(json))
        .withMessageStartingWith(message)
        .withMessageNotContaining("secret");
  }

  @Test
  void moreThanOneRecordIsRefused() {
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcome(minimal() + minimal()))
        .withMessage("Outcome is followed by more JSON");
  }

  @Test
  void anIncompleteRecordIsNotWritten() {
    Suspect odd = new Suspect("c", Instant.EPOCH, "t", null, Double.NaN);
    Finding finding = Finding.newBuilder(Samples.finding()).setSuspects(List.of(odd)).build();

    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcomes.write(new Outcome()))
        .withMessage("commandId: missing");
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> findings.write(finding))
        .withMessage("suspects[0].score: NaN cannot be written as JSON");
  }

  @Property(tries = 2_000)
  void arbitraryBytesGiveOneKindOfError(@ForAll byte[] bytes) {
    assertThatExceptionOfType(RecordFormatException.class).isThrownBy(() -> outcomes.read(bytes));
  }

  private static String minimal() {
    return "{\"commandId\":\"c\",\"status\":\"ACCEPTED\",\"at\":\"2026-06-01\",\"actor\":\"a\"}";
  }
}
