package io.mendline.databricks.poller;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.api.ApiException;
import io.mendline.databricks.api.ApiException.Kind;
import io.mendline.databricks.api.JobsApi;
import io.mendline.databricks.api.Time;
import io.mendline.databricks.api.Workspace;
import io.mendline.databricks.api.WorkspaceApi;
import io.mendline.databricks.poller.TrackedRun.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one workspace.
 *
 * <p><b>Method.</b> Runs are found by listing what started since a position, which is the start of
 * the newest run known, with some overlap; and, less often, by listing what is active, which also
 * shows old runs that are being repaired. A run that a list shows for the first time and that ended
 * well is told as listed. Every other run is read whole, since lists leave things out, and told
 * when what can be read of it has changed. What has not ended, or failed and may be repaired, is
 * looked at again as {@link Cadence} says.
 *
 * <p>Declarative pipelines are read by {@link PipelineReader}, after everything else.
 *
 * <p>A long time is read in slices of an hour, oldest first, each kept before the next.
 *
 * <p><b>Keeping.</b> What was told is remembered only when the outbox has it; if that fails, the
 * state is as it was kept last, and what came after is told again. So nothing is lost, and nothing
 * is told twice but over a failure or a crash.
 */
final class WorkspacePoller {
  private static final Logger LOG = LoggerFactory.getLogger(WorkspacePoller.class);

  private static final long SLICE = 3_600_000;
  private static final long ACTIVE_INTERVAL = 300_000;
  private static final long HEARTBEAT = 60_000;

  /** Steps do not fall on the second. */
  private static final long ROUNDING = 10_000;

  private static final long RETRY = 30_000;
  private static final long SLOW_RETRY = 300_000;

  /** A run that was so often not found is gone. */
  private static final int MISSES = 3;

  /** After so long with pipelines it is the runs' turn again. */
  private static final long PIPELINES_AT_A_TIME = 20_000;

  /** A crash repeats no more messages than this. */
  private static final int KEPT_EVERY = 500;

  private final Workspace workspace;
  private final JobsApi api;
  private final Evidence evidence;
  private final PipelineReader pipelines;
  private final Messages messages;
  private final Failures failures = new Failures();
  private final StateFile file;
  private final Time time;
  private final long overlap;
  private final long lookback;
  private final long repairWatch;
  private final Chore listing;
  private final Chore listingActive = new Chore("the list of active runs", ACTIVE_INTERVAL);
  private final Chore following = new Chore("runs under way", 0);
  private final Chore listingJobs;
  private final Chore listingPipelines;
  private final Chore followingPipelines = new Chore("updates of pipelines", 0);
  private final boolean withPipelines;
  private WorkspaceState state;
  private long blockedUntil;
  private long heardAt;
  private long beatAt;

  /**
   * A poller that goes on where the file left off.
   *
   * @throws StateException if the file cannot be used
   */
  WorkspacePoller(
      Workspace workspace,
      PollerConfig config,
      WorkspaceApi api,
      Outbox outbox,
      StateFile file,
      Time time) {
    this.workspace = workspace;
    this.api = api.jobs();
    this.evidence = new Evidence(this.api, config.reportsOf());
    this.messages = new Messages(workspace, outbox);
    this.pipelines =
        new PipelineReader(
            workspace, api.pipelines(), messages, failures, this::keepSometimes, time, config);
    this.withPipelines = !config.pipelinesOff().contains(workspace.id());
    this.file = file;
    this.time = time;
    this.overlap = config.overlap().toMillis();
    this.lookback = config.lookback().toMillis();
    this.repairWatch = config.repairWatch().toMillis();
    this.listing = new Chore("the list of runs", config.interval().toMillis());
    this.listingJobs = new Chore("the list of jobs", config.jobsInterval().toMillis());
    this.listingPipelines = new Chore("the list of pipelines", config.interval().toMillis());
    WorkspaceState found = file.load();
    this.state = found == null ? fresh() : found;
  }

  private WorkspaceState fresh() {
    return new WorkspaceState(time.millis() - lookback);
  }

