package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.Upstream;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Link;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.ChildRun;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes the finding {@code RUN_FAILED}, of a job or a pipeline, from a {@link Judgement}. */
final class FailedRun {
  private static final String NOTIFICATION = "NOTIFICATION";
  private static final String ALL_PURPOSE = "ALL_PURPOSE";
  private static final int SUMMARY_LENGTH = 240;
  private static final int MOST_TASKS = 100;
  private static final Pattern SPACE = Pattern.compile("\\s+");

  private final StateKey job;
  private final RunFacts run;
  private final Judgement judgement;
  private final List<Fact> newestFirst;
  private final List<Fact> on;

  private FailedRun(StateKey job, RunFacts run, Judgement judgement, List<Fact> on) {
    this.job = job;
    this.run = run;
    this.on = on;
    this.judgement = judgement;
    List<Fact> reversed = new ArrayList<>(judgement.evidence());
    // What is told of the run as a whole goes before what is told of its tasks.
    reversed.sort(Comparator.comparing(Fact::ofTask).thenComparing(Fact.BY_TIME.reversed()));
    this.newestFirst = reversed;
  }

  /** The id of a run's finding. */
  static String id(StateKey job, String runId) {
    return Upstream.findingId(job.route(), job.id(), runId);
  }

  /**
   * The finding as judged.
   *
   * @param on the facts of the run that it rests on, by whose number it is revised
   */
  static Finding finding(
      StateKey job, RunFacts run, Judgement judgement, List<Fact> on, View view) {
    return new FailedRun(job, run, judgement, on).finding(run.revision(on), view);
  }

  /** The job as a resource. */
  static Subject subject(StateKey job, String jobName) {
    return subject(job, ResourceType.DATABRICKS_JOB, jobName);
  }

  /** The job, or pipeline, that a run is of. */
  static Subject subject(StateKey job, RunFacts run, String jobName) {
    return subject(
        job,
        run.pipeline ? ResourceType.DATABRICKS_PIPELINE : ResourceType.DATABRICKS_JOB,
        jobName);
  }

  private static Subject subject(StateKey job, ResourceType type, String name) {
    String workspace = job.id().substring(0, job.id().lastIndexOf('/'));
    return new Subject(type, job.id(), name, workspace, null);
  }

  private Finding finding(int revision, View view) {
    String jobName = first(Fact::jobName);
    Cause cause = judgement.best().cause();
    Finding.Builder finding =
        Findings.begin(
                id(job, run.runId),
                FindingKind.RUN_FAILED,
                subject(job, run, jobName),
                judgement.occurredAt(),
                view)
            .setStatus(judgement.mendedBy() == null ? FindingStatus.RAISED : FindingStatus.CLEARED)
            .setRevision(revision)
            .setSeverity(severity())
            .setConfidence(cause.confidence())
            .setRootCause(cause.toRootCause())
            .setSummary(summary(jobName, cause))
            .setAttributes(attributes(jobName))
            .setLinks(links())
            .setEvidence(evidence());
    window(finding);
    return finding.build();
  }

  private void window(Finding.Builder finding) {
    List<Fact> told = judgement.evidence().stream().filter(this::tells).toList();
    long start = told.stream().mapToLong(Fact::start).filter(at -> at >= 0).min().orElse(-1);
    long end = told.stream().mapToLong(fact -> Math.max(fact.time(), fact.end())).max().orElse(-1);
    if (start >= 0 && start <= end) {
      finding.setWindowStart(Instant.ofEpochMilli(start));
    }
    finding.setWindowEnd(Instant.ofEpochMilli(end));
  }

  /** Whether a fact tells when the run, or what is known of it, started and ended. */
  private boolean tells(Fact fact) {
    return fact.ofJob();
  }

  private Severity severity() {
    return Environments.isForTrial(first(Fact::environment)) ? Severity.MEDIUM : Severity.HIGH;
  }

  private String summary(String jobName, Cause cause) {
    String name = jobName == null ? (run.pipeline ? "Pipeline " : "Job ") + job.id() : jobName;
    String line = SPACE.matcher(name + " failed: " + cause.title()).replaceAll(" ").strip();
    return line.length() <= SUMMARY_LENGTH ? line : line.substring(0, SUMMARY_LENGTH - 1) + "…";
  }

