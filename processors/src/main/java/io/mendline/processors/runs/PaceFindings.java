package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.runs.JobPace.Active;
import io.mendline.processors.runs.JobPace.Telling;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Link;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes the findings {@code RUN_SLOW} and {@code RUN_STUCK}. */
final class PaceFindings {
  /** From so many times as long on a slow job is no small matter. */
  private static final double MUCH = 2;

  /** So unlikely by chance is as good as certain. */
  private static final double CERTAIN = 1e-6;

  private PaceFindings() {}

  /** The runs of the job have become slow. */
  static Finding slow(StateKey job, JobPace state, long at, View view) {
    Shift shift = state.history.shift;
    String summary =
        String.format(
            Locale.ROOT,
            "%s takes %s instead of %s since %s",
            name(job, state.jobName),
            spoken(shift.after()),
            spoken(shift.before()),
            Instant.ofEpochMilli(state.slowSince));
    return slowness(job, state, at, summary, null, view);
  }

  /** The runs of the job are as fast as before, or the new level has become its own. */
  static Finding fastAgain(StateKey job, JobPace state, long at, String because, View view) {
    Shift shift = state.history.shift;
    String summary =
        because.equals("recovered")
            ? String.format(
                Locale.ROOT,
                "%s is back at about %s",
                name(job, state.jobName),
                spoken(shift.before()))
            : String.format(
                Locale.ROOT,
                "%s has taken about %s for %d runs: that is its level now",
                name(job, state.jobName),
                spoken(shift.after()),
                state.history.volume);
    return slowness(job, state, at, summary, because, view);
  }

  private static Finding slowness(
      StateKey job, JobPace state, long at, String summary, String because, View view) {
    Shift shift = state.history.shift;
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("onset", Instant.ofEpochMilli(state.slowSince).toString());
    attributes.put("before", seconds(shift.before()));
    attributes.put("after", seconds(shift.after()));
    attributes.put("volume", Integer.toString(state.history.volume));
    attributes.put("runId", state.slowRunId);
    put(attributes, "jobName", state.jobName);
    put(attributes, "runPageUrl", state.runPageUrl);
    put(attributes, "clearedBecause", because);
    return Findings.begin(
            Findings.id(FindingKind.RUN_SLOW, job.route(), job.id(), state.slowRunId),
            FindingKind.RUN_SLOW,
            FailedRun.subject(job, state.jobName),
            state.slowSince,
            view)
        .setStatus(because == null ? FindingStatus.RAISED : FindingStatus.CLEARED)
        .setRevision(because == null ? 1 : 2)
        .setWindowStart(Instant.ofEpochMilli(state.slowSince))
        .setWindowEnd(Instant.ofEpochMilli(at))
        .setSeverity(shift.after() >= MUCH * shift.before() ? Severity.MEDIUM : Severity.LOW)
        .setConfidence(shift.chance() <= CERTAIN ? Confidence.HIGH : Confidence.MEDIUM)
        .setSummary(summary)
        .setAttributes(attributes)
        .setLinks(links(state.runPageUrl))
        .setEvidence(List.of(Findings.evidence(state.at, state.slowRunId)))
        .build();
  }

  /** A run does not end. */
  static Finding stuck(StateKey job, Active run, Policy.Runs policy, View view) {
    long passed = run.deadline - run.since;
    String summary =
        String.format(
            Locale.ROOT,
            "%s has not ended for more than %s, and is %s",
            name(job, run.jobName),
            spoken(passed),
            run.state.toLowerCase(Locale.ROOT));
    return stuckness(job, run, policy, summary, run.at, view)
        .setStatus(FindingStatus.RAISED)
        .setRevision(1)
        .build();
  }

  /** A run that was stuck has ended. */
  static Finding ended(StateKey job, Active run, Telling end, Policy.Runs policy, View view) {
    String summary =
        String.format(
            Locale.ROOT,
            "%s has ended after %s",
            name(job, run.jobName),
            spoken(Math.max(0, end.time() - run.since)));
    return stuckness(job, run, policy, summary, end.at(), view)
        .setStatus(FindingStatus.CLEARED)
        .setRevision(2)
        .setWindowEnd(Instant.ofEpochMilli(end.time()))
        .build();
  }

  private static Finding.Builder stuckness(
      StateKey job, Active run, Policy.Runs policy, String summary, Coordinates at, View view) {
    boolean known = run.longest >= 0;
    long expected = known ? run.longest : JobPaceDetector.allowed(run, policy);
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("runId", run.runId);
    attributes.put("state", run.state);
    attributes.put("startedAt", Instant.ofEpochMilli(run.since).toString());
    attributes.put("expectedSeconds", seconds(expected));
    put(attributes, "jobName", run.jobName);
    put(attributes, "runPageUrl", run.runPageUrl);
    return Findings.begin(
            Findings.id(FindingKind.RUN_STUCK, job.route(), job.id(), run.runId),
            FindingKind.RUN_STUCK,
            FailedRun.subject(job, run.jobName),
            run.deadline,
            view)
        .setWindowStart(Instant.ofEpochMilli(run.since))
        .setSeverity(Severity.MEDIUM)
        .setConfidence(known ? Confidence.HIGH : Confidence.MEDIUM)
        .setSummary(summary)
        .setAttributes(attributes)
        .setLinks(links(run.runPageUrl))
        .setEvidence(List.of(Findings.evidence(at, run.runId)));
  }

  static List<Link> links(String runPageUrl) {
    return runPageUrl == null
        ? List.of()
        : List.of(Link.newBuilder().setTitle("Run page").setUrl(runPageUrl).build());
  }

  static String name(StateKey job, String jobName) {
    return jobName == null ? "Job " + job.id() : jobName;
  }

  private static String seconds(long millis) {
    return Long.toString(Math.round(millis / 1_000.0));
  }

  /** In the unit that says most: {@code 45 s}, {@code 12 min}, {@code 3.5 h}. */
  private static String spoken(long millis) {
    double seconds = millis / 1_000.0;
    if (seconds < 120) {
      return Math.round(seconds) + " s";
    }
    return seconds < 7_200
        ? Math.round(seconds / 60) + " min"
        : String.format(Locale.ROOT, "%.1f h", seconds / 3_600);
  }

  static void put(Map<String, String> attributes, String name, String value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }
}
