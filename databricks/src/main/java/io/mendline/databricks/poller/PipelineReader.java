package io.mendline.databricks.poller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.api.ApiException;
import io.mendline.databricks.api.ApiException.Kind;
import io.mendline.databricks.api.PipelinesApi;
import io.mendline.databricks.api.PipelinesApi.Span;
import io.mendline.databricks.api.Time;
import io.mendline.databricks.api.Workspace;
import io.mendline.databricks.poller.TrackedUpdate.Phase;
import io.mendline.serdes.binary.Hash64;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the declarative pipelines of one workspace.
 *
 * <p><b>Method.</b> The list of pipelines shows the latest updates of each. Where that has changed,
 * and once an hour in any case, the updates of the pipeline are listed, the newest first, down to a
 * position, which is when the newest update known was made, with some overlap. An update that has
 * not ended is looked at every 30 seconds, and the errors in the event log with it; when it has
 * ended, once more. The event that says when it ended is told beside it: an update itself does not.
 * Where the log does not say yet that an update failed, it is read again for ten minutes.
 *
 * <p><b>Bounds.</b> What is remembered of a pipeline is its updates under way and those within the
 * overlap. Cost: a call for 100 pipelines each time they are listed; two for each look at an
 * update; three for one that ended well.
 */
final class PipelineReader {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineReader.class);

  private static final long RELIST = 3_600_000;
  private static final long LOOK = 30_000;
  private static final long RETRY = 30_000;
  private static final long SLOW_RETRY = 300_000;

  /** How long the event log may lag behind the state of an update. */
  private static final long LOG_LAG = 600_000;

  /** An event log that could not be read for so long after an update is let be. */
  private static final long LONGEST_LAG = 86_400_000;

  /** How wrong the clock of the machine may be. */
  private static final long SKEW = 3_600_000;

  /** An update that was so often not found is gone. */
  private static final int MISSES = 3;

  private final Workspace workspace;
  private final PipelinesApi api;
  private final Messages messages;
  private final Failures failures;
  private final Keeping keeping;
  private final Time time;
  private final long lookback;
  private final long overlap;

  PipelineReader(
      Workspace workspace,
      PipelinesApi api,
      Messages messages,
      Failures failures,
      Keeping keeping,
      Time time,
      PollerConfig config) {
    this.workspace = workspace;
    this.api = api;
    this.messages = messages;
    this.failures = failures;
    this.keeping = keeping;
    this.time = time;
    this.lookback = config.lookback().toMillis();
    this.overlap = config.overlap().toMillis();
  }

  /** Keeps what was told, when that is enough of it. */
  @FunctionalInterface
  interface Keeping {
    void sometimes() throws DeliveryException;
  }

  /** Reads the list of pipelines, and notes which of them have something new. */
  void list(Map<String, TrackedPipeline> pipelines) throws ApiException, InterruptedException {
    Set<String> listed = new HashSet<>();
    long begin = time.millis() - lookback;
    api.list(
        status -> {
          String id = status.path("pipeline_id").asText("");
          if (id.isEmpty()) {
            LOG.warn("workspace {}: a pipeline without an id is passed over", workspace.name());
            return;
          }
          listed.add(id);
          TrackedPipeline pipeline =
              pipelines.computeIfAbsent(id, any -> new TrackedPipeline(id, begin));
          pipeline.name = status.path("name").asText(null);
          long shown = shown(status);
          if (shown != pipeline.shown || pipeline.unlisted) {
            pipeline.shown = shown;
            pipeline.unlisted = false;
            pipeline.listDue = 0;
          }
        });
    // One that comes back within the time of the first reading must not be read anew.
    pipelines
        .values()
        .removeIf(
            pipeline ->
                !listed.contains(pipeline.id)
                    && pipeline.followed().isEmpty()
                    && pipeline.position < begin);
    for (TrackedPipeline pipeline : pipelines.values()) {
      if (!listed.contains(pipeline.id) && !pipeline.unlisted) {
        LOG.info("workspace {}: pipeline {} is not listed any more", workspace.name(), pipeline);
        pipeline.unlisted = true;
        pipeline.listDue = Long.MAX_VALUE;
      }
    }
  }

  private static long shown(ObjectNode status) {
    String text = status.path("state").asText() + status.path("latest_updates");
    return Hash64.xxHash64(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what is due, the longest due first.
   *
   * @param until when to stop for now, milliseconds since 1970
   */
  void follow(Map<String, TrackedPipeline> pipelines, long until)
      throws ApiException, InterruptedException, DeliveryException {
    List<TrackedPipeline> due =
        pipelines.values().stream()
            .filter(pipeline -> pipeline.due() <= time.millis())
            .sorted(
                Comparator.comparingLong(TrackedPipeline::due)
                    .thenComparing(pipeline -> pipeline.id))
            .toList();
    for (TrackedPipeline pipeline : due) {
      if (time.millis() > until) {
        return;
      }
      if (pipeline.listDue <= time.millis()) {
        listUpdates(pipeline);
      }
      for (TrackedUpdate update : pipeline.followed()) {
        if (update.due <= time.millis()) {
          look(pipeline, update);
        }
      }
    }
  }

  private void listUpdates(TrackedPipeline pipeline)
      throws ApiException, InterruptedException, DeliveryException {
    long begun = time.millis();
    long from = pipeline.listFrom(overlap);
    long[] newest = {pipeline.position};
    long[] next = {0};
    try {
      api.listUpdates(
          pipeline.id,
          page -> {
            boolean more = false;
            for (JsonNode each : page.path("updates")) {
              if (each instanceof ObjectNode update) {
                long created = update.path("creation_time").asLong(begun);
                more |= created >= from;
                newest[0] = Math.max(newest[0], created);
                see(pipeline, update, created, next[0]);
                next[0] = created;
                keeping.sometimes();
              }
            }
            return more;
          });
    } catch (ApiException e) {
      pipeline.listDue = time.millis() + retry(e);
      refusedOrCounted(pipeline, "updates", e);
      return;
    }
    read(pipeline, "updates");
    // One that was made in the future would hide what was made before it.
    pipeline.position = Math.max(pipeline.position, Math.min(newest[0], begun));
    pipeline.listDue = begun + RELIST;
    pipeline.prune(overlap);
  }

  /**
   * Tells an update that a list shows, if it is new.
   *
   * @param next when the update after it was made, milliseconds since 1970; 0 if there is none
   */
  private void see(TrackedPipeline pipeline, ObjectNode listed, long created, long next)
      throws ApiException, InterruptedException, DeliveryException {
    String id = listed.path("update_id").asText("");
    TrackedUpdate known = pipeline.updates.get(id);
    if (known != null && (known.phase == Phase.ACTIVE || known.wasMissed())) {
      known.phase = Phase.ACTIVE;
      known.misses = 0;
      known.due = 0; // the list has changed, and it may be because of this one
    }
    if (known != null || id.isEmpty()) {
      return;
    }
    ObjectNode message = PipelineMessages.update(workspace.id(), pipeline.name, listed);
    RunReading reading = RunReading.of(message);
    if (created < pipeline.listFrom(overlap) && !reading.active()) {
      return;
    }
    TrackedUpdate update =
        new TrackedUpdate(id, created, Math.max(created, time.millis() - lookback));
    pipeline.updates.put(id, update);
    tell(pipeline, update, message, reading, next);
  }

  private void look(TrackedPipeline pipeline, TrackedUpdate update)
      throws ApiException, InterruptedException, DeliveryException {
    if (update.phase == Phase.ENDED) {
      Events events = log(pipeline, update, 0);
      settle(update, events);
      count(events);
      return;
    }
    ObjectNode object;
    try {
      object = api.getUpdate(pipeline.id, update.id);
    } catch (ApiException e) {
      update.due = time.millis() + retry(e);
      if (e.kind() == Kind.NOT_FOUND && ++update.misses >= MISSES) {
        LOG.info("workspace {}: an update of pipeline {} is gone", workspace.name(), pipeline);
        update.phase = Phase.SETTLED;
      }
      refusedOrCounted(pipeline, "update", e);
      return;
    }
    read(pipeline, "update");
    update.misses = 0;
    ObjectNode message = PipelineMessages.update(workspace.id(), pipeline.name, object);
    tell(pipeline, update, message, RunReading.of(message), 0);
    keeping.sometimes();
  }

  /** Tells what has changed of an update, and its events, and says when to look at it again. */
  private void tell(
      TrackedPipeline pipeline,
      TrackedUpdate update,
      ObjectNode message,
      RunReading reading,
      long next)
      throws ApiException, InterruptedException, DeliveryException {
    if (reading.tellsNothing()) {
      update.phase = Phase.SETTLED; // it only validates
      return;
    }
    Events events = reading.active() ? errors(pipeline, update, 0) : log(pipeline, update, next);
    if (reading.version() != update.told) {
      if (!reading.active()) {
        message.put("time", Instant.ofEpochMilli(end(events, next)).toString());
      }
      send(pipeline, message, reading);
      update.told = reading.version();
    }
    if (reading.active()) {
      update.seenActive = time.millis();
      update.due = time.millis() + LOOK;
    } else {
      update.seenEnded = time.millis();
      // Of one that ended well the log is read once; of an old one it has nothing to add.
      events.awaited &= reading.failed() && (next == 0 || time.millis() - next < LOG_LAG);
      settle(update, events);
    }
    update.prune(overlap);
    count(events);
  }

  /** A pipeline has one update at a time: it ended before the next was made, if not before now. */
  private long end(Events events, long next) {
    long now = time.millis();
    return events.ended() ? events.end : next > 0 ? Math.min(next, now) : now;
  }

  /** Whether an update that ended is done with. */
  private void settle(TrackedUpdate update, Events events) {
    long since = time.millis() - update.seenEnded;
    boolean late = events.awaited && !events.ended() && since < LOG_LAG;
    boolean unread = events.missing != null && since < LONGEST_LAG;
    update.phase = late || unread ? Phase.ENDED : Phase.SETTLED;
    update.due = time.millis() + LOOK;
    update.prune(overlap);
  }

  private void count(Events events) throws ApiException {
    if (events.missing != null) {
      failures.count(events.missing);
    }
  }

  /** What a reading of the event log has come to. */
  private static final class Events {
    /** When the update ended, milliseconds since 1970; 0 if the log does not say so. */
    private long end;

    /** Whether the log is expected to say it yet. */
    private boolean awaited = true;

    /** Why it could not be read, though it may be later; null if it could, or never will. */
    private ApiException missing;

    boolean ended() {
      return end > 0;
    }
  }

  /** Tells what the log says of an update that ended. */
  private Events log(TrackedPipeline pipeline, TrackedUpdate update, long next)
      throws InterruptedException, DeliveryException {
    Events events = errors(pipeline, update, next);
    boolean elsewhere = !events.ended() && events.missing == null && events.awaited;
    return elsewhere ? lastEvents(pipeline, update, next) : events;
  }

  /** Tells the errors of an update that were not told. */
  private Events errors(TrackedPipeline pipeline, TrackedUpdate update, long next)
      throws InterruptedException, DeliveryException {
    Span span = new Span(update.readFrom(overlap), next == 0 ? null : Long.valueOf(next));
    return readLog(
        pipeline,
        events ->
            api.listErrors(
                pipeline.id, span, event -> take(pipeline, update, event, events, true)));
  }

  /** Tells the event that says that an update ended, where that is no error. */
  private Events lastEvents(TrackedPipeline pipeline, TrackedUpdate update, long next)
      throws InterruptedException, DeliveryException {
    long from = Math.max(update.eventsFrom, update.seenActive - SKEW);
    Span span = new Span(from, next == 0 ? null : Long.valueOf(next));
    return readLog(
        pipeline,
        events ->
            api.listLast(pipeline.id, span, event -> take(pipeline, update, event, events, false)));
  }

  private interface LogCall {
    void into(Events events) throws ApiException, InterruptedException, DeliveryException;
  }

  private Events readLog(TrackedPipeline pipeline, LogCall call)
      throws InterruptedException, DeliveryException {
    Events events = new Events();
    try {
      call.into(events);
      read(pipeline, "events");
    } catch (ApiException e) {
      if (e.kind().passing()) {
        events.missing = e;
      } else {
        events.awaited = false;
        refused(pipeline, "events", e);
      }
    }
    return events;
  }

  private void take(
      TrackedPipeline pipeline,
      TrackedUpdate update,
      ObjectNode event,
      Events events,
      boolean wanted)
      throws DeliveryException {
    if (!event.at("/origin/update_id").asText().equals(update.id)) {
      return;
    }
    ObjectNode message = PipelineMessages.event(workspace.id(), event);
    RunReading reading = RunReading.of(message);
    boolean ends = reading.endOfAll();
    if (ends) {
      events.end = reading.end();
    }
    if ((wanted || ends)
        && !reading.tellsNothing()
        && update.events.putIfAbsent(reading.version(), timeOf(reading, update)) == null) {
      send(pipeline, message, reading);
      keeping.sometimes();
    }
  }

  private static long timeOf(RunReading reading, TrackedUpdate update) {
    return Math.max(reading.time(), update.eventsFrom);
  }

  private void send(TrackedPipeline pipeline, ObjectNode message, RunReading reading) {
    if (reading.problem() != null) {
      LOG.warn(
          "workspace {}: what is told of pipeline {} will be a dead letter: {}",
          workspace.name(),
          pipeline,
          reading.problem());
    }
    messages.aboutJob(pipeline.id, message.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static long retry(ApiException e) {
    return e.kind().passing() ? RETRY : SLOW_RETRY;
  }

  private void read(TrackedPipeline pipeline, String what) {
    failures.over();
    if (pipeline.refused.remove(what) != null) {
      LOG.info("workspace {}: pipeline {}: {} can be read", workspace.name(), pipeline, what);
    }
  }

  private void refusedOrCounted(TrackedPipeline pipeline, String what, ApiException e)
      throws ApiException {
    if (e.kind().passing()) {
      failures.count(e);
    } else {
      refused(pipeline, what, e);
    }
  }

  /** One pipeline that is gone, or may not be seen, is no reason not to read the others. */
  private void refused(TrackedPipeline pipeline, String what, ApiException e) {
    failures.over();
    failures.note("pipeline " + pipeline + ": " + e.getMessage());
    if (pipeline.refused.put(what, e.kind()) != e.kind()) {
      LOG.warn(
          "workspace {}: pipeline {}: {} cannot be read: {}",
          workspace.name(),
          pipeline,
          what,
          e.getMessage());
    }
  }
}
