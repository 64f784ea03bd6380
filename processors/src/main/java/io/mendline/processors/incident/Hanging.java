package io.mendline.processors.incident;

import io.mendline.processors.pipeline.RunEnd;
import io.mendline.processors.pipeline.Upstream;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Globs;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.ResourceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * On which failure of another job the failure of a run hangs. A task that has started the other run
 * says so itself; else a policy names the dependency, and the last run of the other job that ended
 * before this one failed, within the time that the policy says, has failed.
 *
 * <p>All that ends before something ends strictly before it, so no two failures hang on each other.
 */
final class Hanging {
  /** Of several the one that failed last is the closest. */
  private static final Comparator<RunEnd> CLOSEST_FIRST =
      Comparator.comparingLong(RunEnd::at).reversed().thenComparing(RunEnd::jobId);

  private Hanging() {}

  /**
   * What a failed run hangs on.
   *
   * @param failedAt when it failed first, epoch milliseconds
   * @return null where it hangs on nothing
   */
  static Upstream of(String route, Trouble trouble, long failedAt, View view) {
    if (trouble.kind() != FindingKind.RUN_FAILED
        || trouble.subject().type() != ResourceType.DATABRICKS_JOB) {
      return null;
    }
    Upstream started = started(route, trouble, failedAt, view);
    return started == null ? declared(route, trouble, failedAt, view) : started;
  }

  private static Upstream started(String route, Trouble trouble, long failedAt, View view) {
    Map<String, String> of = trouble.attributes();
    if (!of.containsKey(Upstream.FINDING_ID)) {
      return null;
    }
    Upstream started =
        new Upstream(
            of.get(Upstream.JOB_ID),
            null,
            of.get(Upstream.RUN_ID),
            of.get(Upstream.FINDING_ID),
            failedAt,
            false);
    return view.ends(route, started.jobId(), Long.MIN_VALUE, failedAt).stream()
        .filter(end -> end.runId().equals(started.runId()) && end.jobName() != null)
        .findFirst()
        .map(
            end ->
                new Upstream(
                    started.resourceId(),
                    end.jobName(),
                    started.runId(),
                    started.findingId(),
                    failedAt,
                    false))
        .orElse(started);
  }

  private static Upstream declared(String route, Trouble trouble, long failedAt, View view) {
    String resourceId = trouble.subject().id();
    String jobId = resourceId.substring(resourceId.lastIndexOf('/') + 1);
    List<RunEnd> failed = new ArrayList<>();
    for (Policy.Dependency dependency : view.policy(failedAt).runs().dependencies()) {
      if (Globs.names(dependency.downstream(), resourceId, trouble.subject().name())) {
        for (RunEnd end : view.lastEnds(route, dependency.upstream(), failedAt)) {
          if (end.failed()
              && !end.jobId().equals(jobId)
              && end.at() >= failedAt - dependency.within().toMillis()) {
            failed.add(end);
          }
        }
      }
    }
    return failed.stream()
        .min(CLOSEST_FIRST)
        .map(end -> Upstream.declared(route, trouble.subject().workspace(), end))
        .orElse(null);
  }

  /** The first success of the other job after its failure, up to an instant; null while none. */
  static RunEnd success(String route, Upstream upstream, long until, View view) {
    return view.ends(route, upstream.jobId(), upstream.failedAt(), until).stream()
        .filter(end -> !end.failed())
        .findFirst()
        .orElse(null);
  }

  /**
   * Whether people are told of the other run's failure, as it is known to stand: then they need not
   * be told of what hangs on it, too.
   */
  static boolean isToldOf(String route, Upstream upstream, long at, View view) {
    RunEnd last = null;
    for (RunEnd end : view.ends(route, upstream.jobId(), Long.MIN_VALUE, at)) {
      last = end.runId().equals(upstream.runId()) ? end : last;
    }
    return last != null && last.failed();
  }
}
