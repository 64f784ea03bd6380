package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The fields of one record about a run, whichever its shape; which shape it was is known at the
 * end, since a stream gives the telling field when it likes.
 */
final class RunFields implements RecordFields {
  private static final int MAX_LEVELS = 6;
  private static final int MAX_TASKS = 1_000; // the platform's own bound is 1,000 tasks a job

  final FreeText texts;
  final Problem problem;
  final RunObject run;
  String jobId;
  String jobRunId;
  String parentRunId;
  String repairId;
  String action;
  String category;
  long recordTime = TelemetryRecord.ABSENT;
  long statusCode = TelemetryRecord.ABSENT;
  private final List<RunObject> tasks = new ArrayList<>();
  private String workspaceId;
  private String azureResourceId;
  private String jobName;
  private String runName;
  private String environment;
  private String trigger;
  private String operation;
  private String eventType;
  private String kind;
  private JobFields job;
  private PipelineFields pipeline;
  private long periodStart = TelemetryRecord.ABSENT;
  private long periodEnd = TelemetryRecord.ABSENT;
  private long runSeconds = TelemetryRecord.ABSENT;
  private int level;
  private boolean cut;

  /** Within the parameters of an audited request: what stands there is asked for. */
  private boolean asked;

  RunFields(FreeText texts) {
    this.texts = texts;
    this.problem = new Problem(texts);
    this.run = new RunObject(problem);
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    RunKey key = RunKey.ALL.find(name);
    if (key == null) {
      value.skipChildren();
      return;
    }
    switch (key) {
      case TASKS -> {
        if (asked) {
          job().field(name, value);
        } else {
          tasks(value);
        }
      }
      case INNER -> descend(value, this);
      case REQUEST_PARAMS -> {
        asked = true;
        descend(value, this);
        asked = false;
      }
      case RESPONSE -> descend(value, this::response);
      case TAGS -> descend(value, this::tag);
      case REPAIR_HISTORY -> repairs(value);
      case TIME -> recordTime = problem.instant("time", value, recordTime);
      case PERIOD_START -> periodStart = problem.instant("period_start_time", value, periodStart);
      case PERIOD_END -> periodEnd = problem.instant("period_end_time", value, periodEnd);
      case RUN_DURATION_SECONDS -> runSeconds = Json.wholeNumber(value);
      case JOB_SETTING -> job().field(name, value);
      case JOB_ASKED -> {
        if (asked) {
          job().field(name, value);
        } else {
          value.skipChildren();
        }
      }
      case PIPELINE -> pipeline().field(name, value);
      case TRIGGER -> {
        if (isObject(value)) {
          job().field(name, value);
        } else {
          text(key, value);
        }
      }
      default -> {
        if (!run.take(key, value)) {
          text(key, value);
        }
      }
    }
  }

  private JobFields job() {
    job = job == null ? new JobFields() : job;
    return job;
  }

  private PipelineFields pipeline() {
    pipeline = pipeline == null ? new PipelineFields(problem) : pipeline;
    return pipeline;
  }

  /** What started a run is a word; what is to start a job is an object, perhaps in a string. */
  private static boolean isObject(JsonParser value) throws IOException {
    return value.currentToken() == JsonToken.START_OBJECT
        || (value.currentToken() == JsonToken.VALUE_STRING
            && value.getText().stripLeading().startsWith("{"));
  }

  private void text(RunKey key, JsonParser value) throws IOException {
    String text = Json.id(value);
    if (text == null) {
      return;
    }
    switch (key) {
      case WORKSPACE_ID -> workspaceId = text;
      case AZURE_RESOURCE_ID -> azureResourceId = text;
      case JOB_ID -> jobId = text;
      case JOB_RUN_ID -> jobRunId = text;
      case PARENT_RUN_ID -> parentRunId = text;
      case RUN_NAME -> runName = text;
      case JOB_NAME -> jobName = text;
      case ENVIRONMENT -> environment = text;
      case TRIGGER -> trigger = text;
      case LATEST_REPAIR_ID -> repairId = text;
      case ACTION -> action = text;
      case OPERATION -> operation = text;
      case CATEGORY -> category = text;
      case EVENT_TYPE ->
          // What wraps a notification may have a type of its own.
          eventType = RunWebhook.isOne(eventType) ? eventType : text;
      case KIND -> kind = text;
      default -> throw new AssertionError(key);
    }
  }

  private void descend(JsonParser value, Json.Fields fields) throws IOException {
    if (level == MAX_LEVELS) {
      value.skipChildren();
      return;
    }
    level++;
    // The audit log cuts long values: what stands before the cut counts.
    if (Json.object(value, fields) == Json.Nested.BROKEN) {
      cut = true;
    }
    level--;
  }

