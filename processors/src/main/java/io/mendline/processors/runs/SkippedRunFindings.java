package io.mendline.processors.runs;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.runs.SkippedRuns.Skipped;
import io.mendline.processors.runs.SkippedRuns.Telling;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes the finding {@code RUN_SKIPPED}. */
final class SkippedRunFindings {
  private SkippedRunFindings() {}

  /**
   * The finding of a run by some of what was told of it.
   *
   * @param told never empty
   */
  static Finding of(StateKey job, Skipped run, List<Telling> told, View view) {
    List<Telling> best = told.stream().sorted(Telling.BEST_FIRST).toList();
    String jobName = first(best, Telling::jobName);
    String limit = first(best, Telling::limit);
    Cause cause = first(best, Telling::cause);
    String page = first(best, Telling::runPageUrl);
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("runId", run.runId);
    PaceFindings.put(attributes, "limit", limit);
    PaceFindings.put(attributes, "jobName", jobName);
    PaceFindings.put(attributes, "environment", first(best, Telling::environment));
    PaceFindings.put(attributes, "message", first(best, Telling::message));
    PaceFindings.put(attributes, "runPageUrl", page);
    int revision = told.size() + (run.inRow ? 1 : 0) + (run.clearedAt > 0 ? 1 : 0);
    return Findings.begin(
            Findings.id(FindingKind.RUN_SKIPPED, job.route(), job.id(), run.runId),
            FindingKind.RUN_SKIPPED,
            FailedRun.subject(job, jobName),
            run.at(),
            view)
        .setStatus(run.clearedAt > 0 ? FindingStatus.CLEARED : FindingStatus.RAISED)
        .setRevision(revision)
        .setWindowEnd(Instant.ofEpochMilli(run.at()))
        .setSeverity(run.inRow ? Severity.MEDIUM : Severity.LOW)
        .setConfidence(Confidence.HIGH)
        .setRootCause(cause == null ? null : cause.toRootCause())
        .setSummary(summary(PaceFindings.name(job, jobName), limit, run))
        .setAttributes(attributes)
        .setLinks(PaceFindings.links(page))
        .setEvidence(
            Findings.limited(
                told.stream().map(telling -> Findings.evidence(telling.at(), run.runId)).toList()))
        .build();
  }

  private static String summary(String name, String limit, Skipped run) {
    String why =
        limit == null
            ? ""
            : limit.equals(SkipWords.QUEUE_SIZE)
                ? ": its queue was full"
                : ": it was running as often as it may";
    return name
        + (run.inRow ? " was not started, nor were its runs before" : " was not started")
        + why;
  }

  private static <T> T first(List<Telling> best, Function<Telling, T> field) {
    return best.stream().map(field).filter(Objects::nonNull).findFirst().orElse(null);
  }
}
