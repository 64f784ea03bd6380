package io.mendline.serdes.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.PartitionRow.Quality;
import io.mendline.serdes.telemetry.PartitionRow.Status;
import io.mendline.serdes.text.Redactor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionDecoderTest {
  private static final long NINE = Instant.parse("2026-06-02T09:00:00Z").toEpochMilli();

  private final List<PartitionRow> rows = new ArrayList<>();
  private final List<String> bad = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        {"LastUpdated": "2026-06-02T09:00:00Z", "DatasetName": "sales", "Layer": "Silver",
         "PartitionDate": "2026-06-01T00:00:00Z", "BackfillRequired": true, "Status": "Failed",
         "DQStatus": "Passed", "RetryCount": 1, "MaxRetryCount": 3, "Reason": "late file"}
        """,
        """
        {"timestamp": 1780390800, "dataset_name": "sales", "layer": "Silver",
         "partition_date": "2026-06-01", "backfill_required": "yes", "status": "Failed",
         "dq_status": "Passed", "retry_count": "1", "max_retry_count": 3.0, "reason": "late file"}
        """
      })
  void reads_every_field_in_both_spellings(String json) {
    decode(json);

    assertThat(bad).isEmpty();
    assertThat(rows)
        .containsExactly(
            new PartitionRow(
                NINE,
                "sales",
                "Silver",
                "2026-06-01",
                true,
                Status.FAILED,
                "Failed",
                Quality.PASSED,
                "Passed",
                1,
                3,
                "late file"));
    assertThat(rows.get(0).resourceId()).isEqualTo("sales/silver/2026-06-01");
  }

  @Test
  void what_is_not_said_takes_its_usual_meaning() {
    decode(row("\"Status\": \"Missing\""));

    assertThat(rows)
        .containsExactly(
            new PartitionRow(
                NINE,
                "sales",
                "Bronze",
                "2026-06-01",
                true,
                Status.MISSING,
                "Missing",
                Quality.ABSENT,
                null,
                0,
                TelemetryRecord.ABSENT,
                null));
    assertThat(rows.get(0).retriesUsedUp()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Missing,   MISSING,   Failed, FAILED",
    "MISSING,   MISSING,   PASSED, PASSED",
    "available, AVAILABLE, passed, PASSED",
    "fAiLeD,    FAILED,    fail,   FAILED",
    "Running,   OTHER,     Pending, OTHER",
  })
  void states_are_known_in_any_case_and_kept_where_they_are_not(
      String status, Status known, String quality, Quality knownQuality) {
    decode(row("\"Status\": \"%s\", \"DQStatus\": \"%s\"".formatted(status, quality)));

    assertThat(rows).extracting(PartitionRow::status).containsExactly(known);
    assertThat(rows).extracting(PartitionRow::statusText).containsExactly(status);
    assertThat(rows).extracting(PartitionRow::quality).containsExactly(knownQuality);
    assertThat(rows).extracting(PartitionRow::qualityText).containsExactly(quality);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "1, true", "'\"Y\"', true", "false, false", "0, false", "null, true"})
  void whether_a_backfill_is_required_is_said_in_several_ways(String told, boolean required) {
    decode(row("\"Status\": \"Missing\", \"BackfillRequired\": " + told));

    assertThat(rows).extracting(PartitionRow::backfillRequired).containsExactly(required);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"2026-06-01\"'",
    "'\"20260601\"'",
    "20260601",
    "'\"2026-06-01T00:00:00Z\"'",
    "'\"2026-06-01 00:00:00.0000000\"'",
    "'\"2026-06-01T00:00:00+02:00\"'",
    "'\"6/1/2026\"'",
    "1780272000",
    "1780272000000",
  })
  void a_day_is_written_in_several_ways(String told) {
    decode(
        "{\"time\": %d, \"DatasetName\": \"sales\", \"Layer\": \"Gold\", \"Status\": \"Missing\", \"PartitionDate\": %s}"
            .formatted(NINE, told));

    assertThat(bad).isEmpty();
    assertThat(rows).extracting(PartitionRow::date).containsExactly("2026-06-01");
  }

  @ParameterizedTest
  @CsvSource({"0, 3, false", "2, 3, false", "3, 3, true", "4, 3, true", "9, -1, false"})
  void retries_are_used_up_at_the_bound(int retries, int most, boolean usedUp) {
    decode(
        row(
            "\"Status\": \"Missing\", \"RetryCount\": %d, \"MaxRetryCount\": %d"
                .formatted(retries, most)));

    assertThat(rows).extracting(PartitionRow::retriesUsedUp).containsExactly(usedUp);
  }

  @Test
  void of_several_times_the_latest_counts() {
    decode(row("\"Status\": \"Missing\", \"UpdatedAt\": \"2026-06-02T10:00:00Z\""));

    assertThat(rows).extracting(PartitionRow::time).containsExactly(NINE + 3_600_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"DatasetName\": null | DatasetName: missing",
        "\"DatasetName\": \" \" | DatasetName: missing",
        "\"Layer\": null | Layer: missing",
        "\"PartitionDate\": null | PartitionDate: missing",
        "\"PartitionDate\": \"June\" | PartitionDate: 'June' is no day",
        "\"PartitionDate\": \"2026-02-30\" | PartitionDate: '2026-02-30' is no day",
        "\"PartitionDate\": \"2026-06-01T07:00:00Z\" | PartitionDate: '2026-06-01T07:00:00Z' is no day",
        "\"PartitionDate\": 12 | PartitionDate: '12' is no day",
        "\"Layer\": {} | Layer: '{…}' is neither text nor a number",
        "\"time\": null | time: missing; a row says when it became what it is, as LastUpdated",
        "\"time\": \"noon\" | time: 'noon' is no instant",
        "\"Status\": null | Status: missing, and so is DQStatus",
        "\"BackfillRequired\": \"maybe\" | BackfillRequired: 'maybe' is neither true nor false",
        "\"RetryCount\": \"two\" | RetryCount: 'two' is no count",
        "\"RetryCount\": -2 | RetryCount: '-2' is no count",
        "\"MaxRetryCount\": 1.5 | MaxRetryCount: '1.5' is no count",
      })
  void what_is_wrong_is_named_with_its_field_and_value(String field, String why) {
    String name = field.substring(1, field.indexOf('"', 1));
    String base =
        "\"time\": %d, \"DatasetName\": \"sales\", \"Layer\": \"Bronze\", \"PartitionDate\": \"2026-06-01\", \"Status\": \"Missing\", \"x\": 1"
            .formatted(NINE);
    decode("{" + base.replaceAll("\"" + name + "\": [^,]+(, )?", "") + ", " + field + "}");

    assertThat(rows).isEmpty();
    assertThat(bad).singleElement().asString().startsWith(why);
  }

  @Test
  void records_may_come_together_and_one_bad_one_does_no_harm() {
    decode(
        "{\"records\": ["
            + row("\"Status\": \"Missing\"")
            + ", {\"x\": 1}, "
            + row("\"DQStatus\": \"Failed\"")
            + "]}");

    assertThat(rows).hasSize(2);
    assertThat(bad).hasSize(1);
  }

  @Test
  void secrets_in_reasons_are_not_kept() {
    decode(row("\"Status\": \"Failed\", \"Reason\": \"cannot read, password=hunter22\""));

    assertThat(rows.get(0).reason()).startsWith("cannot read").doesNotContain("hunter22");
  }

  @Test
  void is_read_back_from_its_binary_form() {
    decode(row("\"Status\": \"Running\", \"DQStatus\": \"Failed\", \"MaxRetryCount\": 3"));

    assertThat(TelemetryCodec.decode(TelemetryCodec.encode(rows.get(0)))).isEqualTo(rows.get(0));
  }

  private static String row(String fields) {
    return "{\"time\": %d, \"DatasetName\": \"sales\", \"Layer\": \"Bronze\", \"PartitionDate\": \"2026-06-01\", %s}"
        .formatted(NINE, fields);
  }

  private void decode(String json) {
    new PartitionDecoder(Redactor.standard())
        .decode(
            json.getBytes(UTF_8),
            new DecodedSink() {
              @Override
              public void record(int index, TelemetryRecord fact) {
                rows.add((PartitionRow) fact);
              }

              @Override
              public void skipped(int index, String why) {
                throw new AssertionError(why);
              }

              @Override
              public void bad(int index, String reason) {
                bad.add(reason);
              }

              @Override
              public void unreadable(String reason) {
                throw new AssertionError(reason);
              }
            });
  }
}