  private void tasks(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      value.skipChildren();
      return;
    }
    while (value.nextToken() != JsonToken.END_ARRAY) {
      if (value.currentToken() == JsonToken.START_OBJECT && tasks.size() < MAX_TASKS) {
        RunObject task = new RunObject(problem);
        Json.walk(value, task);
        tasks.add(task);
      } else {
        value.skipChildren();
      }
    }
  }

  private void repairs(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      value.skipChildren();
      return;
    }
    while (value.nextToken() != JsonToken.END_ARRAY) {
      RepairItem item = new RepairItem();
      Json.object(value, item);
      if (item.id != null && item.repair) {
        repairId = item.id; // the list is in order of time
      }
    }
  }

  private void tag(String name, JsonParser value) throws IOException {
    String text = Json.id(value);
    if (text != null && isEnvironment(name)) {
      environment = RunObject.or(environment, text);
    }
  }

  /** Whether a tag of this name tells the deployment environment. */
  static boolean isEnvironment(String name) {
    return RunKey.ALL.find(name) == RunKey.ENVIRONMENT || name.equalsIgnoreCase("target");
  }

  private void response(String name, JsonParser value) throws IOException {
    switch (ResponseKey.ALL.find(name, ResponseKey.OTHER)) {
      case STATUS_CODE -> statusCode = Json.wholeNumber(value);
      case ERROR_MESSAGE -> run.error = RunObject.or(run.error, Json.text(value));
      case RESULT -> descend(value, this::response);
      case REPAIR_ID -> repairId = RunObject.or(Json.id(value), repairId);
      case RUN_ID -> run.runId = RunObject.or(run.runId, Json.id(value));
      case JOB_ID -> jobId = RunObject.or(jobId, Json.id(value));
      case OTHER -> value.skipChildren();
    }
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    if (action == null && operation != null) {
      action = operation.substring(operation.lastIndexOf('/') + 1);
    }
    if (isKind("heartbeat")) {
      heartbeat(index, sink);
    } else if (isKind("job")) {
      settings(JobSettings.Scope.WHOLE, Source.JOBS_API, index, sink);
    } else if (pipeline != null && pipeline.isOne() && jobId() == null) {
      pipeline.finish(this, eventType, index, sink);
    } else if (eventType != null && !run.hasState()) {
      RunWebhook.finish(this, eventType, index, sink);
    } else if (action != null) {
      RunAudit.finish(this, index, sink);
    } else if (periodStart != TelemetryRecord.ABSENT || periodEnd != TelemetryRecord.ABSENT) {
      slice(index, sink);
    } else {
      runObject(index, sink);
    }
  }

  /**
   * Whether this is what a poller tells beside runs: what carries a run is one, whatever its kind.
   */
  private boolean isKind(String name) {
    return name.equalsIgnoreCase(kind) && action == null && run.runId == null && !run.hasState();
  }

  private void heartbeat(int index, DecodedSink sink) {
    String workspace = requiredWorkspace();
    requireTime();
    if (problem.found()) {
      sink.bad(index, problem.reason());
    } else {
      sink.record(index, new Heartbeat(recordTime, workspace));
    }
  }

  /** Tells the sink the settings of a job that were collected. */
  void settings(JobSettings.Scope scope, Source source, int index, DecodedSink sink) {
    String workspace = requiredWorkspace();
    String id = jobId();
    if (id == null) {
      problem.note("job_id", "missing");
    }
    requireTime();
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    if (cut) {
      job().cut();
    }
    JobSettings.Scope told =
        cut && scope == JobSettings.Scope.WHOLE ? JobSettings.Scope.PART : scope;
    sink.record(index, job().settings(recordTime, workspace, id, environment, told, source, texts));
  }

  /** The id of the job; null where none is named. */
  String jobId() {
    return jobId == null && job != null ? job.jobId() : jobId;
  }

  /** The name of the job; null where none is told. */
  String jobName() {
    return RunObject.or(jobName, job == null ? null : job.name());
  }

  private void requireTime() {
    if (recordTime == TelemetryRecord.ABSENT) {
      problem.note("time", "missing");
    }
  }

  private void runObject(int index, DecodedSink sink) {
    RunState.Builder job = identified(Source.JOBS_API);
    if (!run.hasState()) {
      problem.note("state", "missing, and so is status");
    }
    long end = run.endTime();
    long time = firstPresent(run.outcome().terminal() ? end : -1, recordTime, run.startTime, end);
    if (time == TelemetryRecord.ABSENT) {
      problem.note("start_time", "missing, and so are end_time and time");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    RunState state = itemsOf(run.fill(job, texts).time(time)).build();
    sink.record(index, state);
    for (RunObject task : tasks) {
      task(task, state, index, sink);
    }
  }

  /** Of a run that failed, how many of its tasks did not, where there are enough of them. */
  private RunState.Builder itemsOf(RunState.Builder state) {
    if (tasks.size() < RunItems.ENOUGH || run.outcome() != Outcome.FAILED) {
      return state;
    }
    Map<String, RunObject> last = new LinkedHashMap<>();
    for (RunObject task : tasks) {
      RunObject before = last.get(task.taskKey);
      if (before == null || before.attempt <= task.attempt) {
        last.put(task.taskKey, task);
      }
    }
    last.values().removeIf(RunObject::leftOut);
    List<String> failed = new ArrayList<>();
    last.forEach(
        (key, task) -> {
          if (task.outcome() != Outcome.SUCCESS) {
            failed.add(texts.line(key == null ? "" : key));
          }
        });
    failed.removeIf(Objects::isNull);
    int succeeded =
        (int) last.values().stream().filter(task -> task.outcome() == Outcome.SUCCESS).count();
    return state.items(
        new RunItems(
            last.size(),
            succeeded,
            failed.subList(0, Math.min(failed.size(), RunItems.MOST_NAMES)),
            false,
            true));
  }

  private void task(RunObject task, RunState job, int index, DecodedSink sink) {
    if (!task.hasState()) {
      sink.skipped(index, "task " + texts.quote(task.taskKey) + " has no state");
      return;
    }
    long end = task.endTime();
    boolean ended = task.outcome().terminal();
    long time = firstPresent(ended ? end : -1, recordTime, task.startTime, job.time());
    sink.record(
        index,
        task.fill(job.toBuilder(), texts)
            .task(task.runId, task.taskKey)
            .time(time)
            .repairId(null)
            .runPageUrl(texts.line(RunObject.or(task.runPageUrl, job.runPageUrl())))
            .clusterId(RunObject.or(task.clusterId, job.clusterId()))
            .allPurpose(task.allPurpose || (task.clusterId == null && job.allPurpose()))
            .build());
  }

  /** A row of a timeline table: one hour of a run at most, with a result in the last one only. */
  private void slice(int index, DecodedSink sink) {
    RunState.Builder state = identified(Source.SYSTEM_TABLE);
    long end = firstPresent(periodEnd, periodStart);
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    boolean ended = run.hasState();
    boolean measured = ended && runSeconds > 0 && runSeconds < end / 1_000;
    Outcome outcome = ended ? run.outcome() : Outcome.RUNNING;
    sink.record(
        index,
        run.fill(state, texts)
            .state(run.lifeCycle(), run.result, outcome)
            .time(end)
            .ran(
                measured ? end - runSeconds * 1_000 : periodStart,
                outcome.terminal() ? end : TelemetryRecord.ABSENT)
            .build());
  }

  /**
   * A builder that knows whose state it is. A run id of its own beside the id of the job run makes
   * it a task's.
   */
  RunState.Builder identified(Source source) {
    String workspace = requiredWorkspace();
    String whole = RunObject.or(present(jobRunId), RunObject.or(present(parentRunId), run.runId));
    if (jobId() == null) {
      problem.note("job_id", "missing");
    }
    if (whole == null) {
      problem.note("run_id", "missing");
    }
    RunState.Builder state =
        RunState.builder()
            .source(source)
            .workspace(workspace)
            .jobId(jobId())
            .runId(whole)
            .taskKey(run.taskKey)
            .jobName(texts.line(RunObject.or(jobName, runName)))
            .environment(environment)
            .trigger(trigger)
            .repairId(repairId);
    boolean task = run.runId != null && !run.runId.equals(whole);
    return task ? state.task(run.runId, run.taskKey) : state;
  }

  String requiredWorkspace() {
    String workspace = workspace();
    if (workspace == null) {
      problem.note("workspace_id", "missing, and neither orgId nor run_page_url names one");
    }
    return workspace;
  }

  private String workspace() {
    if (present(workspaceId) != null) {
      return workspaceId.toLowerCase(Locale.ROOT);
    }
    String ofPage = RunPages.workspace(run.runPageUrl);
    return ofPage == null && azureResourceId != null
        ? ResourcePaths.workspace(azureResourceId.toLowerCase(Locale.ROOT))
        : ofPage;
  }

  /** The audit log writes 0 for an id that is not there. */
  private static String present(String id) {
    return id == null || id.equals("0") ? null : id;
  }

  private static long firstPresent(long... instants) {
    for (long instant : instants) {
      if (instant != TelemetryRecord.ABSENT) {
        return instant;
      }
    }
    return TelemetryRecord.ABSENT;
  }

  private static final class RepairItem implements Json.Fields {
    private String id;
    private boolean repair;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      if (name.equalsIgnoreCase("id")) {
        id = Json.id(value);
      } else if (name.equalsIgnoreCase("type")) {
        repair = "REPAIR".equalsIgnoreCase(Json.text(value));
      } else {
        value.skipChildren();
      }
    }
  }

  private enum ResponseKey {
    STATUS_CODE("statusCode"),
    ERROR_MESSAGE("errorMessage"),
    RESULT("result"),
    REPAIR_ID("repair_id"),
    RUN_ID("run_id"),
    JOB_ID("job_id"),
    OTHER;

    static final Spellings<ResponseKey> ALL = Spellings.of(ResponseKey.class, key -> key.names);

    private final String names;

    ResponseKey(String... names) {
      this.names = Spellings.join(names);
    }
  }
}
