package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.CheckResult.Severity;
import io.mendline.serdes.telemetry.CheckResult.Status;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The fields of what one check found. */
final class CheckFields implements RecordFields {
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final Spellings<Part> PARTS = Spellings.of(Part.class, part -> part.names);
  private static final Spellings<Status> STATUSES =
      Spellings.of(Status.class, CheckFields::spellings);
  private static final Spellings<Severity> SEVERITIES =
      Spellings.of(Severity.class, CheckFields::spellings);

  private enum Field {
    TIME("time", "timestamp", "TimeGenerated"),
    CHECK("check", "check_name", "check_id"),
    CATEGORY("category"),
    STATUS("status", "result"),
    SEVERITY("severity"),
    WORKSPACE("workspace", "workspace_id"),
    RESOURCE("resource"),
    ASSESSMENT("assessmentId", "assessment"),
    MESSAGE("message", "description", "detail");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  /** The parts of a resource that is an object. */
  private enum Part {
    TYPE("type"),
    ID("id"),
    NAME("name"),
    WORKSPACE("workspace");

    private final String names;

    Part(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private static String spellings(Status status) {
    return switch (status) {
      case PASS -> Spellings.join("PASS", "passed", "success", "succeeded", "ok");
      case PARTIAL -> Spellings.join("PARTIAL", "partially passed", "warning", "warn");
      case FAIL -> Spellings.join("FAIL", "failed", "failure", "error");
    };
  }

  private static String spellings(Severity severity) {
    return switch (severity) {
      case OTHER -> Spellings.join("unknown", "none");
      case LOW -> Spellings.join("LOW", "informational", "info");
      case MEDIUM -> Spellings.join("MEDIUM", "moderate");
      case HIGH -> Spellings.join("HIGH", "important");
      case CRITICAL -> Spellings.join("CRITICAL");
    };
  }

  private final FreeText texts;
  private final Problem problem;
  private final Map<Part, String> resource = new EnumMap<>(Part.class);
  private long time = TelemetryRecord.ABSENT;
  private String check;
  private String category;
  private String status;
  private String severity;
  private String workspace;
  private String assessmentId;
  private String message;

  CheckFields(FreeText texts) {
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
      case TIME -> time = problem.instant("time", value, time);
      case CHECK -> check = RunObject.or(Json.id(value), check);
      case CATEGORY -> category = RunObject.or(Json.text(value), category);
      case STATUS -> status = RunObject.or(Json.text(value), status);
      case SEVERITY -> severity = RunObject.or(Json.text(value), severity);
      case WORKSPACE -> workspace = RunObject.or(Json.id(value), workspace);
      case RESOURCE -> resource(value);
      case ASSESSMENT -> assessmentId = RunObject.or(Json.id(value), assessmentId);
      case MESSAGE -> message = RunObject.or(Json.text(value), message);
    }
  }

  private void resource(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_OBJECT) {
      put(Part.ID, Json.id(value));
      return;
    }
    for (String name = value.nextFieldName(); name != null; name = value.nextFieldName()) {
      value.nextToken();
      Part part = PARTS.find(name);
      if (part == null) {
        value.skipChildren();
      } else {
        put(part, Json.id(value));
      }
    }
  }

  private void put(Part part, String text) {
    if (text != null) {
      resource.put(part, text);
    }
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    if (time == TelemetryRecord.ABSENT) {
      problem.note("time", "missing");
    }
    if (check == null) {
      problem.note("check", "missing");
    }
    if (resource.get(Part.ID) == null) {
      problem.note("resource", "missing, or without an id");
    }
    Status found = status == null ? null : STATUSES.find(status);
    if (found == null && status == null) {
      problem.note("status", "missing");
    } else if (found == null) {
      problem.note("status", status, "is none of PASS, PARTIAL and FAIL");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    sink.record(index, result(found));
  }

  private CheckResult result(Status found) {
    String type = resource.get(Part.TYPE);
    String id = resource.get(Part.ID);
    int slash = id.indexOf('/');
    if (type == null && slash > 0 && slash + 1 < id.length() && isType(id.substring(0, slash))) {
      type = id.substring(0, slash);
      id = id.substring(slash + 1);
    }
    Severity told = severity == null ? null : SEVERITIES.find(severity);
    return new CheckResult(
        time,
        texts.line(check),
        SentinelFields.lower(category),
        found,
        told == null ? Severity.OTHER : told,
        SentinelFields.lower(RunObject.or(resource.get(Part.WORKSPACE), workspace)),
        type == null ? null : type.strip().toUpperCase(Locale.ROOT),
        id,
        texts.line(resource.get(Part.NAME)),
        assessmentId,
        texts.message(message));
  }

  private static boolean isType(String text) {
    for (ResourceType type : ResourceType.values()) {
      if (type.name().equalsIgnoreCase(text)) {
        return true;
      }
    }
    return false;
  }
}
