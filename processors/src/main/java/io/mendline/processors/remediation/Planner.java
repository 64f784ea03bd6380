package io.mendline.processors.remediation;

import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides what to ask for when a trouble has shown itself once more.
 *
 * <p>Pure: the trouble as it stood at an event time, how many attempts were made, and the policy at
 * that time decide. A transient cause is tried again within the ladder of its action, and so is one
 * that nobody named; a permanent one never is, because a doomed retry costs money and hides the
 * cause.
 */
public final class Planner {
  /** Sentinel replays windows up to seven days back. */
  static final Duration REPLAY_REACH = Duration.ofDays(7);

  /** A rule that misses more windows than this one after the other is asked to replay no more. */
  static final int MOST_REPLAYED = 288;

  /** Attempts are spread by up to this share of their back-off, by the hash of their id. */
  private static final int JITTER_DIVISOR = 5;

  private static final int COMMAND_DIGEST = 12;

  /** Causes that a restart of the cluster takes away, as the catalogue of causes names them. */
  private static final Set<String> DRIVER_CAUSES =
      Set.of(
          "databricks/DRIVER_ERROR", "databricks/driver-unreachable", "jvm/driver-out-of-memory");

  private Planner() {}

  /**
   * The next step.
   *
   * @param trouble as it stood at {@code at}
   * @param known what else was known then
   * @param attempts how many commands were asked for already
   * @param at when it showed itself, epoch milliseconds of event time
   */
  public static Plan next(
      String incidentId, Trouble trouble, Known known, int attempts, long at, Policy policy) {
    return switch (trouble.kind()) {
      case RUN_FAILED -> repair(incidentId, trouble, known, attempts, at, policy);
      case RUN_DEGRADED ->
          new Plan.Tell("most of it went well: what failed is named, the whole is not repaired");
      case MISSED_RUN -> runNow(incidentId, trouble, attempts, at, policy);
      case SKIPPED_WINDOW -> replay(incidentId, trouble, known, attempts, at, policy);
      case RULE_AUTO_DISABLED -> enable(incidentId, trouble, known, attempts, at, policy);
      case RULE_DISABLED -> new Plan.Tell("nobody but who switched it off knows what for");
      case RULE_DELETED -> new Plan.Tell("nobody but who deleted it knows what for");
      case CACHE_REGRESSION, METRIC_REGRESSION ->
          rollback(incidentId, trouble, attempts, at, policy);
      case CHECK_FAILED -> checked(incidentId, trouble, attempts, at, policy);
      case RUN_STUCK -> cancel(incidentId, trouble, attempts, at, policy);
      case RUN_SKIPPED -> new Plan.Tell(skipped(trouble));
      case RUN_SLOW ->
          new Plan.Tell(
              "look at what has changed by then: code, the amount of data, the cluster, or a job"
                  + " beside it");
      case PARTITION_MISSING -> backfill(incidentId, trouble, attempts, at, policy);
      case HOT_NODE -> rebalance(incidentId, trouble, attempts, at, policy);
      case LOAD_SKEW ->
          new Plan.Tell(
              trouble.cause() == null || trouble.cause().hint() == null
                  ? "look at how the load balancer picks a member, and at members that were added,"
                      + " taken away or are unhealthy"
                  : trouble.cause().hint());
      case METRIC_BREACHED ->
          new Plan.Tell("look at what has changed by then, and at what the metric hangs on");
      case RECURRING_ROOT_CAUSE -> new Plan.Tell("the same cause keeps coming back");
      case SOURCE_SILENT ->
          new Plan.Tell(
              "nothing is known of its rules until it is heard again: look at its diagnostic"
                  + " settings and at the event hub that they write to");
      default -> new Plan.Tell("there is no remedy for " + trouble.kind());
    };
  }

  /** The id of a command: the incident's, and a digest of action and attempt. */
  static String commandId(String incidentId, Action action, int attempt) {
    return incidentId + "-" + Ids.digest(incidentId, action, attempt).substring(0, COMMAND_DIGEST);
  }

