package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.Locale;

/**
 * The fields of a job's settings, from wherever they stand: the job object of the Jobs API, {@code
 * new_settings} of an audit record, or the parameters of its request themselves. Each may be JSON
 * in a string.
 */
final class JobFields implements Json.Fields {
  private static final int MAX_LEVELS = 4;

  private String jobId;
  private String name;
  private String cron;
  private String timeZone;
  private String environment;
  private String deployment;
  private boolean paused;
  private boolean deleted;

  /** Something else than a schedule starts the job. */
  private boolean otherStart;

  /** The schedule is told: there is one, or there is none. */
  private boolean scheduleTold;

  /** A text was cut, as the audit log does with long ones: what stood behind is not known. */
  private boolean cut;

  private final MakeupFields makeup = new MakeupFields();
  private final SafeguardFields safeguards = new SafeguardFields(makeup);
  private int level;

  @Override
  public void field(String fieldName, JsonParser value) throws IOException {
    switch (JobKey.ALL.find(fieldName, JobKey.NONE)) {
      case JOB, SETTINGS -> descend(value, this);
      case JOB_ID -> jobId = RunObject.or(Json.id(value), jobId);
      case NAME -> name = RunObject.or(Json.text(value), name);
      case DELETED -> deleted = "true".equalsIgnoreCase(Json.text(value));
      case SCHEDULE -> schedule(value);
      case CRON -> cron = Json.text(value);
      case TIME_ZONE -> timeZone = Json.text(value);
      case PAUSE_STATUS -> paused = "PAUSED".equalsIgnoreCase(Json.text(value));
      case OTHER_START -> otherStart |= something(value);
      case CONTINUOUS -> {
        otherStart |= something(value.currentToken(), value);
        safeguards.field(fieldName, value);
      }
      case SAFEGUARD -> safeguards.field(fieldName, value);
      case TAGS -> descend(value, this::tag);
      case DEPLOYMENT -> descend(value, this::deployment);
      case REMOVED -> removed(value);
      case NONE -> makeup.field(fieldName, value);
    }
  }

  private void schedule(JsonParser value) throws IOException {
    cron = null;
    if (!something(value.currentToken(), value)) {
      scheduleTold = true;
      return;
    }
    descend(value, this);
    // What cannot be read to its expression is as good as not told.
    scheduleTold = cron != null;
  }

  /** Whether a value is there; leaves the parser on its last token. */
  static boolean something(JsonParser value) throws IOException {
    boolean something = something(value.currentToken(), value);
    value.skipChildren();
    return something;
  }

  /** Whether a value is there whose first token this is. */
  static boolean something(JsonToken token, JsonParser value) throws IOException {
    return token != JsonToken.VALUE_NULL
        && token != JsonToken.VALUE_FALSE
        && (token != JsonToken.VALUE_STRING
            || !(value.getText().isBlank() || value.getText().strip().equals("null")));
  }

  private void tag(String tag, JsonParser value) throws IOException {
    String text = Json.id(value);
    if (text != null && RunFields.isEnvironment(tag)) {
      environment = RunObject.or(environment, text);
    }
  }

  private void deployment(String key, JsonParser value) throws IOException {
    if (key.equalsIgnoreCase("kind")) {
      deployment = Json.text(value);
    } else {
      makeup.deployment(key, value);
    }
  }

  /** A list of the names of settings that were taken away, or such a list in a string. */
  private void removed(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_STRING) {
      removed(value.getText());
    } else if (value.currentToken() == JsonToken.START_ARRAY) {
      while (value.nextToken() != JsonToken.END_ARRAY) {
        if (value.currentToken() == JsonToken.VALUE_STRING) {
          removed(value.getText());
        } else {
          value.skipChildren();
        }
      }
    } else {
      value.skipChildren();
    }
  }

  private void removed(String names) {
    for (String removed : names.split("[^A-Za-z_]+", -1)) {
      safeguards.removed(removed);
      if (removed.toLowerCase(Locale.ROOT).equals("schedule")) {
        scheduleTold = true;
        cron = null;
      }
    }
  }

  private void descend(JsonParser value, Json.Fields fields) throws IOException {
    if (level == MAX_LEVELS) {
      value.skipChildren();
      return;
    }
    level++;
    if (Json.object(value, fields) == Json.Nested.BROKEN) {
      cut();
    }
    level--;
  }

  /** What stood behind is not known. */
  void cut() {
    cut = true;
    safeguards.cut();
  }

  String jobId() {
    return jobId;
  }

  String name() {
    return name;
  }

  /**
   * The settings.
   *
   * @param asked how much of the job a record of this kind tells
   */
  JobSettings settings(
      long time,
      String workspace,
      String id,
      String tagged,
      Scope asked,
      RunState.Source source,
      FreeText texts) {
    Scope scope = deleted ? Scope.DELETED : cut && asked == Scope.WHOLE ? Scope.PART : asked;
    Start start = start(scope);
    boolean scheduled = start == Start.SCHEDULE;
    return new JobSettings(
        time,
        workspace,
        id,
        scope,
        start,
        scheduled ? texts.line(cron) : null,
        scheduled ? texts.line(timeZone) : null,
        scheduled && paused,
        texts.line(name),
        texts.line(RunObject.or(environment, tagged)),
        texts.line(deployment),
        safeguards.told(scope),
        makeup.told(scope, texts),
        source);
  }

  private Start start(Scope scope) {
    if (scope == Scope.DELETED) {
      return Start.UNTOLD;
    }
    if (cron != null) {
      return Start.SCHEDULE;
    }
    return scheduleTold || otherStart || scope == Scope.WHOLE ? Start.OTHER : Start.UNTOLD;
  }

  private enum JobKey {
    JOB("job"),
    SETTINGS("settings", "new_settings"),
    JOB_ID("job_id"),
    NAME("name"),
    DELETED("deleted"),
    SCHEDULE("schedule"),
    CRON("quartz_cron_expression"),
    TIME_ZONE("timezone_id"),
    PAUSE_STATUS("pause_status"),
    OTHER_START("trigger"),
    CONTINUOUS("continuous"),
    SAFEGUARD(
        "tasks",
        "has_more",
        "max_retries",
        "timeout_seconds",
        "email_notifications",
        "webhook_notifications"),
    TAGS("tags"),
    DEPLOYMENT("deployment"),
    REMOVED("fields_to_remove"),
    NONE;

    static final Spellings<JobKey> ALL = Spellings.of(JobKey.class, key -> key.names);

    private final String names;

    JobKey(String... names) {
      this.names = Spellings.join(names);
    }
  }
}
