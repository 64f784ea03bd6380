package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;

/**
 * The fields that a run and a task of it have in common, collected from whichever nesting they
 * stand in: {@code state}, {@code status} with its {@code termination_details}, {@code
 * cluster_instance}, {@code run_output}.
 */
final class RunObject implements Json.Fields {
  private static final int MAX_LEVELS = 6;
  private static final int MAX_EXCEPTIONS = 20;

  private final Problem problem;

  String runId;
  String taskKey;
  String runPageUrl;
  String clusterId;
  boolean allPurpose;
  String result;
  String terminationCode;
  String terminationType;
  String error;
  String errorTrace;
  String logs;
  String evidenceUnavailable;
  private String exit;
  long attempt = TelemetryRecord.ABSENT;
  long startTime = TelemetryRecord.ABSENT;
  private String lifeCycleState;
  private String stateWord;
  private String terminationMessage;
  private String stateMessage;
  private long endTime = TelemetryRecord.ABSENT;
  private long runDuration = TelemetryRecord.ABSENT;
  private long phasesDuration = TelemetryRecord.ABSENT;
  private String childJobId;
  private String childRunId;
  private int level;

  RunObject(Problem problem) {
    this.problem = problem;
  }

  @Override
  public void field(String name, JsonParser value) throws IOException {
    RunKey key = RunKey.ALL.find(name);
    if (key == null || !take(key, value)) {
      value.skipChildren();
    }
  }

  /** Reads the value if the key is one of a run's or task's; false leaves it unread. */
  boolean take(RunKey key, JsonParser value) throws IOException {
    switch (key) {
      case STATE, STATUS -> state(value);
      case TERMINATION_DETAILS, QUEUE_DETAILS ->
          descend(value, key == RunKey.TERMINATION_DETAILS ? this::termination : this::queue);
      case CLUSTER_INSTANCE, CLUSTER_SPEC -> descend(value, this);
      case RUN_OUTPUT -> descend(value, this::output);
      case RUN_JOB_TASK -> descend(value, this::childJob);
      case RUN_JOB_OUTPUT -> descend(value, this::childRun);
      case NOTEBOOK_OUTPUT -> descend(value, this::notebook);
      case RUN_ID -> runId = or(Json.id(value), runId);
      case TASK_KEY -> taskKey = or(Json.id(value), taskKey);
      case RUN_PAGE_URL -> runPageUrl = or(Json.text(value), runPageUrl);
      case CLUSTER_ID -> clusterId = or(Json.id(value), clusterId);
      case EXISTING_CLUSTER_ID -> existingCluster(Json.id(value));
      case CLUSTER_TYPE -> allPurpose |= "existing".equalsIgnoreCase(Json.text(value));
      case START_TIME -> startTime = instant("start_time", value, startTime);
      case END_TIME -> endTime = instant("end_time", value, endTime);
      case RUN_DURATION -> runDuration = Json.wholeNumber(value);
      case SETUP_DURATION, EXECUTION_DURATION, CLEANUP_DURATION -> phase(value);
      case LIFE_CYCLE -> lifeCycleState = or(Json.text(value), lifeCycleState);
      case RESULT -> result = or(Json.text(value), result);
      case STATE_MESSAGE -> stateMessage = or(Json.text(value), stateMessage);
      case TERMINATION_CODE -> terminationCode = or(Json.text(value), terminationCode);
      case TERMINATION_TYPE -> terminationType = or(Json.text(value), terminationType);
      case ERROR, ERROR_MESSAGE -> error(value);
      case ERROR_TRACE -> errorTrace = or(Json.text(value), errorTrace);
      case LOGS -> logs = or(Json.text(value), logs);
      case EVIDENCE_UNAVAILABLE -> evidenceUnavailable = or(Json.text(value), evidenceUnavailable);
      case ATTEMPT -> attempt = Json.wholeNumber(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  /** {@code state} is an object in 2.1; inside {@code status}, and in a webhook, it is a word. */
  private void state(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.START_OBJECT) {
      descend(value, this);
    } else {
      stateWord = or(Json.text(value), stateWord);
    }
  }

  /** A cluster that is named by the job is no job's own. */
  private void existingCluster(String id) {
    if (id != null) {
      allPurpose = true;
      clusterId = or(clusterId, id);
    }
  }

  /** {@code error} is a text, or an object with a message or the chain of exceptions in it. */
  private void error(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.START_OBJECT) {
      descend(
          value,
          (name, inner) -> {
            if (name.equalsIgnoreCase("message")) {
              error = or(Json.text(inner), error);
            } else if (name.equalsIgnoreCase("exceptions")) {
              exceptions(inner);
            } else {
              inner.skipChildren();
            }
          });
    } else {
      error = or(Json.text(value), error);
    }
  }

  /** The outermost comes first; each further one is the cause of the one before. */
  private void exceptions(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_ARRAY) {
      value.skipChildren();
      return;
    }
    StringBuilder chain = new StringBuilder();
    int count = 0;
    while (value.nextToken() != JsonToken.END_ARRAY) {
      ThrownException thrown = new ThrownException();
      Json.object(value, thrown);
      if (thrown.text() != null && count++ < MAX_EXCEPTIONS) {
        error = or(error, thrown.text());
        chain.append(chain.isEmpty() ? "" : "\nCaused by: ").append(thrown.text());
      }
    }
    errorTrace = or(errorTrace, chain.isEmpty() ? null : chain.toString());
  }

  private static final class ThrownException implements Json.Fields {
    private String className;
    private String message;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      if (name.equalsIgnoreCase("class_name") || name.equalsIgnoreCase("className")) {
        className = Json.text(value);
      } else if (name.equalsIgnoreCase("message")) {
        message = Json.text(value);
      } else {
        value.skipChildren();
      }
    }