  /** The id of the incident that a command was made for, or null when this is no command's id. */
  public static String incidentOf(String commandId) {
    int end = commandId == null ? -1 : commandId.lastIndexOf('-');
    return end > 0 && commandId.indexOf('-') < end ? commandId.substring(0, end) : null;
  }

  private static Plan repair(
      String incidentId, Trouble trouble, Known known, int attempts, long at, Policy policy) {
    if (trouble.attributes().containsKey("judgedBy")) {
      return new Plan.Escalate(
          AlertTrigger.PERMANENT_CAUSE,
          "the platform takes the run for a success and has nothing to repair: run again what"
              + " failed");
    }
    if (attempts == 0 && isOfSharedDriver(trouble)) {
      return restartCluster(incidentId, trouble, at, policy);
    }
    // What failed for want of what another job was to make, may fail with any error.
    boolean lasts = !trouble.isTransient() && !(attempts == 0 && known.upstreamMended());
    if (lasts && "NOTIFICATION".equals(trouble.attributes().get("toldBy"))) {
      return new Plan.Escalate(
          AlertTrigger.MISSING_EVIDENCE, "nothing that tells of it says why: look at the run");
    }
    if (lasts) {
      return permanent(trouble);
    }
    if (trouble.subject().type() == ResourceType.DATABRICKS_PIPELINE) {
      return restart(incidentId, trouble, attempts, at, policy);
    }
    if ("RUN_JOB_TASK".equals(trouble.attributes().get("trigger"))) {
      return new Plan.Tell(
          "not repaired: a task of another job started it, and a repair of that run starts it again");
    }
    if (isDoomed(known)) {
      return doomed(trouble, known);
    }
    Map<String, String> parameters = new TreeMap<>();
    copy(trouble, "runId", parameters);
    copy(trouble, "repairId", "latestRepairId", parameters);
    copy(trouble, Policy.FAILED_TASKS, parameters);
    parameters.put("rerunAllFailedTasks", "true");
    Plan plan =
        attempt(incidentId, Action.REPAIR_RUN, trouble, attempts, at, parameters, null, policy);
    String odds = known.repairs().text();
    return plan instanceof Plan.Attempt wanted && odds != null
        ? wanted.because(wanted.reason() + "; " + odds)
        : plan;
  }

  /** What failed for want of what another job was to make is another matter once that is there. */
  private static boolean isDoomed(Known known) {
    return known.repairs().isDoomed() && !known.upstreamMended();
  }

  /** The cause may pass by itself, but experience says that it does not. */
  private static Plan doomed(Trouble trouble, Known known) {
    String hint = trouble.cause().hint();
    return new Plan.Escalate(
        AlertTrigger.PERMANENT_CAUSE,
        "a retry is doomed: " + known.repairs().text() + (hint == null ? "" : ": " + hint));
  }

  /** Whether the driver of a cluster on which others run too is out of memory or out of reach. */
  private static boolean isOfSharedDriver(Trouble trouble) {
    return trouble.cause() != null
        && DRIVER_CAUSES.contains(trouble.cause().key())
        && "ALL_PURPOSE".equals(trouble.attributes().get("clusterType"));
  }

  /**
   * Such a driver stays as it is until its cluster is restarted, which ends what others run there:
   * once, and with approval.
   */
  private static Plan restartCluster(String incidentId, Trouble trouble, long at, Policy policy) {
    Map<String, String> parameters = new TreeMap<>();
    copy(trouble, "clusterId", parameters);
    copy(trouble, "runId", parameters);
    Plan plan =
        attempt(incidentId, Action.RESTART_CLUSTER, trouble, 0, at, parameters, null, policy);
    return plan instanceof Plan.Attempt wanted
        ? wanted
            .once()
            .because(
                trouble.cause().title()
                    + ", and others run on the cluster too: a restart ends what they run, then"
                    + " repair the run")
        : plan;
  }

