package io.mendline.processors.policy;

import io.mendline.processors.cause.Category;
import io.mendline.processors.policy.Policy.ActionRules;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Holds a policy to what the pipeline can work with. What passes here never fails later, where it
 * would fail for every message.
 */
final class PolicyChecks {
  /** Shorter bins than this hold next to nothing and are only many. */
  private static final Duration SHORTEST_BIN = Duration.ofMinutes(1);

  /** No time in a policy is longer: sums of them stay far below what a long takes. */
  private static final Duration LONGEST = Duration.ofDays(366);

  private static final Duration SHORTEST = Duration.ofMillis(1);

  /** So many of a job's last runs are looked at when it is asked whether they were alike. */
  private static final int MOST_RUNS = 20;

  private static final double LARGEST_FACTOR = 1_000;

  /** Nobody backfills more of one layer at once; what is meant to be no bound is said so. */
  private static final int MOST_AT_ONCE = 1_000;

  /** Each is looked at for every run that ends. */
  private static final int MOST_DEPENDENCIES = 100;

  /** What a two-byte number holds in hundredths. */
  private static final double MOST_PERCENT = 650;

  /** The minutes of twelve hours. */
  private static final int MOST_BINS = 720;

  /** Each minute of it is kept for each node. */
  private static final Duration LONGEST_COUNT = Duration.ofMinutes(15);

  /** A plan for more is made by another tool. */
  private static final int MOST_MEMBERS = 1_000;

  private static final Set<String> PLACES = Set.of("dataset", "layer", "date");
  private static final List<String> CATEGORIES =
      Arrays.stream(Category.values()).map(Category::id).toList();

  private final String name;

  private PolicyChecks(String name) {
    this.name = name;
  }

  /**
   * Checks a policy as it stands over the defaults.
   *
   * @param name names the document in errors
   * @throws PolicyException when something is missing or out of bounds; names the key
   */
  static void check(String name, Policy policy) {
    PolicyChecks checks = new PolicyChecks(name);
    checks.present("mode", policy.mode());
    checks.present("escalateTo", policy.escalateTo());
    checks.present("actions", policy.actions());
    policy.actions().forEach((action, rules) -> checks.action("actions." + action, rules));
    checks.destructive(policy.destructive());
    checks.owners(policy.owners());
    checks.recurrence(policy.recurrence());
    checks.sentinel(policy.sentinel());
    checks.runs(policy.runs());
    checks.partitions(policy.partitions());
    checks.cache(policy.cache());
    checks.metrics(policy.metrics());
    checks.week(policy.week());
    checks.blame(policy.blame());
    checks.capacity(policy.capacity());
  }

  private void action(String at, ActionRules rules) {
    present(at, rules);
    require(at + ".maxAttempts", rules.maxAttempts() >= 1, "must be at least 1");
    require(at + ".capPerHour", rules.capPerHour() >= 0, "must not be negative");
    backOff(at + ".backOff", rules.backOff());
    rules
        .backOffFor()
        .forEach(
            (category, steps) -> {
              require(
                  at + ".backOffFor." + category,
                  CATEGORIES.contains(category),
                  "is no category of causes; they are " + String.join(", ", CATEGORIES));
              backOff(at + ".backOffFor." + category, steps);
            });
    between(at + ".expiresAfter", rules.expiresAfter(), SHORTEST);
    between(at + ".verifyWithin", rules.verifyWithin(), SHORTEST);
    present(at + ".risk", rules.risk());
  }

  private void backOff(String at, List<Duration> steps) {
    require(at, steps != null && !steps.isEmpty(), "must name at least one time, as [PT30S]");
    for (int i = 0; i < steps.size(); i++) {
      between(at + "[" + i + "]", steps.get(i), Duration.ZERO);
    }
  }

  private void destructive(List<String> patterns) {
    present("destructive", patterns);
    for (int i = 0; i < patterns.size(); i++) {
      require(
          "destructive[" + i + "]",
          patterns.get(i) != null && !patterns.get(i).isBlank(),
          "must be a pattern, as \"*vacuum*\"");
    }
  }

