package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;

/** The fields of one report of token usage, whichever its producer. */
final class TokenUsageFields implements RecordFields {
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final int MAX_LEVELS = 6;

  // No context window comes near; what is larger is a counter gone wrong, and sums stay exact.
  private static final long MAX_TOKENS = 1_000_000_000_000_000L;

  private enum Field {
    TIME("time", "TimeGenerated"),
    TIMESTAMP("timestamp", "time_unix_nano", "start_time_unix_nano"),
    CREATED_AT("created_at"),
    CREATED("created"),
    SERVICE("service", "service.name"),
    APPLICATION("application"),
    MODEL("model"),
    REQUEST_MODEL("gen_ai.request.model"),
    RESPONSE_MODEL("gen_ai.response.model"),
    PROVIDER("provider", "gen_ai.provider.name", "gen_ai.system"),
    ENVIRONMENT("environment", "env", "deployment.environment", "deployment.environment.name"),
    CALL_ID("id", "call_id", "gen_ai.response.id"),
    REQUEST_ID("request_id"),
    CALLS("calls", "count", "requests"),
    INNER("usage", "attributes", "resource", "response", "properties"),
    DETAILS("prompt_tokens_details", "input_tokens_details"),
    CACHE_CREATION("cache_creation"),
    INPUT("input_tokens"),
    PROMPT("prompt_tokens"),
    CACHED("cached_tokens", "cached_input_tokens"),
    CACHE_READ("cache_read_input_tokens"),
    CREATED_IN_CACHE("cache_creation_input_tokens"),
    OTEL_INPUT("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    OTEL_CACHE_READ("gen_ai.usage.cache_read.input_tokens"),
    OTEL_CREATED_IN_CACHE("gen_ai.usage.cache_creation.input_tokens");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private final Problem problem;
  private final long[] times = new long[4]; // in order of preference; 0 is absent
  private String service;
  private String application;
  private String model;
  private String requestModel;
  private String responseModel;
  private String provider;
  private String environment;
  private String callId;
  private String requestId;
  private long calls = TelemetryRecord.ABSENT;
  private long input = TelemetryRecord.ABSENT;
  private long prompt = TelemetryRecord.ABSENT;
  private long cached = TelemetryRecord.ABSENT;
  private long cacheRead = TelemetryRecord.ABSENT;
  private long createdInCache = TelemetryRecord.ABSENT;
  private long createdByLifetime = TelemetryRecord.ABSENT;
  private long otelInput = TelemetryRecord.ABSENT;
  private long otelCacheRead = TelemetryRecord.ABSENT;
  private long otelCreatedInCache = TelemetryRecord.ABSENT;
  private int level;

  TokenUsageFields(FreeText texts) {
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
      case TIME -> time(0, name, value);
      case TIMESTAMP -> time(1, name, value);
      case CREATED_AT -> time(2, name, value);
      case CREATED -> time(3, name, value);
      case INNER, DETAILS -> descend(value, this);
      case CACHE_CREATION -> descend(value, this::createdForSomeTime);
      case CALLS -> calls = number(name, value, calls);
      case INPUT -> input = number(name, value, input);
      case PROMPT -> prompt = number(name, value, prompt);
      case CACHED -> cached = number(name, value, cached);
      case CACHE_READ -> cacheRead = number(name, value, cacheRead);
      case CREATED_IN_CACHE -> createdInCache = number(name, value, createdInCache);
      case OTEL_INPUT -> otelInput = number(name, value, otelInput);
      case OTEL_CACHE_READ -> otelCacheRead = number(name, value, otelCacheRead);
      case OTEL_CREATED_IN_CACHE -> otelCreatedInCache = number(name, value, otelCreatedInCache);
      default -> text(field, value);
    }
  }

  private void text(Field field, JsonParser value) throws IOException {
    String text = Json.id(value);
    if (text == null) {
      return;
    }
    switch (field) {
      case SERVICE -> service = text;
      case APPLICATION -> application = text;
      case MODEL -> model = text;
      case REQUEST_MODEL -> requestModel = text;
      case RESPONSE_MODEL -> responseModel = text;
      case PROVIDER -> provider = text;
      case ENVIRONMENT -> environment = text;
      case CALL_ID -> callId = text;
      case REQUEST_ID -> requestId = text;
      default -> throw new AssertionError(field);
    }
  }

