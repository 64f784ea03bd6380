package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.Safeguards.Told;
import java.io.IOException;
import java.util.Locale;

/**
 * What of a job's settings tells of its {@link Safeguards}: fields of the job, which since version
 * 2.1 of the Jobs API are those of its tasks, too. Each may be JSON in a string.
 */
final class SafeguardFields {
  private static final int MAX_LEVELS = 4;

  private final MakeupFields makeup;
  private final Definition job = new Definition();
  private int tasks;
  private int tasksWithTimeout;
  private int tasksWithNotice;
  private boolean anyTaskRetries;
  private boolean continuous;

  /** Not all is known that the settings say: nothing is taken to be missing. */
  private boolean partial;

  private int level;

  /**
   * The fields.
   *
   * @param makeup takes those that say what the job is made of
   */
  SafeguardFields(MakeupFields makeup) {
    this.makeup = makeup;
  }

  /** Takes a field of the job itself; leaves the parser on the last token of its value. */
  void field(String name, JsonParser value) throws IOException {
    switch (Key.ALL.find(name, Key.NONE)) {
      case TASKS -> tasks(value);
      case CONTINUOUS -> continuous |= JobFields.something(value);
      case MORE -> partial |= "true".equalsIgnoreCase(Json.text(value));
      default -> job.field(name, value);
    }
  }

  /** Something of the job's settings was cut off, or could not be read. */
  void cut() {
    partial = true;
  }

  /** A field of the job was taken away. */
  void removed(String name) {
    switch (Key.ALL.find(name, Key.NONE)) {
      case RETRIES -> job.retries = Told.NO;
      case TIMEOUT -> job.timeout = Told.NO;
      case EMAIL -> job.email = Told.NO;
      case WEBHOOK -> job.webhook = Told.NO;
      default -> {}
    }
  }

  /**
   * What is told.
   *
   * @param scope how much of the job was told: of all of it what is not named is missing; of a part
   *     what the job itself is said to lack, tasks that are not named may have
   */
  Safeguards told(Scope scope) {
    if (scope == Scope.DELETED) {
      return Safeguards.UNTOLD;
    }
    Told absent = scope == Scope.WHOLE && !partial ? Told.NO : Told.UNTOLD;
    return new Safeguards(retries(absent), timeout(absent), failureNotice(absent));
  }

  private Told retries(Told absent) {
    if (continuous || anyTaskRetries || job.retries == Told.YES) {
      return Told.YES;
    }
    // Only a job that is its one task says so itself.
    return tasks == 0 && !partial && job.retries == Told.NO ? Told.NO : absent;
  }

  private Told timeout(Told absent) {
    return continuous
        ? Told.YES
        : ofJobOrEveryTask(job.timeout, job.timeout == Told.NO, tasksWithTimeout, absent);
  }

  private Told failureNotice(Told absent) {
    boolean no = job.email == Told.NO && job.webhook == Told.NO;
    return ofJobOrEveryTask(job.notice(), no, tasksWithNotice, absent);
  }

  private Told ofJobOrEveryTask(Told ofJob, boolean jobHasNone, int tasksWith, Told absent) {
    if (ofJob == Told.YES) {
      return Told.YES;
    }
    boolean everyTask = tasks > 0 && tasksWith == tasks;
    if (everyTask) {
      return absent == Told.NO ? Told.YES : Told.UNTOLD;
    }
    return jobHasNone && !partial ? Told.NO : absent;
  }

  private void tasks(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.START_ARRAY) {
      while (value.nextToken() != JsonToken.END_ARRAY) {
        task(value);
      }
    } else if (value.currentToken() == JsonToken.VALUE_STRING) {
      Json.Nested read =
          Json.inString(
              value.getText(),
              inner -> {
                if (level++ < MAX_LEVELS) {
                  tasks(inner);
                }
                level--;
                return Json.Nested.READ;
              });
      partial |= read == Json.Nested.BROKEN;
    } else {
      value.skipChildren();
    }
  }

  private void task(JsonParser value) throws IOException {
    Definition task = new Definition();
    tasks++;
    partial |= Json.object(value, task) != Json.Nested.READ;
    anyTaskRetries |= task.retries == Told.YES;
    tasksWithTimeout += task.timeout == Told.YES ? 1 : 0;
    tasksWithNotice += task.notice() == Told.YES ? 1 : 0;
  }

  /** Of the job, or of one of its tasks. */
  private final class Definition implements Json.Fields {
    private Told retries = Told.UNTOLD;
    private Told timeout = Told.UNTOLD;
    private Told email = Told.UNTOLD;
    private Told webhook = Told.UNTOLD;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      switch (Key.ALL.find(name, Key.NONE)) {
        case RETRIES -> retries = number(value, -1, retries);
        case TIMEOUT -> timeout = number(value, 1, timeout);
        case EMAIL -> email = notice(value);
        case WEBHOOK -> webhook = notice(value);
        case FOR_EACH, TASK -> inner(value);
        default -> makeup.field(name, value);
      }
    }

    /** What is done for each element is a task of its own, within the one that does it. */
    private void inner(JsonParser value) throws IOException {
      if (level++ < MAX_LEVELS) {
        Json.object(value, this);
      } else {
        value.skipChildren();
      }
      level--;
    }

    private Told notice() {
      return email == Told.YES || webhook == Told.YES ? Told.YES : Told.UNTOLD;
    }

    /** Whether a number is there that is not zero, nor below the least. */
    private Told number(JsonParser value, long least, Told before) throws IOException {
      if (!JobFields.something(value.currentToken(), value)) {
        return or(Told.NO, before);
      }
      long number = Json.wholeNumber(value);
      if (number == Json.UNREADABLE) {
        partial = true;
        return before;
      }
      return or(number != 0 && number >= least ? Told.YES : Told.NO, before);
    }

    private Told or(Told told, Told before) {
      return before == Told.YES ? before : told;
    }

    private Told notice(JsonParser value) throws IOException {
      OnFailure onFailure = new OnFailure();
      if (Json.object(value, onFailure) == Json.Nested.BROKEN) {
        partial = true;
        return onFailure.somebody ? Told.YES : Told.UNTOLD;
      }
      return onFailure.somebody ? Told.YES : Told.NO;
    }
  }

  /** Who is told of a failure. */
  private static final class OnFailure implements Json.Fields {
    private boolean somebody;

    @Override
    public void field(String name, JsonParser value) throws IOException {
      if (name.replace("_", "").toLowerCase(Locale.ROOT).equals("onfailure")) {
        somebody |= isSomebody(value);
      } else {
        value.skipChildren();
      }
    }

    private static boolean isSomebody(JsonParser value) throws IOException {
      if (value.currentToken() == JsonToken.START_ARRAY) {
        boolean empty = value.nextToken() == JsonToken.END_ARRAY;
        while (value.currentToken() != JsonToken.END_ARRAY) {
          value.skipChildren();
          value.nextToken();
        }
        return !empty;
      }
      String text = Json.text(value);
      return text != null && !text.equals("null") && !text.matches("\\[\\s*\\]");
    }
  }

  private enum Key {
    TASKS("tasks"),
    CONTINUOUS("continuous"),
    MORE("has_more"),
    RETRIES("max_retries"),
    TIMEOUT("timeout_seconds"),
    EMAIL("email_notifications"),
    WEBHOOK("webhook_notifications"),
    FOR_EACH("for_each_task"),
    TASK("task"),
    NONE;

    static final Spellings<Key> ALL = Spellings.of(Key.class, key -> key.names);

    private final String names;

    Key(String... names) {
      this.names = Spellings.join(names);
    }
  }
}