  /**
   * A new update. One that fails, too, is a trouble of its own, so how often it was tried is how
   * many have failed in a row.
   */
  private static Plan restart(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    int failed = Integer.parseInt(trouble.attributes().getOrDefault("failedInRow", "1"));
    Map<String, String> parameters = new TreeMap<>();
    copy(trouble, "pipelineId", parameters);
    copy(trouble, "runId", "updateId", parameters);
    parameters.put("fullRefresh", "false");
    return attempt(
        incidentId,
        Action.RESTART_PIPELINE,
        trouble,
        Math.max(attempts, failed - 1),
        at,
        parameters,
        null,
        policy);
  }

  /**
   * The run that was missed, started by hand, once, and only while nothing else has started the job
   * or is about to.
   */
  private static Plan runNow(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    if (attempts > 0) {
      return exhausted(attempts);
    }
    String later = trouble.attributes().get("laterRunAt");
    if (later != null) {
      return new Plan.Tell("not started: the job was started again at " + later);
    }
    String jobId = trouble.attributes().get("jobId");
    if (jobId == null) {
      return new Plan.Tell("not started: its finding does not name the job");
    }
    String next = trouble.attributes().get("nextExpectedAt");
    long nextAt = next == null ? Long.MAX_VALUE : Instant.parse(next).toEpochMilli();
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("jobId", jobId);
    Plan plan =
        attempt(incidentId, Action.RUN_NOW, trouble, attempts, at, parameters, null, policy);
    if (!(plan instanceof Plan.Attempt wanted)) {
      return plan;
    }
    return wanted.due() >= nextAt
        ? new Plan.Tell("not started: the next run was expected at " + next)
        : wanted.once().because(trouble.summary()).until(Math.min(wanted.expiresAt(), nextAt));
  }

  /** A run is cancelled once at most: one that does not end by that needs a person. */
  private static Plan cancel(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    if (attempts > 0) {
      return exhausted(attempts);
    }
    Map<String, String> parameters = new TreeMap<>();
    copy(trouble, "runId", parameters);
    return attempt(
        incidentId,
        Action.CANCEL_RUN,
        trouble,
        attempts,
        at,
        parameters,
        "run the job again",
        policy);
  }

  private static String skipped(Trouble trouble) {
    return switch (trouble.attributes().getOrDefault("limit", "")) {
      case "MAX_CONCURRENT_RUNS" ->
          "look at the run that was still going: it takes longer than the schedule leaves it, or"
              + " max_concurrent_runs is too low";
      case "MAX_JOB_QUEUE_SIZE" -> "look at why the runs in its queue do not get their turn";
      default -> "look at the run's page for why it was not started";
    };
  }

  private static Plan replay(
      String incidentId, Trouble trouble, Known known, int attempts, long at, Policy policy) {
    if (!trouble.isTransient()) {
      return permanent(trouble);
    }
    String gone = gone(known);
    if (gone != null) {
      return new Plan.Tell("not replayed: " + gone);
    }
    if (attempts > 0) {
      return exhausted(attempts);
    }
    if (Integer.parseInt(trouble.attributes().getOrDefault("gapPlace", "1")) > MOST_REPLAYED) {
      return new Plan.Tell(
          "not replayed: it has missed so many windows in a row that it counts as stopped");
    }
    if ("0".equals(trouble.attributes().get("uncoveredSeconds"))) {
      return new Plan.Tell("nothing to replay: a later run has looked at the same data");
    }
    Map<String, String> parameters = new TreeMap<>();
    ofRule(trouble, parameters);
    if (trouble.windowStart() != Trouble.NONE) {
      parameters.put("windowStart", Instant.ofEpochMilli(trouble.windowStart()).toString());
    }
    if (trouble.windowEnd() != Trouble.NONE) {
      String end = Instant.ofEpochMilli(trouble.windowEnd()).toString();
      parameters.put("windowEnd", end);
      parameters.put("executionTimeUtc", end);
    }
    Plan plan =
        attempt(incidentId, Action.REPLAY_WINDOW, trouble, attempts, at, parameters, null, policy);
    return plan instanceof Plan.Attempt wanted ? inTime(trouble, wanted) : plan;
  }