  /**
   * Does what is due.
   *
   * @return when there is something to do again, milliseconds since 1970
   * @throws InterruptedException when it is time to end; what was told until then is kept
   */
  long step() throws InterruptedException {
    return step(PIPELINES_AT_A_TIME);
  }

  /**
   * Does all that is due, however long the pipelines take.
   *
   * @throws InterruptedException when it is time to end; what was told until then is kept
   */
  void whole() throws InterruptedException {
    step(Long.MAX_VALUE / 2);
  }

  private long step(long forPipelines) throws InterruptedException {
    failures.clear();
    InterruptedException ending = null;
    try {
      look(forPipelines);
      beat();
    } catch (InterruptedException e) {
      ending = e;
    } catch (DeliveryException e) {
      undo(e);
    }
    try {
      keep();
    } catch (DeliveryException e) {
      undo(e);
    }
    if (ending != null) {
      throw ending;
    }
    return next();
  }

  /** What could not be read or written in the last step, a line each; no secret. */
  List<String> problems() {
    return failures.problems();
  }

  private void look(long forPipelines) throws InterruptedException, DeliveryException {
    if (time.millis() >= blockedUntil
        && attempt(listing, this::listNew)
        && attempt(listingActive, () -> api.listActiveRuns(this::seeActive))
        && attempt(following, this::follow)
        && attempt(listingJobs, this::listJobs)
        && withPipelines
        && attempt(listingPipelines, () -> pipelines.list(state.pipelines))) {
      long until = time.millis() + forPipelines;
      attempt(followingPipelines, () -> pipelines.follow(state.pipelines, until));
    }
  }

  private interface Work {
    void run() throws ApiException, InterruptedException, DeliveryException;
  }

  /** Whether to go on: most of what may pass concerns the workspace as a whole. */
  private boolean attempt(Chore chore, Work work) throws InterruptedException, DeliveryException {
    long begun = time.millis();
    if (begun < chore.due()) {
      return true;
    }
    failures.over();
    try {
      work.run();
      if (chore.done(begun)) {
        LOG.info("workspace {}: {} can be read again", workspace.name(), chore.what);
      }
      return true;
    } catch (ApiException e) {
      failures.note(chore.what + ": " + e.getMessage());
      if (chore.failed(e, time.millis())) {
        LOG.warn(
            "workspace {}: {} cannot be read, and is tried again: {}",
            workspace.name(),
            chore.what,
            e.getMessage());
      }
      if (e.kind().passing() && !isOfPipelines(chore, e)) {
        blockedUntil = chore.due();
      }
      return !e.kind().passing();
    }
  }

  /** The service behind pipelines is not the one behind jobs: it may be down alone. */
  private boolean isOfPipelines(Chore chore, ApiException e) {
    return (chore == listingPipelines || chore == followingPipelines)
        && (e.kind() == Kind.SERVER_ERROR || e.kind() == Kind.UNREADABLE)
        && e.retryAfterMillis() == 0;
  }

  private void listNew() throws ApiException, InterruptedException, DeliveryException {
    long begun = time.millis();
    boolean last;
    do {
      long sliceEnd = state.position + SLICE;
      last = sliceEnd > begun - SLICE;
      long[] newest = {state.position};
      api.listRuns(
          state.listFrom(overlap),
          last ? null : sliceEnd,
          run -> {
            newest[0] = Math.max(newest[0], start(run));
            see(run);
          });
      // A start in the future would skip what starts before it.
      state.position = last ? Math.max(state.position, Math.min(newest[0], begun)) : sliceEnd;
      int forgotten = state.prune(overlap);
      if (forgotten > 0) {
        LOG.warn(
            "workspace {}: more runs than are remembered; the overlap is shortened by {} of them",
            workspace.name(),
            forgotten);
      }
      keep();
    } while (!last);
    heardAt = begun;
  }

  private void seeActive(ObjectNode listed)
      throws ApiException, InterruptedException, DeliveryException {
    TrackedRun known = state.runs.get(id(listed));
    if (known == null || known.phase != Phase.ACTIVE) {
      see(listed);
    }
  }

