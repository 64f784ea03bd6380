package io.mendline.processors.policy;

import io.mendline.schemas.Action;
import io.mendline.schemas.Command;
import io.mendline.schemas.Risk;
import io.mendline.serdes.telemetry.MetricSample;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is in force at one instant: the built-in defaults with every policy document laid over them
 * that had taken effect by then. The built-in defaults, with the reason of each number, stand in
 * {@code default-policy.yaml}; a document names only what it changes.
 *
 * @param killSwitch while true nothing at all is released
 * @param mode how far Mendline may go, unless the action says otherwise
 * @param escalateTo whom to tell where no owner is named
 * @param actions per action what differs from its defaults
 * @param destructive patterns over the names of jobs and tasks that must not be repeated without a
 *     person's approval
 * @param owners who owns which resource; the first that matches counts
 * @param recurrence when one cause counts as recurring
 * @param sentinel when a Sentinel rule counts as absent, delayed or troubled
 * @param runs when a run of a Databricks job counts as missed, runs as skipped again and again,
 *     slow or stuck
 * @param partitions what backfills a partition, and how many at once
 * @param cache when a cache counts as regressed
 * @param metrics when a metric counts as regressed
 * @param week which days are no workdays
 * @param blame when a change counts as the suspect
 * @param capacity when a pool is hot or out of balance, and a metric beyond its limits
 */