  /**
   * A step that is due later than was planned, or not at all any more.
   *
   * @param known what is known now
   */
  public static Plan recheck(Trouble trouble, Known known, Plan.Attempt planned) {
    return switch (planned.action()) {
      case REPLAY_WINDOW -> {
        String gone = gone(known);
        yield gone == null ? inTime(trouble, planned) : new Plan.Tell("not replayed: " + gone);
      }
      case REPAIR_RUN -> isDoomed(known) ? doomed(trouble, known) : planned;
      default -> planned;
    };
  }

  /** The replay as long as Sentinel does it. */
  private static Plan inTime(Trouble trouble, Plan.Attempt wanted) {
    long reach =
        (trouble.windowEnd() == Trouble.NONE ? trouble.occurredAt() : trouble.windowEnd())
            + REPLAY_REACH.toMillis();
    if (wanted.due() > reach) {
      return new Plan.Escalate(
          AlertTrigger.ATTEMPTS_EXHAUSTED,
          "the window lies more than seven days back, further than Sentinel replays");
    }
    return wanted.until(Math.min(wanted.expiresAt(), reach));
  }

  /** Why a rule that is known not to run cannot replay anything; null of all others. */
  private static String gone(Known known) {
    return switch (known.standing()) {
      case DISABLED -> "the rule is switched off";
      case DELETED -> "the rule was deleted";
      case ENABLED, UNKNOWN -> null;
    };
  }

  /**
   * Sentinel disables what fails again and again for a permanent cause, and would do so again: it
   * is enabled only when the cause is taken to be gone.
   */
  private static Plan enable(
      String incidentId, Trouble trouble, Known known, int attempts, long at, Policy policy) {
    String editedBy = trouble.attributes().getOrDefault("editedBy", "somebody");
    String mended =
        known.fix() != null
            ? "the cause is said to be mended: " + known.fix()
            : trouble.attributes().containsKey("editedAt")
                ? "it was changed by " + editedBy + " while it was disabled"
                : null;
    if (mended == null) {
      String hint = trouble.cause() == null ? null : trouble.cause().hint();
      return new Plan.Escalate(
          AlertTrigger.PERMANENT_CAUSE,
          "it stays disabled until the cause is mended" + (hint == null ? "" : ": " + hint));
    }
    Map<String, String> parameters = new TreeMap<>();
    ofRule(trouble, parameters);
    Plan plan =
        attempt(
            incidentId,
            Action.ENABLE_RULE,
            trouble,
            attempts,
            at,
            parameters,
            "disable the rule again",
            policy);
    return plan instanceof Plan.Attempt wanted
        ? wanted.because(mended + "; attempt " + wanted.attempt() + " of " + wanted.maxAttempts())
        : plan;
  }

  /**
   * The backfill of a partition, once the layers below it are there. It is tried as often as the
   * policy says, and no oftener than the table's own count leaves.
   *
   * <p>Of partitions that were told of at once the oldest is due first, by a millisecond a day.
   */
  private static Plan backfill(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    Map<String, String> of = trouble.attributes();
    if (of.containsKey("retriesUsedUp")) {
      return new Plan.Escalate(
          AlertTrigger.ATTEMPTS_EXHAUSTED,
          "its control table has counted "
              + of.get("retryCount")
              + " of "
              + of.get("maxRetryCount")
              + " backfills: mend the cause, then lower RetryCount, or say that no backfill is"
              + " required");
    }
    String waitsFor = of.get("waitsFor");
    if (waitsFor != null) {
      return new Plan.Wait("waits for " + waitsFor + " of the same day");
    }
    Policy.Backfill backfill = policy.partitions().backfill(of.get("dataset"), of.get("layer"));
    if (backfill == null) {
      return new Plan.Escalate(
          AlertTrigger.MISSING_EVIDENCE,
          "nobody says what backfills it: name a job or pipeline under partitions.backfills of the"
              + " policy");
    }
    int most = mostBackfills(of, policy);
    if (attempts >= most) {
      return exhausted(attempts);
    }
    Map<String, String> parameters =
        backfill.of(of.get("dataset"), of.get("layer"), of.get("partitionDate"));
    Plan plan =
        attempt(
            incidentId, Action.BACKFILL_PARTITION, trouble, attempts, at, parameters, null, policy);
    if (!(plan instanceof Plan.Attempt wanted)) {
      return plan;
    }
    long inTurn = LocalDate.parse(of.get("partitionDate")).toEpochDay();
    long due =
        at + policy.rules(wanted.action()).backOff(wanted.attempt(), null).toMillis() + inTurn;
    return wanted
        .later(due - wanted.due())
        .atMost(most)
        .because(trouble.summary() + "; attempt " + wanted.attempt() + " of " + most);
  }