  private void owners(List<Policy.Owner> owners) {
    present("owners", owners);
    for (int i = 0; i < owners.size(); i++) {
      String at = "owners[" + i + "]";
      present(at, owners.get(i));
      present(at + ".resource", owners.get(i).resource());
      present(at + ".owner", owners.get(i).owner());
    }
  }

  private void recurrence(Policy.Recurrence recurrence) {
    present("recurrence", recurrence);
    require("recurrence.failures", recurrence.failures() >= 2, "must be at least 2");
    between("recurrence.within", recurrence.within(), SHORTEST);
  }

  private void sentinel(Policy.Sentinel sentinel) {
    present("sentinel", sentinel);
    between("sentinel.allowance", sentinel.allowance(), Duration.ZERO);
    between("sentinel.silence", sentinel.silence(), SHORTEST);
    between("sentinel.delay", sentinel.delay(), SHORTEST);
    between("sentinel.delayWarning", sentinel.delayWarning(), Duration.ZERO);
    require(
        "sentinel.delayWarning",
        sentinel.delayWarning().compareTo(sentinel.delay()) <= 0,
        "must be at most sentinel.delay, " + sentinel.delay());
    require("sentinel.transientRuns", sentinel.transientRuns() >= 1, "must be at least 1");
    present("sentinel.workspaces", sentinel.workspaces());
    for (int i = 0; i < sentinel.workspaces().size(); i++) {
      String at = "sentinel.workspaces[" + i + "]";
      Policy.Workspace workspace = sentinel.workspaces().get(i);
      present(at, workspace);
      present(at + ".workspace", workspace.workspace());
      if (workspace.allowance() != null) {
        between(at + ".allowance", workspace.allowance(), Duration.ZERO);
      }
      if (workspace.silence() != null) {
        between(at + ".silence", workspace.silence(), SHORTEST);
      }
    }
  }

  private void runs(Policy.Runs runs) {
    present("runs", runs);
    between("runs.grace", runs.grace(), SHORTEST);
    require("runs.skippedInRow", runs.skippedInRow() >= 2, "must be at least 2");
    require("runs.skippedInRow", runs.skippedInRow() <= MOST_RUNS, "must be at most " + MOST_RUNS);
    factor("runs.slowFactor", runs.slowFactor(), runs.slowFactor() > 1, "above 1");
    between("runs.slowBy", runs.slowBy(), Duration.ZERO);
    require("runs.slowRuns", runs.slowRuns() >= 2, "must be at least 2");
    require("runs.slowRuns", runs.slowRuns() <= MOST_RUNS, "must be at most " + MOST_RUNS);
    factor("runs.stuckFactor", runs.stuckFactor(), runs.stuckFactor() >= 1, "at least 1");
    between("runs.stuckBy", runs.stuckBy(), Duration.ZERO);
    between("runs.runningLimit", runs.runningLimit(), SHORTEST);
    between("runs.waitingLimit", runs.waitingLimit(), SHORTEST);
    dependencies(runs.dependencies());
    between("runs.upstreamWait", runs.upstreamWait(), SHORTEST);
    present("runs.checks", runs.checks());
    for (int i = 0; i < runs.checks().size(); i++) {
      require(
          "runs.checks[" + i + "]",
          JobCheck.of(runs.checks().get(i)) != null,
          "is no check of a job; they are " + String.join(", ", JobCheck.ids()));
    }
  }

  private void dependencies(List<Policy.Dependency> dependencies) {
    present("runs.dependencies", dependencies);
    require(
        "runs.dependencies",
        dependencies.size() <= MOST_DEPENDENCIES,
        "must be at most " + MOST_DEPENDENCIES + ", each a pattern for many jobs");
    for (int i = 0; i < dependencies.size(); i++) {
      String at = "runs.dependencies[" + i + "]";
      Policy.Dependency dependency = dependencies.get(i);
      present(at, dependency);
      given(at + ".upstream", dependency.upstream());
      given(at + ".downstream", dependency.downstream());
      between(at + ".within", dependency.within(), SHORTEST);
      require(
          at,
          !dependency.upstream().equalsIgnoreCase(dependency.downstream()),
          "names the same jobs as upstream and downstream");
    }
  }