  /** Anthropic's newer split of what was written to the cache, by how long it is kept. */
  private void createdForSomeTime(String name, JsonParser value) throws IOException {
    if (!name.endsWith("_input_tokens")) {
      value.skipChildren();
      return;
    }
    long tokens = number(name, value, 0);
    createdByLifetime = Math.min(MAX_TOKENS, Math.max(0, createdByLifetime) + tokens);
  }

  private void descend(JsonParser value, Json.Fields fields) throws IOException {
    if (level == MAX_LEVELS) {
      value.skipChildren();
      return;
    }
    level++;
    if (value.currentToken() == JsonToken.START_ARRAY) {
      attributes(value);
    } else {
      Json.object(value, fields);
    }
    level--;
  }

  /** OpenTelemetry's own JSON writes attributes as a list of keys and typed values. */
  private void attributes(JsonParser array) throws IOException {
    while (array.nextToken() != JsonToken.END_ARRAY) {
      if (array.currentToken() == JsonToken.START_OBJECT) {
        attribute(array);
      } else {
        array.skipChildren();
      }
    }
  }

  private void attribute(JsonParser object) throws IOException {
    String key = null;
    for (String name = object.nextFieldName(); name != null; name = object.nextFieldName()) {
      JsonToken token = object.nextToken();
      if (name.equals("key")) {
        key = Json.text(object);
      } else if (name.equals("value") && key != null) {
        String attribute = key;
        if (token == JsonToken.START_OBJECT) {
          Json.walk(object, (type, typed) -> field(attribute, typed));
        } else {
          field(attribute, object);
        }
      } else {
        object.skipChildren();
      }
    }
  }

  private void time(int preference, String name, JsonParser value) throws IOException {
    long millis = Json.instant(value);
    if (millis < TelemetryRecord.ABSENT) {
      problem.note(name, Json.shown(value), "is no instant after 1970");
    } else if (millis > 0) {
      times[preference] = millis;
    }
  }

  private long number(String name, JsonParser value, long before) throws IOException {
    JsonToken token = value.currentToken();
    boolean blank = token == JsonToken.VALUE_STRING && value.getText().isBlank();
    if (token == JsonToken.VALUE_NULL || blank) {
      return before;
    }
    long number = Json.wholeNumber(value);
    if (number < 0 || number > MAX_TOKENS) {
      problem.note(name, Json.shown(value), "is no number from 0 to 10^15");
      return before;
    }
    return number;
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    long time = time();
    String named = RunObject.or(service, application);
    String by = RunObject.or(requestModel, RunObject.or(model, responseModel));
    if (time == 0) {
      problem.note("time", "missing, and so are timestamp, created_at and created");
    }
    if (named == null) {
      problem.note("service", "missing, and so are service.name and application");
    }
    if (by == null) {
      problem.note("model", "missing, and so is gen_ai.request.model");
    }
    long whole = whole();
    long read = Math.max(0, otelInput >= 0 ? otelCacheRead : Math.max(cacheRead, cached));
    long created = Math.max(0, otelInput >= 0 ? otelCreatedInCache : written());
    if (whole == TelemetryRecord.ABSENT) {
      problem.note("prompt_tokens", "missing, and so is input_tokens");
    } else if (read > whole) {
      problem.note("cached_tokens", Long.toString(read), "is more than the prompt's " + whole);
    } else if (created > whole) {
      problem.note("cache_creation", Long.toString(created), "is more than the prompt's " + whole);
    }
    if (calls == 0 && whole > 0) {
      problem.note("calls", "'0' calls with " + whole + " tokens");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
    } else if (calls == 0) {
      sink.skipped(index, "a roll-up of no calls");
    } else {
      sink.record(
          index,
          new TokenUsage(
              time,
              named,
              by,
              provider,
              environment,
              Math.max(1, calls),
              whole,
              read,
              created,
              RunObject.or(callId, requestId)));
    }
  }

  private long time() {
    for (long time : times) {
      if (time != 0) {
        return time;
      }
    }
    return 0;
  }

  /** The tokens of the whole prompt, by the producer that the fields tell. */
  private long whole() {
    if (otelInput >= 0) {
      return otelInput;
    }
    if (prompt >= 0) {
      return prompt;
    }
    boolean anthropic = cacheRead >= 0 || written() >= 0;
    if (input < 0 || !anthropic) {
      return input;
    }
    return input + Math.max(0, cacheRead) + Math.max(0, written());
  }

  private long written() {
    return createdInCache >= 0 ? createdInCache : createdByLifetime;
  }
}