  /** How many backfills the policy allows, and the table since it was found. */
  private static int mostBackfills(Map<String, String> of, Policy policy) {
    int most = policy.rules(Action.BACKFILL_PARTITION).maxAttempts();
    String bound = of.get("maxRetryCount");
    if (bound == null) {
      return most;
    }
    long left = Long.parseLong(bound) - Long.parseLong(of.get("retryCountBefore"));
    return (int) Math.min(most, left);
  }

  /** What a check finds is for people: nobody knows how to mend it but who wrote the check. */
  private static Plan checked(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    if (trouble.jobCheck() != null) {
      return ofJob(incidentId, trouble, attempts, at, policy);
    }
    String category = trouble.attributes().getOrDefault("category", "");
    if (category.contains("security")) {
      return new Plan.Escalate(
          AlertTrigger.SECURITY_FINDING, "a security check did not pass: " + trouble.summary());
    }
    return "PARTIAL".equals(trouble.attributes().get("status"))
        ? new Plan.Escalate(AlertTrigger.PARTIAL_CHECKS, "a part of it did not pass")
        : new Plan.Tell("it stands until the check passes");
  }

  /** What the job is set to is for people, until a run has failed that a retry may have mended. */
  private static Plan ofJob(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    if (!trouble.attributes().containsKey(JobRetries.FAILED_RUN)) {
      return new Plan.Tell(trouble.jobCheck().remedy());
    }
    if (JobRetries.isOfBundle(trouble)) {
      return new Plan.Escalate(AlertTrigger.NONE, JobRetries.inBundle(trouble));
    }
    Plan plan =
        attempt(
            incidentId,
            Action.UPDATE_JOB_SETTINGS,
            trouble,
            attempts,
            at,
            JobRetries.parameters(trouble),
            JobRetries.ROLLBACK,
            policy);
    return plan instanceof Plan.Attempt wanted
        ? wanted.because(
            trouble.summary() + "; attempt " + wanted.attempt() + " of " + wanted.maxAttempts())
        : plan;
  }

  private static void ofRule(Trouble trouble, Map<String, String> parameters) {
    parameters.put("ruleId", trouble.subject().id());
    if (trouble.subject().workspace() != null) {
      parameters.put("workspace", trouble.subject().workspace());
    }
  }

  private static Plan rollback(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    Trouble.Blamed suspect = trouble.suspect();
    if (suspect == null) {
      return new Plan.Escalate(
          AlertTrigger.MISSING_EVIDENCE, "no change near the onset explains it");
    }
    if (!suspect.clear()) {
      return new Plan.Escalate(
          AlertTrigger.MISSING_EVIDENCE,
          "several changes may explain it; the likeliest is \"" + suspect.title() + "\"");
    }
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("changeId", suspect.changeId());
    parameters.put("changeTitle", suspect.title());
    parameters.put("changedAt", Instant.ofEpochMilli(suspect.at()).toString());
    if (suspect.url() != null) {
      parameters.put("changeUrl", suspect.url());
    }
    return attempt(
        incidentId,
        Action.ROLLBACK_CHANGE,
        trouble,
        attempts,
        at,
        parameters,
        "deploy the change again: " + suspect.changeId(),
        policy);
  }