  /** Tells what a list shows, if it is news. */
  private void see(ObjectNode listed) throws ApiException, InterruptedException, DeliveryException {
    String id = id(listed);
    if (id.isEmpty()) {
      LOG.warn("workspace {}: a run without an id is passed over", workspace.name());
      return;
    }
    RunReading reading = RunReading.of(owned(listed));
    TrackedRun known = state.runs.get(id);
    if (known != null && known.listed == reading.version()) {
      return;
    }
    TrackedRun run = known == null ? new TrackedRun(id, start(listed)) : known;
    boolean enough =
        known == null
            && reading.endedWell()
            && reading.failedTasks().isEmpty()
            && !listed.path("has_more").asBoolean();
    if (enough || readWhole(run, listed)) {
      if (enough) {
        tell(run, listed);
      }
      run.listed = reading.version();
    }
    state.runs.put(id, run);
    keepSometimes();
  }

  /** Whether the run was told; if not, it is followed until it can be read. */
  private boolean readWhole(TrackedRun run, ObjectNode listed)
      throws ApiException, InterruptedException {
    try {
      tell(run, api.getRun(run.id));
      failures.over();
      return true;
    } catch (ApiException e) {
      if (!e.kind().passing()) {
        tell(run, listed); // that is all there is
        return true;
      }
      failures.count(e);
      run.phase = Phase.ACTIVE;
      run.due = time.millis() + RETRY;
      return false;
    }
  }

  private void follow() throws ApiException, InterruptedException, DeliveryException {
    for (TrackedRun run : state.followed()) {
      long now = time.millis();
      if (run.due > now) {
        continue;
      }
      if (run.phase == Phase.WATCHED && now - run.end > repairWatch) {
        run.phase = Phase.SETTLED;
        continue;
      }
      try {
        tell(run, api.getRun(run.id));
        failures.over();
        run.misses = 0;
      } catch (ApiException e) {
        missed(run, e);
      }
      keepSometimes();
    }
  }

  private void missed(TrackedRun run, ApiException e) throws ApiException {
    run.due = time.millis() + (e.kind().passing() ? RETRY : SLOW_RETRY);
    if (e.kind().passing()) {
      failures.count(e);
    } else if (e.kind() == Kind.NOT_FOUND && ++run.misses >= MISSES) {
      LOG.info("workspace {}: run {} is gone", workspace.name(), run.id);
      run.phase = Phase.SETTLED;
    }
  }

  /** Tells a run if what can be read of it has changed, and says when to look at it again. */
  private void tell(TrackedRun run, ObjectNode object) throws InterruptedException {
    Scrubber.scrub(owned(object));
    RunReading bare = RunReading.of(object);
    boolean changed = bare.version() != run.read;
    boolean told = false;
    if (changed || run.evidencePending) {
      boolean pending = evidence.attach(object, bare);
      long version = RunReading.of(object).version();
      // Another reason for why evidence is not there yet is no news.
      if (version != run.told && (changed || !pending)) {
        send(object, bare);
        run.told = version;
        told = true;
      }
      run.read = bare.version();
      run.evidencePending = pending;
    }
    long now = time.millis();
    if (changed) {
      run.pipeline = RunReading.hasPipeline(object);
      run.end = bare.active() ? 0 : bare.end() == 0 ? now : bare.end();
    }
    run.phase = phase(run, bare, now);
    run.waited = Cadence.next(run, told ? 0 : run.waited, now);
    run.due = now + run.waited;
  }

  private Phase phase(TrackedRun run, RunReading reading, long now) {
    if (reading.active()) {
      return Phase.ACTIVE;
    }
    boolean open = run.evidencePending || !reading.endedWell();
    boolean readable = reading.problem() == null;
    return open && readable && now - run.end <= repairWatch ? Phase.WATCHED : Phase.SETTLED;
  }

  private void send(ObjectNode run, RunReading reading) {
    if (reading.problem() != null) {
      LOG.warn(
          "workspace {}: run {} will be a dead letter: {}",
          workspace.name(),
          id(run),
          reading.problem());
    }
    run.put("polled_at", Instant.ofEpochMilli(time.millis()).toString());
    messages.aboutJob(run.path("job_id").asText(""), MessageSize.ofRun(run, reading.failedTasks()));
  }

