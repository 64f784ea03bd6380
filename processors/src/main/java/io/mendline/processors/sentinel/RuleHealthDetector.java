package io.mendline.processors.sentinel;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds analytics rules of Microsoft Sentinel, scheduled and NRT, that run late, run with trouble,
 * or do not run any more as they are disabled or deleted.
 *
 * <p><b>Method.</b> The distinct records of a rule are judged one after the other, in the order of
 * event time; at one instant a healthy run comes last. A finding stands for an episode and is known
 * by the episode's first record.
 *
 * <ul>
 *   <li>RULE_DELAYED, NRT rules only: a run looked at a stretch of data longer than {@linkplain
 *       Policy.Sentinel#delayWarning 10 minutes} (LOW) or {@linkplain Policy.Sentinel#delay 25}
 *       (MEDIUM, the same finding revised). Sentinel folds the data of a failed NRT run into the
 *       next one, so failed runs in a row, also those that say they {@link ConsolidatedWording
 *       failed after numerous attempts}, are a delay to the failed record: from the begin of the
 *       first one's window, or where it tells of none from the end of the data seen last, or where
 *       no run has been heard of from the first failure. Cleared by a run that ended and was not
 *       late. A run that does not tell its window is not late.
 *   <li>RULE_DEGRADED, one per issue code: a run ended as a partial success, with a warning, or
 *       with issue codes. MEDIUM for a permanent issue; LOW for a transient one, which has to come
 *       with {@linkplain Policy.Sentinel#transientRuns three} runs in a row, and for one that the
 *       record does not name. Cleared by a run that ended without it. A failed run clears nothing,
 *       as it does not show that anything is mended; but it ends a row of runs with an issue that
 *       it does not name.
 *   <li>RULE_DEGRADED, HIGH: {@value #PERMANENT_FAILURES} or more failed runs in a row of one
 *       permanent cause, for which Sentinel disables a rule in the end. It is the finding of that
 *       issue, revised where it was raised already, and again at every doubling.
 *   <li>RULE_AUTO_DISABLED: the rule's name has the prefix {@code AUTO DISABLED}. Where the record
 *       does not say why, the cause is that of the run-up. Cleared by a record without the prefix.
 *       It has a further revision once its rule was changed while it stayed disabled: the cause is
 *       taken to be mended. The write by which Sentinel disables is part of the episode. Cleared by
 *       a change that enables the rule, too, and by any run that ended.
 *   <li>RULE_DISABLED: a change has switched the rule off; HIGH confidence, with who did it. Of low
 *       confidence: a record without that prefix says that the rule is disabled and was not
 *       executed; the record of the change makes it the former. Cleared by a run, a failed one as
 *       well, and by a change that enables the rule. One that was created disabled, or was so
 *       before as well, was not disabled.
 *   <li>RULE_DELETED: a change has deleted the rule. It clears all else. Cleared by any later write
 *       of the rule, or run of it, within {@link #DELETED_KEPT}.
 * </ul>
 *
 * <p>Changes are told by SentinelAudit and by the Azure Activity log, often by both. A change is
 * judged {@link RuleTurn#ECHO} after it was made; what the other log has told of it by then is the
 * same change, of which Sentinel's telling counts, with what only the other says.
 *
 * <p><b>Settled, all of it.</b> Records wait until the watermark has passed them. What comes after
 * its time was judged clears what it would have cleared, if nothing later told of it again, and
 * raises nothing.
 *
 * <p><b>Cost and bound.</b> A step costs a pass over the records that wait. Of a healthy run only
 * its time is kept, and the end of its data, as it may yet turn out to lie between two failures;
 * and where nothing is wrong with the rule, no deadline is set for it: such runs are taken away
 * {@value #HEALTHY_AT_REST} at a time when they are older than {@link #AT_REST}. State of a healthy
 * rule: about 4 bytes for each of at most {@value #HEALTHY_AT_REST} runs and those of the last two
 * and a half hours, that is 100 bytes for an hourly rule, 250 for one of every five minutes, 1.2 KB
 * for an NRT rule with its 7 bytes a run. A record of trouble takes about 60 bytes with its number
 * while it waits, an open finding about 300. At most {@value #MAX_PENDING} records, {@value
 * #MAX_HEALTHY} healthy runs and {@value #MAX_OPEN} open findings are kept, about 70 KB. What is
 * beyond is dropped, the oldest records first, counted in the state and audited at the first and
 * then at every doubling.
 */
public final class RuleHealthDetector implements Detector<RuleHealth> {
  /** So many failed runs in a row of one permanent cause are the run-up to a disabling. */
  static final int PERMANENT_FAILURES = 3;

  /** At most so many records that are not judged yet are kept of a rule, healthy runs apart. */
  static final int MAX_PENDING = 512;

  /** At most so many healthy runs that are not judged yet are kept: of an NRT rule for 34 hours. */
  static final int MAX_HEALTHY = 2_048;

  /** At most so many findings of a rule are open. */
  static final int MAX_OPEN = 64;

  /** So many healthy runs that are surely judged may lie about; with one more they go. */
  static final int HEALTHY_AT_REST = 16;

  /**
   * So long before a rule's newest run the watermark has mostly passed. Nothing but the number of
   * deadlines depends on it.
   */
  static final Duration AT_REST = Source.SENTINEL.defaultLateness().plusMinutes(30);

  /** How long after it was deleted a rule may come back and clear the finding. */
  static final Duration DELETED_KEPT = Duration.ofDays(30);

  private static final int SOURCES = Source.SENTINEL.bit();

  private final RuleRunReader reader;
  private final RuleHealthCodec codec = new RuleHealthCodec();

  /**
   * A detector.
   *
   * @param catalogue what says why a run failed, and what an issue code means
   */
  public RuleHealthDetector(CauseCatalogue catalogue) {
    this.reader = new RuleRunReader(new Causes(catalogue));
  }

  @Override
  public StateKey keyOf(Message message) {
    return RuleKeys.of(message, RuleKeys::isOfRule);
  }

  @Override
  public int sources(RuleHealth state) {
    return SOURCES;
  }

  @Override
  public int clocks() {
    return SOURCES;
  }

  @Override
  public StateCodec<RuleHealth> codec() {
    return codec;
  }

  @Override
  public Step<RuleHealth> step(StateKey key, RuleHealth before, Input input, View view) {
    RuleHealth state = before == null ? new RuleHealth() : before;
    RuleJudgement judgement = new RuleJudgement(key, state, view);
    long droppedBefore = state.dropped;
    if (input instanceof Input.Due due) {
      judgement.upTo(due.at());
      state.open.removeIf(trouble -> forgottenAt(trouble) <= due.at());
      return step(key, state, droppedBefore, due.at(), null, judgement.outputs());
    }
    Input.Arrived arrived = (Input.Arrived) input;
    RuleRun run = reader.read((Signal) arrived.message());
    // After a restart no watermark has been heard yet, so nothing counts as late: hence the second.
    if (arrived.late() || run.time() <= state.judgedUntil) {
      judgement.late(run);
    } else if (run.healthy(view.policy(run.time()).sentinel().delayWarning())) {
      state.keep(new HealthyRun(run.time(), run.nrt(), run.windowEnd()));
    } else {
      state.keep(run);
    }
    keepBounds(state);
    return step(key, state, droppedBefore, run.time(), run.rule(), judgement.outputs());
  }

  private static Step<RuleHealth> step(
      StateKey key,
      RuleHealth state,
      long droppedBefore,
      long at,
      RuleRun.Rule rule,
      List<Output> told) {
    List<Output> outputs = new ArrayList<>(told);
    // Told at 1, 2, 4, 8 and so on: what overflows once overflows often.
    if (Long.highestOneBit(state.dropped) > droppedBefore) {
      outputs.add(new Output.Noted(key.route(), overflow(key, state, at, rule)));
    }
    if (state.isEmpty()) {
      return outputs.isEmpty() ? Step.gone() : new Step<>(state, outputs, at + 1);
    }
    return new Step<>(state, outputs, wakeAt(state));
  }

  /** A deleted rule mostly stays so, and nothing more is heard of it. */
  private static long forgottenAt(RuleTrouble trouble) {
    return trouble.kind == FindingKind.RULE_DELETED
        ? trouble.raisedAt + DELETED_KEPT.toMillis()
        : Step.NEVER;
  }

  private static long wakeAt(RuleHealth state) {
    long wakeAt = state.pending.isEmpty() ? Step.NEVER : state.pending.get(0).time();
    for (RuleTrouble trouble : state.open) {
      wakeAt = Math.min(wakeAt, forgottenAt(trouble));
    }
    if (state.healthy.isEmpty()) {
      return wakeAt;
    }
    if (state.troubled()) {
      return Math.min(wakeAt, state.healthy.get(0).time());
    }
    int last = state.healthy.size() - 1;
    long resting = state.healthy.get(last).time() - AT_REST.toMillis();
    if (last < HEALTHY_AT_REST || state.healthy.get(HEALTHY_AT_REST).time() > resting) {
      return wakeAt;
    }
    return Math.min(wakeAt, state.healthy.get(HEALTHY_AT_REST).time());
  }

  private static void keepBounds(RuleHealth state) {
    while (state.pending.size() > MAX_PENDING) {
      state.pending.remove(0);
      state.dropped++;
    }
    while (state.healthy.size() > MAX_HEALTHY) {
      state.healthy.remove(0);
      state.dropped++;
    }
  }

  private static AuditEntry overflow(StateKey key, RuleHealth state, long at, RuleRun.Rule rule) {
    Map<String, String> detail = new TreeMap<>();
    detail.put("dropped", Long.toString(state.dropped));
    detail.put("maxPending", Integer.toString(MAX_PENDING));
    detail.put("maxHealthy", Integer.toString(MAX_HEALTHY));
    detail.put("maxOpen", Integer.toString(MAX_OPEN));
    return AuditEntry.newBuilder()
        .setAt(Instant.ofEpochMilli(at))
        .setActor("rule-health")
        .setAction("DROP_STATE")
        .setResource(
            Resource.newBuilder()
                .setType(ResourceType.SENTINEL_RULE)
                .setId(key.id())
                .setName(rule == null ? null : rule.name())
                .setWorkspace(rule == null ? null : rule.workspace())
                .setTenant(rule == null ? null : rule.tenant())
                .build())
        .setWhy("more records wait for the watermark, or more findings are open, than are kept")
        .setHow("the oldest records are dropped; no further finding is raised")
        .setDetail(detail)
        .setStatus("OVERFLOW")
        .build();
  }
}