  private void factor(String key, double value, boolean enough, String least) {
    require(key, enough && value <= LARGEST_FACTOR, "must be " + least + " and at most 1000");
  }

  private void partitions(Policy.Partitions partitions) {
    present("partitions", partitions);
    require("partitions.atOnce", partitions.atOnce() >= 1, "must be at least 1");
    require(
        "partitions.atOnce",
        partitions.atOnce() <= MOST_AT_ONCE,
        "must be at most " + MOST_AT_ONCE);
    present("partitions.backfills", partitions.backfills());
    for (int i = 0; i < partitions.backfills().size(); i++) {
      String at = "partitions.backfills[" + i + "]";
      present(at, partitions.backfills().get(i));
      backfill(at, partitions.backfills().get(i));
    }
  }

  private void backfill(String at, Policy.Backfill backfill) {
    given(at + ".dataset", backfill.dataset());
    boolean job = backfill.workspace() != null || backfill.jobId() != null;
    require(
        at,
        job != (backfill.pipeline() != null),
        "must name either a job, by workspace and jobId, or a pipeline");
    if (job) {
      given(at + ".workspace", backfill.workspace());
      given(at + ".jobId", backfill.jobId());
    } else {
      given(at + ".pipeline", backfill.pipeline());
    }
    if (backfill.parameters() == null) {
      return;
    }
    backfill
        .parameters()
        .forEach(
            (name, value) -> {
              String where = at + ".parameters." + name;
              present(where, value);
              require(
                  where,
                  !Policy.Backfill.OWN.contains(name),
                  "is what the command itself says; call the parameter otherwise");
              Policy.PLACE
                  .matcher(value)
                  .results()
                  .forEach(
                      place ->
                          require(
                              where,
                              PLACES.contains(place.group(1)),
                              "holds "
                                  + place.group()
                                  + ", which is none of {dataset}, {layer} and {date}"));
            });
  }

  private void given(String key, String value) {
    require(key, value != null && !value.isBlank(), "is empty");
  }

  private void cache(Policy.Cache cache) {
    present("cache", cache);
    present("cache.minimumTokens", cache.minimumTokens());
    for (int i = 0; i < cache.minimumTokens().size(); i++) {
      String at = "cache.minimumTokens[" + i + "]";
      present(at, cache.minimumTokens().get(i));
      present(at + ".model", cache.minimumTokens().get(i).model());
      require(at + ".tokens", cache.minimumTokens().get(i).tokens() >= 0, "must not be negative");
    }
    between("cache.bin", cache.bin(), SHORTEST_BIN);
    cacheThresholds("cache", cache);
    present("cache.scopes", cache.scopes());
    for (int i = 0; i < cache.scopes().size(); i++) {
      String at = "cache.scopes[" + i + "]";
      present(at, cache.scopes().get(i));
      given(at + ".scope", cache.scopes().get(i).scope());
      Policy.Cache alone =
          new Policy.Cache(
              cache.minimumTokens(),
              cache.bin(),
              cache.baseline(),
              cache.persistence(),
              cache.minimumDrop(),
              cache.minimumTokensPerBin(),
              cache.minimumBins(),
              List.of(cache.scopes().get(i)));
      cacheThresholds(at, alone.of(cache.scopes().get(i).scope()));
    }
  }

  private void cacheThresholds(String at, Policy.Cache cache) {
    between(at + ".baseline", cache.baseline(), SHORTEST);
    between(at + ".persistence", cache.persistence(), Duration.ZERO);
    require(
        at + ".minimumDrop",
        cache.minimumDrop() > 0 && cache.minimumDrop() < 1,
        "must lie between 0 and 1");
    require(at + ".minimumTokensPerBin", cache.minimumTokensPerBin() >= 0, "must not be negative");
    require(at + ".minimumBins", cache.minimumBins() >= 2, "must be at least 2");
  }