  private Map<String, String> attributes(String jobName) {
    Fact best = judgement.best();
    Fact task = bestTask();
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("runId", run.runId);
    attributes.put("episode", Integer.toString(judgement.episode()));
    put(attributes, "taskRunId", task == null ? null : task.taskRunId());
    put(attributes, "taskKey", task == null ? null : task.taskKey());
    put(attributes, "jobName", jobName);
    put(attributes, "environment", first(Fact::environment));
    put(attributes, "message", bestOr(best, Fact::message));
    put(attributes, "runPageUrl", first(Fact::runPageUrl));
    put(attributes, "attempt", first(FailedRun::attempt));
    put(attributes, "repairId", first(Fact::repairId));
    put(attributes, "terminationCode", bestOr(best, Fact::terminationCode));
    String clusterId = bestOr(best, Fact::clusterId);
    put(attributes, "clusterId", clusterId);
    put(attributes, "clusterType", isAllPurpose(clusterId) ? ALL_PURPOSE : null);
    put(attributes, "toldBy", judgement.notifiedOnly() ? NOTIFICATION : null);
    if (judgement.report() != null) {
      putItems(attributes, judgement.report().items());
    }
    if (run.pipeline) {
      attributes.put("pipelineId", job.id().substring(job.id().lastIndexOf('/') + 1));
      put(attributes, "updateCause", updateCause());
    } else {
      put(attributes, "trigger", first(Fact::trigger));
    }
    put(attributes, "failedTasks", failedTasks());
    putUpstream(attributes);
    Duration retryAfter = RetryAfter.in(best.message());
    put(
        attributes,
        "retryAfterSeconds",
        retryAfter == null ? null : Long.toString(retryAfter.toSeconds()));
    return attributes;
  }

  /** Events say that an update failed, the update itself says why it was made. */
  private String updateCause() {
    return on.stream()
        .map(Fact::trigger)
        .filter(Objects::nonNull)
        .min(String::compareTo)
        .orElse(null);
  }

  private boolean isAllPurpose(String clusterId) {
    return clusterId != null
        && judgement.evidence().stream()
            .anyMatch(fact -> fact.allPurpose() && clusterId.equals(fact.clusterId()));
  }

  /** The keys of the tasks that failed, sorted, divided by commas; null where none is known. */
  private String failedTasks() {
    String keys =
        judgement.evidence().stream()
            .filter(Fact::ofTask)
            .map(Fact::taskKey)
            .filter(Objects::nonNull)
            .distinct()
            .sorted()
            .limit(MOST_TASKS)
            .collect(Collectors.joining(","));
    return keys.isEmpty() ? null : keys;
  }

  /**
   * The run of another job because of which this one failed: each task that failed of it has
   * started another job, as some source tells.
   */
  private void putUpstream(Map<String, String> attributes) {
    List<Fact> tasks = judgement.evidence().stream().filter(Fact::ofTask).toList();
    List<Fact> starters = tasks.stream().filter(task -> task.childRun() != null).toList();
    boolean others =
        tasks.stream()
            .anyMatch(
                task ->
                    starters.stream()
                        .noneMatch(other -> Objects.equals(other.taskKey(), task.taskKey())));
    if (starters.isEmpty() || others) {
      return;
    }
    ChildRun child = starters.stream().min(Judgement.BEST_FIRST).orElseThrow().childRun();
    String jobId = subject(job, null).workspace() + "/" + child.jobId();
    attributes.put(Upstream.JOB_ID, jobId);
    attributes.put(Upstream.RUN_ID, child.runId());
    attributes.put(Upstream.FINDING_ID, id(new StateKey(job.route(), jobId), child.runId()));
  }

  private static String attempt(Fact fact) {
    return fact.attempt() == RunState.ABSENT ? null : Integer.toString(fact.attempt());
  }

  /** The task that says most, also where the run as a whole says more. */
  private Fact bestTask() {
    return judgement.evidence().stream()
        .filter(Fact::ofTask)
        .min(Judgement.BEST_FIRST)
        .orElse(null);
  }

  private String bestOr(Fact best, Function<Fact, String> field) {
    String own = field.apply(best);
    return own == null ? first(field) : own;
  }

  private String first(Function<Fact, String> field) {
    return newestFirst.stream().map(field).filter(Objects::nonNull).findFirst().orElse(null);
  }

  private List<Link> links() {
    String page = first(Fact::runPageUrl);
    return page == null
        ? List.of()
        : List.of(Link.newBuilder().setTitle("Run page").setUrl(page).build());
  }

  private List<Evidence> evidence() {
    List<Fact> facts = new ArrayList<>(judgement.evidence());
    if (judgement.mendedBy() != null) {
      facts.add(judgement.mendedBy());
    }
    return Findings.limited(
        facts.stream()
            .sorted(Fact.BY_TIME)
            .map(
                fact ->
                    Findings.evidence(
                        fact.at(), fact.taskRunId() == null ? run.runId : fact.taskRunId()))
            .toList());
  }

  /** What is said of a run's items, wherever they count. */
  static void putItems(Map<String, String> attributes, RunItems items) {
    attributes.put("judgedBy", items.total() == 0 ? "EXIT" : items.ofTasks() ? "TASKS" : "ITEMS");
    if (items.total() > 0) {
      attributes.put("itemsTotal", Integer.toString(items.total()));
      attributes.put("itemsSucceeded", Integer.toString(items.succeeded()));
    }
    if (!items.failed().isEmpty()) {
      attributes.put("itemsFailed", String.join(", ", items.failed()));
    }
  }

  private static void put(Map<String, String> attributes, String name, String value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }
}
