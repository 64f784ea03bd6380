package io.mendline.processors.pipeline;

import io.mendline.processors.policy.Globs;
import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * How the runs ended that others hang on, in the intake's store: one entry for each job, see {@link
 * RunEnds}, and one for each pattern of a policy, which lists the jobs that it names.
 *
 * <p>Only ends of runs are written down that another job has started, or whose job is named by the
 * {@code upstream} of a dependency in the policy of that time. A notification is not looked at, as
 * it does not say when a run ended, nor a pipeline.
 */
final class RunLog {
  private RunLog() {}

  /** Takes note of a state of a run. */
  static void remember(Store<RouteMemory> store, String route, RunState state, Policy policy) {
    if (!isEnd(state)) {
      return;
    }
    Set<String> patterns = new LinkedHashSet<>();
    for (Policy.Dependency dependency : policy.runs().dependencies()) {
      if (Globs.names(dependency.upstream(), state.resourceId(), state.jobName())) {
        patterns.add(dependency.upstream());
      }
    }
    if (patterns.isEmpty() && !"RUN_JOB_TASK".equals(state.trigger())) {
      return;
    }
    RunEnd end =
        new RunEnd(
            state.jobId(), state.jobName(), state.runId(), state.time(), failed(state, policy));
    StateKey key = RouteMemory.endsKey(route, state.jobId());
    RunEnds known = ends(store, key);
    RunEnds now = known.with(end);
    if (now != known) {
      store.put(key, new RouteMemory.Ends(now));
    }
    for (String pattern : patterns) {
      StateKey named = RouteMemory.upstreamKey(route, pattern);
      JobGroup jobs = JobLog.group(store, named);
      JobGroup more = jobs.with(state.jobId());
      if (!more.ids().equals(jobs.ids())) {
        // Which of those that were left out come again is not known, so they are not counted.
        JobLog.put(store, named, new JobGroup(more.ids(), 0));
      }
    }
  }

  /** See {@link View#lastEnds}. */
  static List<RunEnd> lastEnds(
      Store<RouteMemory> store, String route, String pattern, long before) {
    return JobLog.group(store, RouteMemory.upstreamKey(route, pattern)).ids().stream()
        .map(job -> last(ends(store, RouteMemory.endsKey(route, job)), before))
        .filter(Objects::nonNull)
        .toList();
  }

  /** See {@link View#ends}. */
  static List<RunEnd> ends(
      Store<RouteMemory> store, String route, String jobId, long after, long until) {
    return ends(store, RouteMemory.endsKey(route, jobId)).all().stream()
        .filter(end -> end.at() > after && end.at() <= until)
        .toList();
  }

  private static boolean isEnd(RunState state) {
    return state.level() == RunState.Level.JOB
        && !state.timedOnArrival()
        && !state.isPipeline()
        && (state.outcome() == RunState.Outcome.SUCCESS || RunFailures.isFailure(state));
  }

  private static boolean failed(RunState state, Policy policy) {
    boolean letBe =
        policy.runs().tasksAsItems()
            && state.items() != null
            && state.items().ofTasks()
            && state.items().verdict() == RunItems.Verdict.DEGRADED;
    return state.outcome() != RunState.Outcome.SUCCESS && !letBe;
  }

  private static RunEnd last(RunEnds ends, long before) {
    RunEnd last = null;
    for (RunEnd end : ends.all()) {
      last = end.at() < before ? end : last;
    }
    return last;
  }

  private static RunEnds ends(Store<RouteMemory> store, StateKey key) {
    return store.get(key) instanceof RouteMemory.Ends known ? known.ends() : RunEnds.NONE;
  }
}