  private void listJobs() throws ApiException, InterruptedException, DeliveryException {
    Set<String> listed = new HashSet<>();
    api.listJobs(
        job -> {
          String id = job.path("job_id").asText();
          listed.add(id);
          long telling = JobSettings.telling(id, job, time.millis());
          Long told = state.jobs.get(id);
          if ((told == null || told != telling) && tellJob(id, job)) {
            state.jobs.put(id, telling);
          }
          keepSometimes();
        });
    for (String id : List.copyOf(state.jobs.keySet())) {
      if (!listed.contains(id)) {
        perhapsDeleted(id);
      }
    }
  }

  private boolean tellJob(String id, ObjectNode listed) throws ApiException, InterruptedException {
    ObjectNode job;
    long seenAt = time.millis();
    try {
      job = api.getJob(id);
    } catch (ApiException e) {
      if (e.kind().passing()) {
        failures.count(e);
        return false;
      }
      if (e.kind() == Kind.NOT_FOUND) {
        return false;
      }
      job = listed; // that is all there is
    }
    failures.over();
    messages.aboutJob(id, JobSettings.told(workspace.id(), job, false, seenAt));
    return true;
  }

  /** A job that is not listed is gone, or may not be seen any more, which is another matter. */
  private void perhapsDeleted(String id) throws ApiException, InterruptedException {
    long seenAt = time.millis();
    try {
      api.getJob(id);
    } catch (ApiException e) {
      if (e.kind().passing()) {
        failures.count(e);
      } else if (e.kind() == Kind.NOT_FOUND) {
        ObjectNode job = JsonNodeFactory.instance.objectNode().put("job_id", id);
        messages.aboutJob(id, JobSettings.told(workspace.id(), job, true, seenAt));
        state.jobs.remove(id);
      }
    }
  }

  /** Says that everything that started until then has been told. */
  private void beat() {
    boolean soon = beatAt != 0 && heardAt - beatAt < HEARTBEAT - ROUNDING;
    if (heardAt == 0 || soon || state.hasUntold()) {
      return;
    }
    beatAt = heardAt;
    ObjectNode beat =
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "heartbeat")
            .put("workspaceId", workspace.id())
            .put("time", Instant.ofEpochMilli(heardAt).toString());
    messages.aboutWorkspace(beat.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void keepSometimes() throws DeliveryException {
    if (messages.waiting() >= KEPT_EVERY) {
      keep();
    }
  }

  private void keep() throws DeliveryException {
    messages.flush();
    try {
      file.save(state);
    } catch (IOException e) {
      failures.note("the state cannot be written: " + e);
      LOG.error("workspace {}: the state cannot be written: {}", workspace.name(), e.toString());
    }
  }

  private void undo(DeliveryException e) {
    failures.note(e.getMessage());
    LOG.error("workspace {}: {}; it is tried again", workspace.name(), e.getMessage());
    WorkspaceState kept = file.kept();
    state = kept == null ? fresh() : kept;
    blockedUntil = time.millis() + RETRY;
    heardAt = 0;
    for (Chore chore :
        List.of(
            listing, listingActive, following, listingJobs, listingPipelines, followingPipelines)) {
      chore.again();
    }
  }

  private long next() {
    long due = Math.min(listing.due(), Math.min(listingActive.due(), listingJobs.due()));
    for (TrackedRun run : state.followed()) {
      due = Math.min(due, run.due);
    }
    if (withPipelines) {
      due = Math.min(due, Math.min(listingPipelines.due(), nextOfPipelines()));
    }
    return Math.max(due, blockedUntil);
  }

  private long nextOfPipelines() {
    long due = Long.MAX_VALUE;
    for (TrackedPipeline pipeline : state.pipelines.values()) {
      due = Math.min(due, pipeline.due());
    }
    return Math.max(due, followingPipelines.due());
  }

  private ObjectNode owned(ObjectNode run) {
    return run.put("workspace_id", workspace.id());
  }

  private static String id(ObjectNode run) {
    return run.path("run_id").asText("");
  }

  private static long start(ObjectNode run) {
    return run.path("start_time").asLong();
  }
}
