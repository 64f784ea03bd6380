package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.PartitionRow.Quality;
import io.mendline.serdes.telemetry.PartitionRow.Status;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** The fields of one row of a control table. */
final class PartitionFields implements RecordFields {
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final Spellings<Status> STATUSES =
      Spellings.of(Status.class, PartitionFields::spellings);
  private static final Spellings<Quality> QUALITIES =
      Spellings.of(Quality.class, PartitionFields::spellings);
  private static final Spellings<Answer> ANSWERS =
      Spellings.of(Answer.class, PartitionFields::spellings);

  /** Names as in a table, whatever their case and underscores. */
  private enum Field {
    TIME("time", "Timestamp", "LastUpdated", "LastUpdatedAt", "UpdatedAt", "TimeGenerated"),
    DATASET("DatasetName", "Dataset"),
    LAYER("Layer"),
    DATE("PartitionDate"),
    REQUIRED("BackfillRequired"),
    STATUS("Status", "PartitionStatus"),
    QUALITY("DQStatus", "QualityStatus"),
    RETRIES("RetryCount"),
    MOST_RETRIES("MaxRetryCount"),
    REASON("Reason");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private enum Answer {
    YES,
    NO
  }

  private static String spellings(Answer answer) {
    return switch (answer) {
      case YES -> Spellings.join("true", "yes", "y", "1");
      case NO -> Spellings.join("false", "no", "n", "0");
    };
  }

  private static String spellings(Status status) {
    return switch (status) {
      case OTHER -> Spellings.join("unknown");
      case AVAILABLE -> Spellings.join("Available");
      case MISSING -> Spellings.join("Missing");
      case FAILED -> Spellings.join("Failed");
    };
  }

  private static String spellings(Quality quality) {
    return switch (quality) {
      case OTHER -> Spellings.join("unknown");
      case PASSED -> Spellings.join("Passed", "Pass");
      case FAILED -> Spellings.join("Failed", "Fail");
      case ABSENT -> Spellings.join("none");
    };
  }

  private final FreeText texts;
  private final Problem problem;
  private final Map<Field, String> given = new EnumMap<>(Field.class);
  private long time = TelemetryRecord.ABSENT;
  private long retries = TelemetryRecord.ABSENT;
  private long mostRetries = TelemetryRecord.ABSENT;

  PartitionFields(FreeText texts) {
    this.texts = texts;
    this.problem = new Problem(texts);
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    Field field = FIELDS.find(name);
    if (field == null) {
      value.skipChildren();
      return;
    }
    switch (field) {
      // Of several times the latest is when the row became what it is.
      case TIME -> time = Math.max(time, problem.instant("time", value, time));
      case RETRIES -> retries = count("RetryCount", value);
      case MOST_RETRIES -> mostRetries = count("MaxRetryCount", value);
      case REASON, DATASET, LAYER, DATE, REQUIRED, STATUS, QUALITY -> text(field, value);
    }
  }

  private void text(Field field, JsonParser value) throws IOException {
    JsonToken token = value.currentToken();
    if (token.isStructStart() && field != Field.REASON) {
      problem.note(shownName(field), Json.shown(value), "is neither text nor a number");
    }
    String text = Json.id(value);
    if (text != null) {
      given.put(field, text);
    }
  }

  private long count(String name, JsonParser value) throws IOException {
    String shown = Json.shown(value);
    long count = Json.wholeNumber(value);
    if (count < TelemetryRecord.ABSENT) {
      problem.note(name, shown, "is no count");
    }
    return count;
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    for (Field field : new Field[] {Field.DATASET, Field.LAYER, Field.DATE}) {
      if (texts.line(given.get(field)) == null) {
        problem.note(shownName(field), "missing");
      }
    }
    if (time == TelemetryRecord.ABSENT) {
      problem.note("time", "missing; a row says when it became what it is, as LastUpdated");
    }
    if (!given.containsKey(Field.STATUS) && !given.containsKey(Field.QUALITY)) {
      problem.note("Status", "missing, and so is DQStatus");
    }
    String date = given.containsKey(Field.DATE) ? PartitionDates.read(given.get(Field.DATE)) : null;
    if (date == null) {
      problem.note(
          "PartitionDate", given.get(Field.DATE), "is no day, as 2026-06-01, from 1970 to 9999");
    }
    String required = given.get(Field.REQUIRED);
    Answer answer = required == null ? Answer.YES : ANSWERS.find(required);
    if (answer == null) {
      problem.note("BackfillRequired", required, "is neither true nor false");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    sink.record(index, row(date, answer == Answer.YES));
  }

  private PartitionRow row(String date, boolean required) {
    String statusText = texts.line(given.get(Field.STATUS));
    String qualityText = texts.line(given.get(Field.QUALITY));
    Status status = STATUSES.find(statusText, Status.OTHER);
    Quality quality =
        qualityText == null ? Quality.ABSENT : QUALITIES.find(qualityText, Quality.OTHER);
    return new PartitionRow(
        time,
        texts.line(given.get(Field.DATASET)),
        texts.line(given.get(Field.LAYER)),
        date,
        required,
        status,
        statusText,
        quality,
        qualityText,
        Math.max(0, retries),
        mostRetries,
        texts.message(given.get(Field.REASON)));
  }

  private static String shownName(Field field) {
    int end = field.names.indexOf('|');
    return end < 0 ? field.names : field.names.substring(0, end);
  }
}