  /** The members of a pool spread anew, once: whether that was enough the hot-node P95 shows. */
  private static Plan rebalance(
      String incidentId, Trouble trouble, int attempts, long at, Policy policy) {
    RebalancePlan moves = RebalancePlan.of(trouble.attributes(), pool(trouble, policy));
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("pool", trouble.subject().id());
    copy(trouble, "metric", parameters);
    copy(trouble, "hotNode", parameters);
    copy(trouble, "hotNodeP95", parameters);
    copy(trouble, "hotNodeP95", "stopAbove", parameters);
    if (!moves.steps().isEmpty()) {
      parameters.put("plan", moves.toJson());
      parameters.put("afterwards", RebalancePlan.AFTERWARDS);
    }
    Plan plan =
        attempt(
            incidentId,
            Action.REBALANCE_POOL,
            trouble,
            attempts,
            at,
            parameters,
            "move the members back in the reverse order",
            policy);
    return plan instanceof Plan.Attempt wanted
        ? wanted.because(trouble.summary() + "; " + moves.text())
        : plan;
  }

  private static Policy.Pool pool(Trouble trouble, Policy policy) {
    return policy.capacity().pool(trouble.subject().id());
  }

  private static Plan attempt(
      String incidentId,
      Action action,
      Trouble trouble,
      int attempts,
      long at,
      Map<String, String> parameters,
      String rollback,
      Policy policy) {
    Policy.ActionRules rules = policy.rules(action);
    if (attempts >= rules.maxAttempts()) {
      return exhausted(attempts);
    }
    int attempt = attempts + 1;
    String commandId = commandId(incidentId, action, attempt);
    String category = trouble.cause() == null ? null : trouble.cause().category();
    long backOff = Math.max(rules.backOff(attempt, category).toMillis(), asTold(trouble));
    long due = at + backOff + jitter(commandId, backOff);
    String repeats =
        policy.destructive(action, trouble.subject().name(), parameters.get(Policy.FAILED_TASKS));
    String why =
        trouble.cause() == null
            ? trouble.summary()
            : (trouble.isTransient() ? "passing cause: " : "") + trouble.cause().title();
    return new Plan.Attempt(
        commandId,
        action,
        attempt,
        rules.maxAttempts(),
        due,
        due + rules.expiresAfter().toMillis(),
        parameters,
        why + "; attempt " + attempt + " of " + rules.maxAttempts() + repeated(repeats),
        rollback);
  }

  private static String repeated(String name) {
    return name == null ? "" : "; it would repeat " + name + ", which may destroy something";
  }

  /** How long whoever refused the work has asked to be left alone, milliseconds; 0 where not. */
  private static long asTold(Trouble trouble) {
    String told = trouble.attributes().get("retryAfterSeconds");
    return told == null ? 0 : Duration.ofSeconds(Long.parseLong(told)).toMillis();
  }

  private static Plan exhausted(int attempts) {
    return new Plan.Escalate(
        AlertTrigger.ATTEMPTS_EXHAUSTED,
        attempts == 1
            ? "the one attempt did not help"
            : "all " + attempts + " attempts are used up");
  }

  private static Plan permanent(Trouble trouble) {
    String hint = trouble.cause() == null ? null : trouble.cause().hint();
    return new Plan.Escalate(
        AlertTrigger.PERMANENT_CAUSE,
        hint == null ? "a retry cannot help" : "a retry cannot help: " + hint);
  }

  private static long jitter(String commandId, long backOff) {
    long spread = backOff / JITTER_DIVISOR;
    return spread == 0 ? 0 : Math.floorMod((long) commandId.hashCode(), spread);
  }

  private static void copy(Trouble trouble, String attribute, Map<String, String> to) {
    copy(trouble, attribute, attribute, to);
  }

  private static void copy(
      Trouble trouble, String attribute, String parameter, Map<String, String> to) {
    String value = trouble.attributes().get(attribute);
    if (value != null) {
      to.put(parameter, value);
    }
  }
}