  private void week(Policy.Week week) {
    present("week", week);
    present("week.weekend", week.weekend());
    for (int i = 0; i < week.weekend().size(); i++) {
      present("week.weekend[" + i + "]", week.weekend().get(i));
    }
    require("week.weekend", week.weekend().size() < 7, "must leave a workday");
    present("week.zone", week.zone());
  }

  private void metrics(Policy.Metrics metrics) {
    present("metrics", metrics);
    between("metrics.bin", metrics.bin(), SHORTEST_BIN);
    between("metrics.baseline", metrics.baseline(), SHORTEST);
    between("metrics.persistence", metrics.persistence(), Duration.ZERO);
    require("metrics.minimumBins", metrics.minimumBins() >= 2, "must be at least 2");
    require(
        "metrics.minimumSamplesPerBin", metrics.minimumSamplesPerBin() >= 1, "must be at least 1");
    present("metrics.rules", metrics.rules());
    for (int i = 0; i < metrics.rules().size(); i++) {
      String at = "metrics.rules[" + i + "]";
      Policy.MetricRule rule = metrics.rules().get(i);
      present(at, rule);
      given(at + ".metric", rule.metric());
      require(
          at,
          (rule.minimumChange() == null) != (rule.minimumShare() == null),
          "needs one of minimumChange and minimumShare");
      Double least = rule.minimumChange() == null ? rule.minimumShare() : rule.minimumChange();
      require(at, least > 0, "must ask for a change above zero");
      if (rule.persistence() != null) {
        between(at + ".persistence", rule.persistence(), Duration.ZERO);
      }
      if (rule.baseline() != null) {
        between(at + ".baseline", rule.baseline(), SHORTEST);
      }
      require(
          at + ".minimumBins",
          rule.minimumBins() == null || rule.minimumBins() >= 2,
          "must be at least 2");
      require(
          at + ".minimumSamplesPerBin",
          rule.minimumSamplesPerBin() == null || rule.minimumSamplesPerBin() >= 1,
          "must be at least 1");
    }
  }

  private void blame(Policy.Blame blame) {
    present("blame", blame);
    between("blame.takesEffect", blame.takesEffect(), Duration.ofMillis(1));
    between("blame.before", blame.before(), Duration.ZERO);
    between("blame.after", blame.after(), Duration.ZERO);
    share("blame.minimumScore", blame.minimumScore());
    share("blame.clearScore", blame.clearScore());
    share("blame.clearMargin", blame.clearMargin());
    present("blame.promptFiles", blame.promptFiles());
    for (int i = 0; i < blame.promptFiles().size(); i++) {
      present("blame.promptFiles[" + i + "]", blame.promptFiles().get(i));
    }
  }

  private void capacity(Policy.Capacity capacity) {
    present("capacity", capacity);
    hotNode(capacity.hotNode());
    loadSkew(capacity.loadSkew());
    present("capacity.limits", capacity.limits());
    capacity
        .limits()
        .forEach(
            (name, limit) -> {
              if (limit != null) {
                limit("capacity.limits." + name, limit);
              }
            });
    present("capacity.pools", capacity.pools());
    for (int i = 0; i < capacity.pools().size(); i++) {
      String at = "capacity.pools[" + i + "]";
      present(at, capacity.pools().get(i));
      pool(at, capacity.pools().get(i));
    }
  }

  private void hotNode(Policy.HotNode hot) {
    present("capacity.hotNode", hot);
    patterns("capacity.hotNode.metrics", hot.metrics());
    require(
        "capacity.hotNode.raiseAt",
        hot.raiseAt() > 0 && hot.raiseAt() <= MOST_PERCENT,
        "is percent: above 0 and at most 650");
    require(
        "capacity.hotNode.clearBelow",
        hot.clearBelow() > 0 && hot.clearBelow() <= hot.raiseAt(),
        "must be above 0 and at most capacity.hotNode.raiseAt, " + hot.raiseAt());
    present("capacity.hotNode.window", hot.window());
    require(
        "capacity.hotNode.minimumBins",
        hot.minimumBins() >= 1 && hot.minimumBins() <= MOST_BINS,
        "must be at least 1 and at most " + MOST_BINS);
  }

