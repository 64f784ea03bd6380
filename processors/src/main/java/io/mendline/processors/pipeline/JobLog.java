package io.mendline.processors.pipeline;

import io.mendline.processors.pipeline.Likeness.Kind;
import io.mendline.processors.pipeline.Siblings.Sibling;
import io.mendline.serdes.telemetry.JobSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * What the settings of a workspace's jobs say of them, in the intake's store: one entry for each
 * job, see {@link JobVersions}, and one for each thing that jobs have in common, which lists them,
 * see {@link JobGroup}. So nothing is scanned when it is asked which jobs are like another.
 *
 * <p>An entry is written when settings have changed. A job is listed while any of its versions has
 * the thing; whether it had it at the instant that is asked for, its versions say.
 *
 * <p>Likeness by a bundle is the closest, then by libraries, the more the closer. A library that
 * more than {@value #MOST_OF_LIBRARY} jobs have, or in a workspace of more than {@value #FEW_JOBS}
 * jobs more than half of all, says nothing of any of them. Nearly every job has a notebook task, so
 * a type of task counts only where nothing else is known, and no more than {@value #MOST_OF_TYPE}
 * jobs have it.
 */
final class JobLog {
  /** A library that more jobs have is everybody's. */
  static final int MOST_OF_LIBRARY = 50;

  /** A type of task that more jobs have is everybody's. */
  static final int MOST_OF_TYPE = 10;

  /** With so few jobs, what most have may still tell. */
  static final int FEW_JOBS = 10;

  private static final Comparator<Sibling> CLOSEST_FIRST =
      Comparator.comparing((Sibling sibling) -> sibling.likenesses().get(0).kind())
          .thenComparing(sibling -> -sibling.likenesses().size())
          .thenComparing(Sibling::name, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(Sibling::jobId);

  private JobLog() {}

  /** Takes note of settings. */
  static void remember(
      Store<RouteMemory> store, String route, JobSettings settings, long watermark) {
    StateKey key = RouteMemory.jobKey(route, settings.jobId());
    JobVersions known = versions(store, route, settings.jobId());
    JobVersions now = known.with(settings, watermark);
    if (now == known) {
      return;
    }
    store.put(key, new RouteMemory.Job(now));
    SortedSet<Likeness> before = known.likenesses();
    SortedSet<Likeness> after = now.likenesses();
    for (Likeness likeness : after) {
      if (!before.contains(likeness)) {
        StateKey group = RouteMemory.likenessKey(route, likeness);
        put(store, group, group(store, group).with(settings.jobId()));
      }
    }
    for (Likeness likeness : before) {
      if (!after.contains(likeness)) {
        StateKey group = RouteMemory.likenessKey(route, likeness);
        put(store, group, group(store, group).without(settings.jobId()));
      }
    }
    if (known == JobVersions.NONE) {
      StateKey all = RouteMemory.jobsKey(route);
      put(store, all, group(store, all).with(settings.jobId()));
    }
  }

  /** See {@link View#siblings}. */
  static Siblings siblings(Store<RouteMemory> store, String route, String jobId, long at) {
    return new Search(store, route, jobId, at).found();
  }

  static JobGroup group(Store<RouteMemory> store, StateKey key) {
    return store.get(key) instanceof RouteMemory.Group known ? known.jobs() : JobGroup.NONE;
  }

  static void put(Store<RouteMemory> store, StateKey key, JobGroup group) {
    store.put(key, group.size() == 0 ? null : new RouteMemory.Group(group));
  }

  private static JobVersions versions(Store<RouteMemory> store, String route, String jobId) {
    return store.get(RouteMemory.jobKey(route, jobId)) instanceof RouteMemory.Job known
        ? known.versions()
        : JobVersions.NONE;
  }

  /** Which jobs are like one, as of an instant; each job is looked at once. */
  private static final class Search {
    private final Store<RouteMemory> store;
    private final String route;
    private final String jobId;
    private final long at;
    private final Map<String, JobProfile> profiles = new HashMap<>();

    Search(Store<RouteMemory> store, String route, String jobId, long at) {
      this.store = store;
      this.route = route;
      this.jobId = jobId;
      this.at = at;
    }

    Siblings found() {
      Map<String, List<Likeness>> shared = new TreeMap<>();
      for (Likeness likeness : Likeness.of(profile(jobId))) {
        boolean isWeak = likeness.kind() == Kind.TASK_TYPE;
        if (!isWeak || isOfTypesOnly(shared)) {
          for (String other : others(likeness)) {
            shared.computeIfAbsent(other, id -> new ArrayList<>()).add(likeness);
          }
        }
      }
      List<Sibling> all = new ArrayList<>();
      shared.forEach(
          (id, likenesses) -> {
            if (profile(id).runs()) {
              all.add(new Sibling(id, profile(id).name(), likenesses));
            }
          });
      all.sort(CLOSEST_FIRST);
      int named = Math.min(all.size(), Siblings.MOST_NAMED);
      return all.isEmpty()
          ? Siblings.NONE
          : new Siblings(all.subList(0, named), all.size() - named);
    }

    /** Types of tasks come last, so what else there is has been looked at. */
    private static boolean isOfTypesOnly(Map<String, List<Likeness>> shared) {
      return shared.values().stream()
          .allMatch(likenesses -> likenesses.get(0).kind() == Kind.TASK_TYPE);
    }

    /** The other jobs that have something, where that tells anything of them. */
    private List<String> others(Likeness likeness) {
      JobGroup group = group(store, RouteMemory.likenessKey(route, likeness));
      if (group.others() > 0 && likeness.kind() != Kind.BUNDLE) {
        return List.of();
      }
      List<String> having =
          group.ids().stream()
              .filter(id -> profile(id).standing() != JobProfile.Standing.DELETED)
              .filter(id -> Likeness.of(profile(id)).contains(likeness))
              .toList();
      return tells(likeness.kind(), having.size())
          ? having.stream().filter(id -> !id.equals(jobId)).toList()
          : List.of();
    }

    private boolean tells(Kind kind, int jobs) {
      return switch (kind) {
        case BUNDLE -> true;
        case LIBRARY -> {
          long all = jobs <= 1 || jobs > MOST_OF_LIBRARY ? 0 : all();
          yield jobs <= MOST_OF_LIBRARY && (all <= FEW_JOBS || 2L * jobs <= all);
        }
        case TASK_TYPE -> jobs <= MOST_OF_TYPE;
      };
    }

    /** How many jobs the workspace had then; of more than are listed this is enough to compare. */
    private long all() {
      return group(store, RouteMemory.jobsKey(route)).ids().stream()
          .map(this::profile)
          .filter(job -> !job.equals(JobProfile.UNKNOWN))
          .filter(job -> job.standing() != JobProfile.Standing.DELETED)
          .count();
    }

    private JobProfile profile(String id) {
      return profiles.computeIfAbsent(id, other -> versions(store, route, other).at(at));
    }
  }
}
