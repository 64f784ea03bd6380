package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is told of a declarative pipeline: an update of it, the pipeline with its latest updates, or
 * an event of its event log. An update is to a pipeline what a run is to a job.
 *
 * <p>Source: {@code UpdateInfo}, {@code UpdateStateInfo} and {@code PipelineEvent} of the
 * Databricks SDK. The log of events as a table has {@code details} as JSON in a string.
 */
final class PipelineFields implements Json.Fields {
  private static final int MAX_UPDATES = 100;
  private static final Spellings<State> STATES = Spellings.of(State.class, state -> state.words);

  private final Problem problem;
  private final List<Update> latest = new ArrayList<>();
  private String pipelineId;
  private String name;
  private String updateId;
  private String flow;
  private String dataset;
  private String cause;
  private String level;
  private String message;
  private String progress;
  private boolean created;
  private boolean validation;
  private long creationTime = TelemetryRecord.ABSENT;

  PipelineFields(Problem problem) {
    this.problem = problem;
  }

  @Override
  public void field(String fieldName, JsonParser value) throws IOException {
    switch (Key.ALL.find(fieldName, Key.NONE)) {
      case PIPELINE_ID -> pipelineId = RunObject.or(Json.id(value), pipelineId);
      case PIPELINE_NAME -> name = RunObject.or(Json.text(value), name);
      case UPDATE_ID -> updateId = RunObject.or(Json.id(value), updateId);
      case LATEST_UPDATES -> latest(value);
      case FLOW -> flow = RunObject.or(Json.text(value), flow);
      case DATASET -> dataset = RunObject.or(Json.text(value), dataset);
      case CAUSE -> cause = RunObject.or(Json.text(value), cause);
      case CREATION_TIME -> creationTime = instant(value, creationTime);
      case VALIDATE_ONLY -> validation |= "true".equalsIgnoreCase(Json.text(value));
      case DETAILS -> Json.object(value, this::detail);
      case LEVEL -> level = Json.text(value);
      case MESSAGE -> message = RunObject.or(Json.text(value), message);
      case STATE, NONE -> value.skipChildren();
    }
  }