    String text() {
      return className == null || message == null || message.startsWith(className)
          ? or(message, className)
          : className + ": " + message;
    }
  }

  /** An attached output says how it ended; its {@code metadata} is another run object, a task's. */
  private void output(String name, JsonParser value) throws IOException {
    RunKey key = RunKey.ALL.find(name, RunKey.INNER);
    switch (key) {
      case ERROR, ERROR_MESSAGE, ERROR_TRACE, LOGS, NOTEBOOK_OUTPUT, RUN_JOB_OUTPUT ->
          take(key, value);
      default -> value.skipChildren();
    }
  }

  private void childJob(String name, JsonParser value) throws IOException {
    if (RunKey.ALL.find(name) == RunKey.JOB_ID) {
      childJobId = or(Json.id(value), childJobId);
    } else {
      value.skipChildren();
    }
  }

  private void childRun(String name, JsonParser value) throws IOException {
    if (RunKey.ALL.find(name) == RunKey.RUN_ID) {
      childRunId = or(Json.id(value), childRunId);
    } else {
      value.skipChildren();
    }
  }

  private void notebook(String name, JsonParser value) throws IOException {
    if (name.equalsIgnoreCase("result")) {
      exit = or(Json.text(value), exit);
    } else {
      value.skipChildren();
    }
  }

  private void termination(String name, JsonParser value) throws IOException {
    switch (DetailKey.ALL.find(name, DetailKey.OTHER)) {
      case CODE -> terminationCode = or(Json.text(value), terminationCode);
      case TYPE -> terminationType = or(Json.text(value), terminationType);
      case MESSAGE -> terminationMessage = or(Json.text(value), terminationMessage);
      case OTHER -> value.skipChildren();
    }
  }

  private void queue(String name, JsonParser value) throws IOException {
    if (DetailKey.ALL.find(name) == DetailKey.MESSAGE) {
      stateMessage = or(stateMessage, Json.text(value));
    } else {
      value.skipChildren();
    }
  }

  private void descend(JsonParser value, Json.Fields fields) throws IOException {
    if (level == MAX_LEVELS) {
      value.skipChildren();
      return;
    }
    level++;
    Json.object(value, fields);
    level--;
  }

  private void phase(JsonParser value) throws IOException {
    long millis = Json.wholeNumber(value);
    if (millis > 0) {
      phasesDuration = Math.max(0, phasesDuration) + millis;
    }
  }

  /** The Jobs API writes 0 for "not yet". */
  private long instant(String key, JsonParser value, long before) throws IOException {
    long millis = problem.instant(key, value, TelemetryRecord.ABSENT);
    return millis > 0 ? millis : before;
  }

  /** The old {@code life_cycle_state} tells more than the new {@code status.state} beside it. */
  String lifeCycle() {
    return or(lifeCycleState, stateWord);
  }

  Outcome outcome() {
    return RunOutcomes.of(lifeCycle(), result, terminationCode, terminationType);
  }

  boolean hasState() {
    return lifeCycle() != null || result != null || terminationCode != null;
  }

  /** Whether somebody chose not to run it. */
  boolean leftOut() {
    return "EXCLUDED".equalsIgnoreCase(result) || "DISABLED".equalsIgnoreCase(result);
  }

  /** When it ended, if it has: as given, else from the start and how long it took. */
  long endTime() {
    if (endTime != TelemetryRecord.ABSENT || startTime == TelemetryRecord.ABSENT) {
      return endTime;
    }
    long took = runDuration > 0 ? runDuration : phasesDuration;
    return took > 0 && took < Long.MAX_VALUE - startTime && outcome().terminal()
        ? startTime + took
        : TelemetryRecord.ABSENT;
  }

  /**
   * The task's own error says most, the state message, often only "see run output", least. Where
   * the output could not be had, the message that points to it says so.
   */
  String message() {
    if (error != null) {
      return error;
    }
    String pointer = or(terminationMessage, stateMessage);
    if (evidenceUnavailable == null) {
      return pointer;
    }
    String why = "[evidence unavailable: " + evidenceUnavailable + ']';
    return pointer == null ? why : pointer + ' ' + why;
  }

  /** Puts what is known of this object into a record under construction. */
  RunState.Builder fill(RunState.Builder to, FreeText texts) {
    ExitReport report = outcome() == Outcome.SUCCESS ? ExitReport.of(exit) : null;
    RunItems items = report == null ? null : report.items(texts);
    boolean bad = items != null && items.verdict() != RunItems.Verdict.GOOD;
    return to.state(lifeCycle(), result, outcome())
        .termination(terminationCode, terminationType)
        .items(items)
        .message(texts.message(bad ? or(report.message(), message()) : message()))
        .errorTrace(texts.trace(or(errorTrace, logs)))
        .attemptNumber(attempt >= 0 && attempt <= Integer.MAX_VALUE ? (int) attempt : -1)
        .ran(startTime, endTime())
        .runPageUrl(texts.line(runPageUrl))
        .clusterId(clusterId)
        .allPurpose(allPurpose)
        .childRun(
            childJobId == null || childRunId == null ? null : new ChildRun(childJobId, childRunId));
  }

  static String or(String first, String second) {
    return first == null ? second : first;
  }

  private enum DetailKey {
    CODE("code"),
    TYPE("type"),
    MESSAGE("message"),
    OTHER;

    static final Spellings<DetailKey> ALL = Spellings.of(DetailKey.class, key -> key.names);

    private final String names;

    DetailKey(String... names) {
      this.names = Spellings.join(names);
    }
  }
}