public record Policy(
    boolean killSwitch,
    Mode mode,
    String escalateTo,
    Map<Action, ActionRules> actions,
    List<String> destructive,
    List<Owner> owners,
    Recurrence recurrence,
    Sentinel sentinel,
    Runs runs,
    Partitions partitions,
    Cache cache,
    Metrics metrics,
    Week week,
    Blame blame,
    Capacity capacity) {

  /** The parameter of a command that names the tasks it would repeat, divided by commas. */
  public static final String FAILED_TASKS = "failedTasks";

  /**
   * What holds for one action.
   *
   * @param mode overrides {@link Policy#mode()}; null takes it
   * @param maxAttempts how often it is tried for one trouble, at least 1
   * @param backOff how long to wait before each attempt; the last one counts for all further
   * @param backOffFor the same for troubles of a category of causes, in place of {@code backOff}
   * @param capPerHour at most so many releases within any hour, over all resources
   * @param expiresAfter a command that could not be released by then is dropped
   * @param verifyWithin how long telemetry may take to prove that it worked
   * @param risk what to tell the approver
   */
  public record ActionRules(
      Mode mode,
      int maxAttempts,
      List<Duration> backOff,
      Map<String, List<Duration>> backOffFor,
      int capPerHour,
      Duration expiresAfter,
      Duration verifyWithin,
      Risk risk) {

    /** No category has times of its own where none is named. */
    public ActionRules {
      backOffFor = backOffFor == null ? Map.of() : backOffFor;
    }

    /**
     * How long to wait before an attempt.
     *
     * @param attempt counted from 1
     * @param category of the root cause; null where none is named
     */
    public Duration backOff(int attempt, String category) {
      List<Duration> own = category == null ? null : backOffFor.get(category);
      List<Duration> steps = own == null ? backOff : own;
      return steps.get(Math.min(attempt, steps.size()) - 1);
    }
  }

  /**
   * Who owns what.
   *
   * @param resource a pattern over {@code TYPE/id}, {@code *} for any text
   * @param owner the owner
   * @param escalateTo whom to tell; null means the owner
   * @param tier how much it matters; may be null
   */
  public record Owner(String resource, String owner, String escalateTo, String tier) {}

  /**
   * When one cause counts as recurring.
   *
   * @param failures distinct failures, at least 2
   * @param within the sliding time they fall into
   */
  public record Recurrence(int failures, Duration within) {}

  /**
   * When a rule of Sentinel counts as absent, delayed or troubled, and a workspace as silent.
   *
   * @param allowance how long after a window's end a record of it may be logged
   * @param silence how much longer than usual nothing may arrive from a workspace
   * @param delay a near-real-time rule that is later than this is delayed
   * @param delayWarning one that is later than this is told of as a warning
   * @param transientRuns what may pass by itself is told of when it comes with so many runs in a
   *     row, at least 1
   * @param workspaces what differs from that; the first that matches counts
   */
  public record Sentinel(
      Duration allowance,
      Duration silence,
      Duration delay,
      Duration delayWarning,
      int transientRuns,
      List<Workspace> workspaces) {

    /** See {@link #allowance()}, for a workspace. */
    public Duration allowance(String workspace) {
      for (Workspace other : workspaces) {
        if (other.allowance() != null && Globs.matches(other.workspace(), workspace)) {
          return other.allowance();
        }
      }
      return allowance;
    }

    /** See {@link #silence()}, for a workspace. */
    public Duration silence(String workspace) {
      for (Workspace other : workspaces) {
        if (other.silence() != null && Globs.matches(other.workspace(), workspace)) {
          return other.silence();
        }
      }
      return silence;
    }
  }

  /**
   * What differs in some workspaces.
   *
   * @param workspace a pattern over workspaces as their records name them, {@code *} for any text
   * @param allowance null where it does not differ
   * @param silence null where it does not differ
   */
  public record Workspace(String workspace, Duration allowance, Duration silence) {}

  /**
   * When a run of a Databricks job counts as missed, and runs as skipped again and again, slow or
   * stuck.
   *
   * @param grace how long after its time a scheduled run may start
   * @param tasksAsItems whether a run of which nine tasks in ten succeeded is degraded, not failed
   * @param skippedInRow so many scheduled runs that were skipped one after the other weigh more, at
   *     least 2
   * @param slowFactor how many times as long as before runs must take, above 1
   * @param slowBy how much longer they must take besides
   * @param slowRuns so many successes in a row must have been slow, at least 2
   * @param stuckFactor a run that takes so many times as long as nearly all before is stuck, at
   *     least 1
   * @param stuckBy how much longer it must take besides
   * @param runningLimit how long a run may take of a job with little history
   * @param waitingLimit how long such a run may wait to begin
   * @param checks what the settings of jobs are checked for, by {@link JobCheck#id}
   * @param dependencies which jobs hang on which others
   * @param upstreamWait how long a failed job waits for the success of the one that it hangs on
   */
  public record Runs(
      Duration grace,
      boolean tasksAsItems,
      int skippedInRow,
      double slowFactor,
      Duration slowBy,
      int slowRuns,
      double stuckFactor,
      Duration stuckBy,
      Duration runningLimit,
      Duration waitingLimit,
      List<String> checks,
      List<Dependency> dependencies,
      Duration upstreamWait) {}

  /**
   * A job that fails when another one does.
   *
   * @param upstream a pattern over names and ids of jobs, {@code *} for any text
   * @param downstream the same, of the jobs that hang on those
   * @param within how long before the failure the other one may have ended; null means {@link
   *     #USUAL}
   */
  public record Dependency(String upstream, String downstream, Duration within) {
    /** What is built once a day hangs on what was built that day. */
    public static final Duration USUAL = Duration.ofHours(24);

    /** Where nothing is said it is {@link #USUAL}. */
    public Dependency {
      within = within == null ? USUAL : within;
    }
  }

  /**
   * What backfills a partition.
   *
   * @param atOnce at most so many backfills of one dataset and layer run at once
   * @param backfills what is started; the first that matches counts
   */
  public record Partitions(int atOnce, List<Backfill> backfills) {
    /** What backfills a dataset's layer, or null where nobody says. */
    public Backfill backfill(String dataset, String layer) {
      for (Backfill backfill : backfills) {
        if (Globs.matches(backfill.dataset(), dataset)
            && (backfill.layer() == null || Globs.matches(backfill.layer(), layer))) {
          return backfill;
        }
      }
      return null;
    }
  }

  /**
   * A Databricks job or another pipeline that backfills partitions, one at a time.
   *
   * @param dataset a pattern over datasets, {@code *} for any text
   * @param layer a pattern over layers; null means any
   * @param workspace the workspace of the job; null where a pipeline is named
   * @param jobId the job; null where a pipeline is named
   * @param pipeline the pipeline's name, as the executor knows it; null where a job is named
   * @param parameters what it is started with, in which {@code {dataset}}, {@code {layer}} and
   *     {@code {date}} stand for the partition's own; null means {@link #USUAL}
   */
  public record Backfill(
      String dataset,
      String layer,
      String workspace,
      String jobId,
      String pipeline,
      Map<String, String> parameters) {
    /** Names of a command's parameters that say what is started. */
    public static final List<String> OWN = List.of("workspace", "jobId", "pipeline");

    /** What such a pipeline takes as a rule. */
    static final Map<String, String> USUAL =
        Map.of(
            "DatasetName", "{dataset}",
            "Layer", "{layer}",
            "PartitionDate", "{date}",
            "IsBackfill", "true");

    /** What to start for a partition, and with what: the parameters of a command. */
    public SortedMap<String, String> of(String ofDataset, String ofLayer, String date) {
      SortedMap<String, String> all = new TreeMap<>();
      (parameters == null ? USUAL : parameters)
          .forEach(
              (name, value) ->
                  all.put(
                      name,
                      PLACE
                          .matcher(value)
                          .replaceAll(
                              place ->
                                  Matcher.quoteReplacement(
                                      switch (place.group(1)) {
                                        case "dataset" -> ofDataset;
                                        case "layer" -> ofLayer;
                                        case "date" -> date;
                                        default -> place.group();
                                      }))));
      if (pipeline == null) {
        all.put("workspace", workspace);
        all.put("jobId", jobId);
      } else {
        all.put("pipeline", pipeline);
      }
      return all;
    }
  }

  /** What stands for a part of a partition in the parameters of a {@link Backfill}. */
  static final Pattern PLACE = Pattern.compile("\\{(\\w*)}");

  /**
   * When a cache counts as regressed.
   *
   * @param minimumTokens below which prompt a model's provider caches nothing; the first pattern
   *     that matches counts
   * @param bin the length of a bin of event time
   * @param baseline how much history the level before is taken from
   * @param persistence how long the lower level must have lasted
   * @param minimumDrop the least fall of the ratio, 0 to 1, that counts
   * @param minimumTokensPerBin bins with fewer prompt tokens say nothing
   * @param minimumBins bins needed on each side
   * @param scopes what differs for some scopes; the first that matches counts
   */
  public record Cache(
      List<MinimumTokens> minimumTokens,
      Duration bin,
      Duration baseline,
      Duration persistence,
      double minimumDrop,
      long minimumTokensPerBin,
      int minimumBins,
      List<CacheScope> scopes) {

    /** What holds for one scope: the first of {@link #scopes()} that matches, over the rest. */
    public Cache of(String scope) {
      for (CacheScope own : scopes) {
        if (Globs.matches(own.scope(), scope)) {
          return new Cache(
              minimumTokens,
              bin,
              or(own.baseline(), baseline),
              or(own.persistence(), persistence),
              or(own.minimumDrop(), minimumDrop),
              or(own.minimumTokensPerBin(), minimumTokensPerBin),
              or(own.minimumBins(), minimumBins),
              scopes);
        }
      }
      return this;
    }

    /** Whether a name is one of the models that are known here. */
    public boolean knowsModel(String name) {
      return minimumTokens.stream().anyMatch(minimum -> Globs.matches(minimum.model(), name));
    }

    /** The least prompt that a model's provider caches, in tokens. */
    public int minimumTokens(String model) {
      for (MinimumTokens minimum : minimumTokens) {
        if (Globs.matches(minimum.model(), model)) {
          return minimum.tokens();
        }
      }
      return 0;
    }
  }

  /**
   * What differs for some cache scopes; null where nothing does.
   *
   * @param scope a pattern over their ids, {@code service/model} or {@code
   *     service/model/environment}
   * @param baseline as of {@link Cache}
   * @param persistence as of {@link Cache}
   * @param minimumDrop as of {@link Cache}
   * @param minimumTokensPerBin as of {@link Cache}
   * @param minimumBins as of {@link Cache}
   */
  public record CacheScope(
      String scope,
      Duration baseline,
      Duration persistence,
      Double minimumDrop,
      Long minimumTokensPerBin,
      Integer minimumBins) {}

  /**
   * The least prompt that is cached.
   *
   * @param model a pattern over model names, {@code *} for any text
   * @param tokens the least prompt, tokens
   */
  public record MinimumTokens(String model, int tokens) {}

  /**
   * Which days are no workdays: caches and metrics are compared with days of their own kind.
   *
   * @param weekend those days; empty where all days are alike
   * @param zone where they begin at midnight
   */
  public record Week(List<DayOfWeek> weekend, ZoneId zone) {
    private static final long DAY = Duration.ofDays(1).toMillis();

    /** How far local time is ahead of UTC at an instant, milliseconds. */
    public long offset(long time) {
      return 1_000L * zone.getRules().getOffset(Instant.ofEpochMilli(time)).getTotalSeconds();
    }

    /** Whether a local time, milliseconds since the first of January 1970, is at a weekend. */
    public boolean isWeekend(long local) {
      // The first of January 1970 was a Thursday.
      return weekend.contains(DayOfWeek.THURSDAY.plus(Math.floorDiv(local, DAY)));
    }
  }

  /**
   * When a metric counts as regressed.
   *
   * @param bin the length of a bin of event time
   * @param baseline how much history the level before is taken from
   * @param persistence how long the worse level must have lasted
   * @param minimumBins bins needed on each side
   * @param minimumSamplesPerBin bins with fewer samples say nothing
   * @param rules what is worse, and by how much; the first that matches counts
   */
  public record Metrics(
      Duration bin,
      Duration baseline,
      Duration persistence,
      int minimumBins,
      int minimumSamplesPerBin,
      List<MetricRule> rules) {
    private static final MetricRule NONE =
        new MetricRule("*", null, null, null, 0.2, null, null, null, null);

    /**
     * The rule of a metric, with what it leaves to that of all metrics filled in; one of a fifth of
     * its size where none matches.
     */
    public MetricRule rule(String metric, String scope) {
      for (MetricRule rule : rules) {
        if (Globs.matches(rule.metric(), metric)
            && (rule.scope() == null || Globs.matches(rule.scope(), scope))) {
          return filled(rule);
        }
      }
      return filled(NONE);
    }

    private MetricRule filled(MetricRule rule) {
      return new MetricRule(
          rule.metric(),
          rule.scope(),
          rule.better(),
          rule.minimumChange(),
          rule.minimumShare(),
          or(rule.persistence(), persistence),
          or(rule.baseline(), baseline),
          or(rule.minimumBins(), minimumBins),
          or(rule.minimumSamplesPerBin(), minimumSamplesPerBin));
    }
  }

  /**
   * When metrics of a name count as worse.
   *
   * @param metric a pattern over their names
   * @param scope a pattern over their scopes; null for all
   * @param better which way is better; null for what the samples say, UNSAID to find nothing
   * @param minimumChange the least change of the value that counts; null where a share counts
   * @param minimumShare the least change that counts, as a part of the usual value; null where a
   *     change counts
   * @param persistence in place of the one of all metrics; nullable
   * @param baseline null for that of all metrics
   * @param minimumBins null for that of all metrics
   * @param minimumSamplesPerBin null for that of all metrics
   */
  public record MetricRule(
      String metric,
      String scope,
      MetricSample.Better better,
      Double minimumChange,
      Double minimumShare,
      Duration persistence,
      Duration baseline,
      Integer minimumBins,
      Integer minimumSamplesPerBin) {}

  /**
   * When a change is to blame.
   *
   * @param takesEffect how long after a change it may take until it shows; each such time more
   *     halves how likely it is to be to blame
   * @param before how long before the earliest instant of the fall a change may lie
   * @param after how long after the latest, as both are estimates
   * @param minimumScore the least score, 0 to 1, of a suspect
   * @param clearScore the least score of a suspect that a rollback is proposed for
   * @param clearMargin how far it must lie above the next
   * @param promptFiles patterns over paths of files that prompts are made of, see {@link
   *     Globs#matchesPath}
   */
  public record Blame(
      Duration takesEffect,
      Duration before,
      Duration after,
      double minimumScore,
      double clearScore,
      double clearMargin,
      List<String> promptFiles) {}

  /**
   * When a pool is hot or out of balance, and a metric beyond its limits.
   *
   * @param hotNode when a pool has a hot node
   * @param loadSkew when a pool is out of balance
   * @param limits floors and ceilings by a name of their own; null under a name takes that one away
   * @param pools what is known of pools; the first whose scope matches counts
   */
  public record Capacity(
      HotNode hotNode, LoadSkew loadSkew, Map<String, Limit> limits, List<Pool> pools) {

    /** What is known of a pool, or null. */
    public Pool pool(String scope) {
      for (Pool pool : pools) {
        if (Globs.matches(pool.scope(), scope)) {
          return pool;
        }
      }
      return null;
    }

    /**
     * The name of the limit of a metric: of those that match, the one with the longest pattern of
     * scopes, of these with the longest pattern of metrics, of these the first by name; or null.
     */
    public String limit(String metric, String scope) {
      String best = null;
      for (Map.Entry<String, Limit> entry : limits.entrySet()) {
        Limit limit = entry.getValue();
        if (limit != null
            && Globs.matches(limit.metric(), metric)
            && Globs.matches(limit.scope(), scope)
            && (best == null || isCloser(entry.getKey(), best))) {
          best = entry.getKey();
        }
      }
      return best;
    }

    private boolean isCloser(String name, String than) {
      Limit one = limits.get(name);
      Limit other = limits.get(than);
      if (one.scope().length() != other.scope().length()) {
        return one.scope().length() > other.scope().length();
      }
      return one.metric().length() == other.metric().length()
          ? name.compareTo(than) < 0
          : one.metric().length() > other.metric().length();
    }
  }

  /**
   * When a pool has a hot node.
   *
   * @param metrics patterns over the metrics, in percent, that say how busy a node is
   * @param raiseAt the hot-node P95, percent, from which on it is hot
   * @param clearBelow the hot-node P95, percent, below which it is no longer
   * @param window which bins are judged
   * @param minimumBins so many minutes of the window must have been heard at least, 1 to 720
   */
  public record HotNode(
      List<String> metrics, double raiseAt, double clearBelow, Window window, int minimumBins) {
    /** Whether a metric says how busy a node is. */
    public boolean names(String metric) {
      return metrics.stream().anyMatch(pattern -> Globs.matches(pattern, metric));
    }
  }

  /** Which bins are judged. */
  public enum Window {
    /** Those of the last 12 hours. */
    SLIDING,
    /** Those of the busiest 12 of the last 24 hours. */
    BUSIEST
  }

  /**
   * When a pool is out of balance.
   *
   * @param metrics patterns over the metrics that count requests
   * @param window over which time they are counted, whole minutes
   * @param minimumRequests with fewer nothing is judged
   * @param most more times its fair part is too much, above 1
   * @param least fewer times its fair part is too little, below 1
   */
  public record LoadSkew(
      List<String> metrics, Duration window, long minimumRequests, double most, double least) {
    /** Whether a metric counts requests. */
    public boolean names(String metric) {
      return metrics.stream().anyMatch(pattern -> Globs.matches(pattern, metric));
    }
  }

  /**
   * How far a metric may go.
   *
   * @param metric a pattern over metrics
   * @param scope a pattern over scopes; null means any
   * @param floor the least value that is right; null for none
   * @param ceiling the greatest value that is right; null for none
   * @param persistence how long it must have been beyond, and back
   */
  public record Limit(
      String metric, String scope, Double floor, Double ceiling, Duration persistence) {
    /** Any scope where none is said, and a quarter of an hour. */
    public Limit {
      scope = scope == null ? "*" : scope;
      persistence = persistence == null ? Duration.ofMinutes(15) : persistence;
    }

    /** Whether a value is not right. */
    public boolean isBeyond(double value) {
      return (floor != null && value < floor) || (ceiling != null && value > ceiling);
    }
  }

  /**
   * What is known of a pool.
   *
   * @param scope a pattern over scopes
   * @param members what the pool carries: tenants, or the nodes themselves
   * @param nodes nodes that carry none of these; null for none
   */
  public record Pool(String scope, List<Member> members, List<String> nodes) {
    /** No further nodes where none are named. */
    public Pool {
      nodes = nodes == null ? List.of() : nodes;
    }
  }

  /**
   * A member of a pool.
   *
   * @param name the member, as samples name it where they do
   * @param weight its part of the load, in a unit of one's own; null means 1
   * @param node the node that carries it; null where that is not known
   */
  public record Member(String name, Double weight, String node) {
    /** All weigh the same where nothing is said. */
    public Member {
      weight = weight == null ? Double.valueOf(1) : weight;
    }
  }

  /** The rules of an action. */
  public ActionRules rules(Action action) {
    return actions.get(action);
  }

  /**
   * How far Mendline may go with an action. Never {@link Mode#AUTO} for an action that changes what
   * people configured or that cannot be undone (law 7), whatever the documents say.
   */
  public Mode mode(Action action) {
    ActionRules rules = actions.get(action);
    Mode asked = rules.mode() == null ? mode : rules.mode();
    return asked == Mode.AUTO && alwaysNeedsApproval(action) ? Mode.APPROVAL : asked;
  }

  /**
   * How far Mendline may go with a command: as far as with its action, but never {@link Mode#AUTO}
   * where it would repeat what is destructive.
   */
  public Mode mode(Command command) {
    Mode asked = mode(command.getAction());
    return asked == Mode.AUTO
            && destructive(
                    command.getAction(),
                    command.getTarget().getName(),
                    command.getParameters().get(FAILED_TASKS))
                != null
        ? Mode.APPROVAL
        : asked;
  }

  /**
   * What a command would repeat that is destructive.
   *
   * @param job the job's name; nullable
   * @param tasks the keys of the tasks it would repeat, divided by commas; nullable
   * @return the name of the job or task, or null
   */
  public String destructive(Action action, String job, String tasks) {
    if (action != Action.REPAIR_RUN && action != Action.RUN_NOW) {
      return null;
    }
    List<String> names = new ArrayList<>();
    if (job != null) {
      names.add(job);
    }
    if (tasks != null) {
      names.addAll(List.of(tasks.split(",", -1)));
    }
    return names.stream()
        .filter(name -> destructive.stream().anyMatch(pattern -> Globs.matches(pattern, name)))
        .findFirst()
        .orElse(null);
  }

  /** Whether an action is never released without a person's approval. */
  public static boolean alwaysNeedsApproval(Action action) {
    return switch (action) {
      case REPLAY_WINDOW, REPAIR_RUN, RUN_NOW, BACKFILL_PARTITION, RESTART_PIPELINE -> false;
      case ENABLE_RULE,
          CANCEL_RUN,
          UPDATE_JOB_SETTINGS,
          RESTART_CLUSTER,
          ROLLBACK_CHANGE,
          REBALANCE_POOL,
          UNKNOWN ->
          true;
    };
  }

  /** Who owns a resource, or null. */
  public Owner owner(String type, String id) {
    String name = type + "/" + id;
    for (Owner owner : owners) {
      if (Globs.matches(owner.resource(), name)) {
        return owner;
      }
    }
    return null;
  }

  /** Whom to tell of a resource: whoever its owner names, its owner, or whoever hears of all. */
  public String escalateTo(String type, String id) {
    Owner owner = owner(type, id);
    return owner == null ? escalateTo : or(owner.escalateTo(), owner.owner());
  }

  private static <T> T or(T own, T general) {
    return own == null ? general : own;
  }
}