  private void latest(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      value.skipChildren();
      return;
    }
    while (value.nextToken() != JsonToken.END_ARRAY) {
      Update update = new Update();
      Json.object(value, update);
      if (update.id != null && latest.size() < MAX_UPDATES) {
        latest.add(update);
      }
    }
  }

  /** What an event tells stands under a key of its type. */
  private void detail(String type, JsonParser value) throws IOException {
    if (type.equalsIgnoreCase("update_progress")) {
      Json.object(
          value,
          (key, inner) -> {
            if (key.equalsIgnoreCase("state")) {
              progress = Json.text(inner);
            } else {
              inner.skipChildren();
            }
          });
    } else if (type.equalsIgnoreCase("create_update")) {
      created = true;
      Json.object(value, this);
    } else {
      value.skipChildren();
    }
  }

  private long instant(JsonParser value, long before) throws IOException {
    long millis = problem.instant("creation_time", value, TelemetryRecord.ABSENT);
    return millis > 0 ? millis : before;
  }

  /** Whether a pipeline is told of at all. */
  boolean isOne() {
    return pipelineId != null;
  }

  /** Tells the sink what was collected. */
  void finish(RunFields fields, String eventType, int index, DecodedSink sink) {
    if (eventType != null) {
      event(fields, eventType, index, sink);
    } else if (updateId != null) {
      update(fields, new Update(updateId, fields.run.lifeCycle(), creationTime), index, sink);
    } else if (latest.isEmpty()) {
      sink.skipped(index, "pipeline " + fields.texts.quote(pipelineId) + " names no update");
    } else {
      for (Update update : latest) {
        update(fields, update, index, sink);
      }
    }
  }

  private void event(RunFields fields, String eventType, int index, DecodedSink sink) {
    boolean error = "ERROR".equalsIgnoreCase(level) || fields.run.error != null;
    if (updateId == null || (progress == null && !created && !error)) {
      sink.skipped(
          index, "event " + fields.texts.quote(eventType) + " tells no state of an update");
      return;
    }
    RunState.Builder state = identified(fields, Source.PIPELINE_EVENT, updateId);
    if (fields.recordTime == TelemetryRecord.ABSENT) {
      problem.note("timestamp", "missing");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    Outcome outcome =
        progress != null ? outcome(progress) : created ? Outcome.RUNNING : Outcome.FAILED;
    if (progress == null && !created) {
      // What goes wrong in an update may be tried again: only its own state says that it failed.
      state.task(null, fields.texts.line(RunObject.or(flow, dataset)));
    }
    long end = outcome.terminal() ? fields.recordTime : TelemetryRecord.ABSENT;
    sink.record(
        index,
        state
            .state(RunObject.or(progress, eventType), null, outcome)
            .message(
                outcome == Outcome.FAILED
                    ? fields.texts.message(RunObject.or(fields.run.error, message))
                    : null)
            .errorTrace(fields.texts.trace(fields.run.errorTrace))
            .time(fields.recordTime)
            .ran(TelemetryRecord.ABSENT, end)
            .build());
  }

  private void update(RunFields fields, Update update, int index, DecodedSink sink) {
    if (validation) {
      sink.skipped(index, "update " + fields.texts.quote(update.id) + " only validates");
      return;
    }
    RunState.Builder state = identified(fields, Source.PIPELINE, update.id);
    if (update.state == null) {
      problem.note("state", "missing");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    Outcome outcome = outcome(update.state);
    boolean seen = outcome.terminal() || fields.recordTime != TelemetryRecord.ABSENT;
    sink.record(
        index,
        state
            .state(update.state, null, outcome)
            .time(seen ? fields.recordTime : update.createdAt)
            .ran(update.createdAt, TelemetryRecord.ABSENT)
            .build());
  }

  private RunState.Builder identified(RunFields fields, Source source, String update) {
    return RunState.builder()
        .source(source)
        .workspace(fields.requiredWorkspace())
        .jobId(pipelineId)
        .runId(update)
        .jobName(fields.texts.line(RunObject.or(name, fields.jobName())))
        .trigger(fields.texts.line(cause))
        .clusterId(fields.run.clusterId);
  }

  private static Outcome outcome(String word) {
    State state = STATES.find(word);
    return state == null ? Outcome.OTHER : state.outcome;
  }

  /** One of the latest updates of a pipeline, which says of itself only this. */
  private static final class Update implements Json.Fields {
    private String id;
    private String state;
    private long createdAt = TelemetryRecord.ABSENT;

    Update() {}

    Update(String id, String state, long createdAt) {
      this.id = id;
      this.state = state;
      this.createdAt = createdAt;
    }

    @Override
    public void field(String name, JsonParser value) throws IOException {
      switch (Key.ALL.find(name, Key.NONE)) {
        case UPDATE_ID -> id = Json.id(value);
        case STATE -> state = Json.text(value);
        case CREATION_TIME -> createdAt = Math.max(TelemetryRecord.ABSENT, Json.instant(value));
        default -> value.skipChildren();
      }
    }
  }

  private enum State {
    ACTIVE(
        Outcome.RUNNING,
        "CREATED",
        "QUEUED",
        "WAITING_FOR_RESOURCES",
        "INITIALIZING",
        "RESETTING",
        "SETTING_UP_TABLES",
        "RUNNING",
        "STOPPING"),
    COMPLETED(Outcome.SUCCESS, "COMPLETED"),
    FAILED(Outcome.FAILED, "FAILED"),
    CANCELED(Outcome.CANCELLED, "CANCELED", "CANCELLED");

    private final Outcome outcome;
    private final String words;

    State(Outcome outcome, String... words) {
      this.outcome = outcome;
      this.words = Spellings.join(words);
    }
  }

  private enum Key {
    PIPELINE_ID("pipeline_id"),
    PIPELINE_NAME("pipeline_name"),
    UPDATE_ID("update_id"),
    LATEST_UPDATES("latest_updates"),
    FLOW("flow_name"),
    DATASET("dataset_name"),
    CAUSE("cause"),
    CREATION_TIME("creation_time"),
    VALIDATE_ONLY("validate_only"),
    DETAILS("details"),
    LEVEL("level"),
    MESSAGE("message"),
    STATE("state"),
    NONE;

    static final Spellings<Key> ALL = Spellings.of(Key.class, key -> key.names);

    private final String names;

    Key(String... names) {
      this.names = Spellings.join(names);
    }
  }
}