  private void loadSkew(Policy.LoadSkew skew) {
    present("capacity.loadSkew", skew);
    patterns("capacity.loadSkew.metrics", skew.metrics());
    between("capacity.loadSkew.window", skew.window(), SHORTEST_BIN);
    require(
        "capacity.loadSkew.window",
        skew.window().compareTo(LONGEST_COUNT) <= 0 && skew.window().toSeconds() % 60 == 0,
        "must be whole minutes, at most " + LONGEST_COUNT.toMinutes());
    require("capacity.loadSkew.minimumRequests", skew.minimumRequests() >= 1, "must be at least 1");
    factor("capacity.loadSkew.most", skew.most(), skew.most() > 1, "above 1");
    require(
        "capacity.loadSkew.least",
        skew.least() >= 0 && skew.least() < 1,
        "must be at least 0 and below 1");
  }

  private void limit(String at, Policy.Limit limit) {
    given(at + ".metric", limit.metric());
    given(at + ".scope", limit.scope());
    require(
        at, limit.floor() != null || limit.ceiling() != null, "names neither floor nor ceiling");
    require(at + ".floor", limit.floor() == null || Double.isFinite(limit.floor()), "is no number");
    require(
        at + ".ceiling",
        limit.ceiling() == null || Double.isFinite(limit.ceiling()),
        "is no number");
    require(
        at + ".floor",
        limit.floor() == null || limit.ceiling() == null || limit.floor() <= limit.ceiling(),
        "lies above its ceiling, " + limit.ceiling());
    between(at + ".persistence", limit.persistence(), Duration.ZERO);
    require(
        at + ".persistence",
        limit.persistence().compareTo(Duration.ofDays(1)) <= 0,
        "must be at most a day");
  }

  private void pool(String at, Policy.Pool pool) {
    given(at + ".scope", pool.scope());
    present(at + ".members", pool.members());
    require(
        at + ".members", pool.members().size() <= MOST_MEMBERS, "must be at most " + MOST_MEMBERS);
    for (int i = 0; i < pool.members().size(); i++) {
      String where = at + ".members[" + i + "]";
      Policy.Member member = pool.members().get(i);
      present(where, member);
      given(where + ".name", member.name());
      require(
          where + ".weight",
          Double.isFinite(member.weight()) && member.weight() >= 0,
          "must not be negative");
      require(where + ".node", member.node() == null || !member.node().isBlank(), "is empty");
    }
    require(
        at + ".members",
        pool.members().stream().map(Policy.Member::name).distinct().count()
            == pool.members().size(),
        "names one of them twice");
    for (int i = 0; i < pool.nodes().size(); i++) {
      given(at + ".nodes[" + i + "]", pool.nodes().get(i));
    }
  }

  private void patterns(String key, List<String> patterns) {
    present(key, patterns);
    for (int i = 0; i < patterns.size(); i++) {
      given(key + "[" + i + "]", patterns.get(i));
    }
  }

  private void present(String key, Object value) {
    require(key, value != null, "is empty");
  }

  private void share(String key, double value) {
    require(key, value >= 0 && value <= 1, "must lie between 0 and 1");
  }

  private void between(String key, Duration value, Duration least) {
    present(key, value);
    require(key, value.compareTo(least) >= 0, "must be at least " + least);
    require(key, value.compareTo(LONGEST) <= 0, "must be at most " + LONGEST.toDays() + " days");
  }

  private void require(String key, boolean holds, String problem) {
    if (!holds) {
      throw new PolicyException(name + ": " + key + " " + problem);
    }
  }
}
