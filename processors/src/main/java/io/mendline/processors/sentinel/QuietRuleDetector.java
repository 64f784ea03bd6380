package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.ConnectorTrouble;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.sentinel.RuleRhythm.Hour;
import io.mendline.processors.sentinel.RuleRhythm.Open;
import io.mendline.processors.sentinel.RuleRhythm.Run;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Finds analytics rules of Microsoft Sentinel, scheduled and NRT, that run well and return nothing
 * any more, though by their own rhythm they should: the data that they look at has stopped, or
 * changed.
 *
 * <p><b>Method.</b> What is looked at is whether a rule returned anything in an hour, not how much:
 * counts are noise. Successful runs count that say how many results they had; a partial success
 * counts where it had some, as trouble may be why it had none. A run that did not happen says
 * nothing, and so does an hour with fewer than half of the runs that the rule's frequency promises.
 * The last four weeks before the last results are what the rule's hours of the week are learnt from
 * ({@link QuietStreak}, which has the method and its sources). A silence counts when its
 * probability under that rhythm is at most one in a million (in proportion more for rules that run
 * less than hourly), stretched by how bursty the rule's results are; when no silence of those four
 * weeks was two fifths as surprising; when it has six hours or more with runs; and, but for rules
 * that nearly always have results, when it is unlikely even without its worst day, so that a
 * holiday is none. A rule is judged once three weeks of it are known, with results on five days or
 * more.
 *
 * <p>One finding a silence, known by the last results before it. Cleared by the next results, which
 * also takes the silence out of the rhythm; or, as relearned, {@link #RELEARNED_AFTER} after its
 * onset: then that is the rule's level, and it is learnt anew. So it is when the rule's frequency
 * or look-back changes.
 *
 * <p>A connector of the workspace is named that failed or fell silent up to {@link #LOOK_BACK}
 * before the last results (for a rule looks back) and {@link #TOLD_LATER} after the onset (for
 * errors that may pass are told after an hour) and was not well again by the onset: of several the
 * last before the onset, else the first after it.
 *
 * <p><b>Settled</b>: hours are judged when the watermark has passed their end, and results while a
 * finding is open when it has passed their minute. Late results clear; late runs without results
 * are not taken.
 *
 * <p><b>Cost and bound.</b> A rule that returns something every few hours, or hardly ever anything,
 * costs a deadline for every {@value #AT_REST} hours with runs; one in a longer silence costs one
 * each hour, with three passes over four weeks of bits. State: two bits for each hour of six weeks,
 * and about 25 bytes for each hour that waits (40 for an NRT rule); 500 bytes for a healthy rule.
 * At most {@value #MAX_WAITING} hours wait, about 40 KB; of more, the oldest is judged before its
 * time and raises nothing, which is counted, and audited at the first and then at every doubling. A
 * rule that was not heard of for {@link #MEMORY} is forgotten.
 */
public final class QuietRuleDetector implements Detector<RuleRhythm> {
  /** So long after its onset a silence is the rule's new level. */
  static final Duration RELEARNED_AFTER = Duration.ofDays(14);

  /** A connector's trouble that began so long before the last results may be the reason. */
  static final Duration LOOK_BACK = Duration.ofHours(24);

  /** A connector's trouble that was told so long after the onset may be the reason. */
  static final Duration TOLD_LATER = Duration.ofHours(2);

  /** A rule of which nothing was heard for so long is forgotten. */
  static final Duration MEMORY = Duration.ofHours(RuleRhythm.HOURS);

  /** At most so many hours that the watermark has not passed are kept of a rule. */
  static final int MAX_WAITING = RuleRhythm.HOURS;

  /** So many hours that could be judged may lie about; with one more they are. */
  static final int AT_REST = 8;

  /**
   * So many hours before a rule's newest run the watermark has mostly passed. Nothing but the
   * number of deadlines depends on it.
   */
  private static final int MOSTLY_PASSED = 3;

  private static final int SOURCES = Source.SENTINEL.bit();

  private final StateCodec<RuleRhythm> codec = new RuleRhythmCodec();

  @Override
  public StateKey keyOf(Message message) {
    return message instanceof Signal signal
            && signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof SentinelHealth row
            && row.resourceType() == SentinelHealth.ResourceType.ANALYTICS_RULE
            && saysWhetherResults(row)
        ? new StateKey(signal.route(), row.resourceId())
        : null;
  }

  private static boolean saysWhetherResults(SentinelHealth row) {
    return row.status() == Status.SUCCESS
        ? row.queryResultAmount() >= 0
        : row.status() == Status.PARTIAL_SUCCESS && row.queryResultAmount() > 0;
  }

  @Override
  public int sources(RuleRhythm state) {
    return SOURCES;
  }

  @Override
  public int clocks() {
    return SOURCES;
  }

  @Override
  public StateCodec<RuleRhythm> codec() {
    return codec;
  }

  @Override
  public Step<RuleRhythm> step(StateKey key, RuleRhythm before, Input input, View view) {
    RuleRhythm state = before == null ? new RuleRhythm() : before;
    List<Output> outputs = new ArrayList<>();
    if (input instanceof Input.Due due) {
      judge(key, state, due.at(), view, outputs);
      return forgottenAt(state) <= due.at() && outputs.isEmpty()
          ? Step.gone()
          : new Step<>(state, outputs, Math.max(due.at() + 1, wakeAt(state)));
    }
    Input.Arrived arrived = (Input.Arrived) input;
    Signal signal = (Signal) arrived.message();
    SentinelHealth row = (SentinelHealth) ((Payload.Observed) signal.payload()).record();
    Run run =
        new Run(
            signal.eventTime(),
            signal.contentId(),
            new RunFact.Rule(
                row.name(), row.workspace(), row.tenant(), frequency(row), row.periodMillis()),
            signal.at());
    boolean something = row.queryResultAmount() > 0;
    // After a restart no watermark has been heard yet, so nothing counts as late: hence the second.
    if (arrived.late() || RuleRhythm.hourOf(run.time()) < state.judged) {
      late(key, state, run, something, view, outputs);
    } else {
      state.waiting(RuleRhythm.hourOf(run.time())).add(run, something);
      keepBounds(key, state, run, view, outputs);
    }
    return state.waiting.isEmpty() && state.newest == null
        ? Step.gone()
        : new Step<>(state, outputs, wakeAt(state));
  }

  /** An NRT rule runs every minute, and need not say so. */
  private static long frequency(SentinelHealth row) {
    boolean nrt =
        row.ruleKind() == SentinelHealth.RuleKind.NRT
            || row.operation() == SentinelHealth.Operation.NRT_RULE_RUN;
    return nrt && row.frequencyMillis() <= 0 ? RuleRhythm.MINUTE_MILLIS : row.frequencyMillis();
  }

  private static void late(
      StateKey key, RuleRhythm state, Run run, boolean something, View view, List<Output> outputs) {
    if (!something) {
      return;
    }
    boolean after = state.open != null && run.time() > state.open.lastResult;
    if (after) {
      long minute = minuteOf(run.time());
      long at = Math.max(minute, state.open.raisedAt) + RuleRhythm.MINUTE_MILLIS;
      clear(key, state, minute, at, state.quietRuns, QuietRules.Because.RECOVERED, view, outputs);
    }
    if (RuleRhythm.hourOf(run.time()) < state.judged) {
      state.noteLate(run.time());
    } else {
      state.waiting(RuleRhythm.hourOf(run.time())).add(run, true);
    }
  }

  private static long minuteOf(long time) {
    return Math.floorDiv(time, RuleRhythm.MINUTE_MILLIS) * RuleRhythm.MINUTE_MILLIS;
  }

  private static void keepBounds(
      StateKey key, RuleRhythm state, Run run, View view, List<Output> outputs) {
    while (state.waiting.size() > MAX_WAITING) {
      Hour first = state.waiting.get(0);
      if (state.open != null && first.returned != 0) {
        recover(key, state, first, view, outputs);
      }
      state.judgeFirst();
      state.early++;
      // Told at 1, 2, 4, 8 and so on: what overflows once overflows often.
      if (Long.bitCount(state.early) == 1) {
        outputs.add(new Output.Noted(key.route(), overflow(key, state, run)));
      }
    }
  }

  /** Judges all that is due by an instant, in the order of event time. */
  private static void judge(
      StateKey key, RuleRhythm state, long at, View view, List<Output> outputs) {
    while (true) {
      long judgedAt = state.waiting.isEmpty() ? RuleRhythm.NEVER : state.waiting.get(0).end();
      Hour result = firstResult(state);
      long recoveredAt = result == null ? RuleRhythm.NEVER : recoveredAt(result);
      long relearnedAt = relearnedAt(state);
      if (Math.min(judgedAt, Math.min(recoveredAt, relearnedAt)) > at) {
        return;
      }
      if (recoveredAt <= judgedAt && recoveredAt <= relearnedAt) {
        recover(key, state, result, view, outputs);
      } else if (judgedAt <= relearnedAt) {
        Hour hour = state.judgeFirst();
        if (state.open == null && hour.returned == 0) {
          raise(key, state, hour.end(), view, outputs);
        }
      } else {
        relearn(key, state, relearnedAt, view, outputs);
      }
    }
  }

  /** The first hour with results that waits while a finding is open, or null. */
  private static Hour firstResult(RuleRhythm state) {
    if (state.open != null) {
      for (Hour hour : state.waiting) {
        if (hour.returned != 0) {
          return hour;
        }
      }
    }
    return null;
  }

  private static long recoveredAt(Hour hour) {
    return hour.firstResult() + RuleRhythm.MINUTE_MILLIS;
  }

  private static long relearnedAt(RuleRhythm state) {
    return state.open == null
        ? RuleRhythm.NEVER
        : Math.max(state.open.onset + RELEARNED_AFTER.toMillis(), state.open.raisedAt + 1);
  }

  private static void raise(
      StateKey key, RuleRhythm state, long at, View view, List<Output> outputs) {
    QuietStreak streak = QuietStreak.of(state);
    if (streak == null || !streak.isQuiet()) {
      return;
    }
    state.open =
        new Open(
            state.lastResult,
            streak.onset(),
            at,
            streak.expected(),
            streak.hours(),
            streak.learntDays(),
            state.quietRuns,
            connector(key, state.lastResult, streak.onset(), at, view));
    Finding finding = QuietRules.raised(key, state.open, state.newest, view);
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
  }

  private static ConnectorTrouble connector(
      StateKey key, long lastResult, long onset, long at, View view) {
    long from = lastResult - LOOK_BACK.toMillis();
    long to = onset + TOLD_LATER.toMillis();
    Comparator<ConnectorTrouble> nearest =
        Comparator.comparing((ConnectorTrouble trouble) -> trouble.since() > onset)
            .thenComparing(trouble -> Math.abs(trouble.since() - onset))
            .thenComparing(ConnectorTrouble::id)
            .thenComparing(ConnectorTrouble::state);
    return view.connectors(key.route(), from, at).stream()
        .filter(trouble -> trouble.since() >= from && trouble.since() <= to)
        .filter(trouble -> trouble.until() > onset)
        .min(nearest)
        .orElse(null);
  }

  private static void recover(
      StateKey key, RuleRhythm state, Hour hour, View view, List<Output> outputs) {
    long quietRuns = state.quietRuns + hour.quietRunsBefore();
    clear(
        key,
        state,
        hour.firstResult(),
        recoveredAt(hour),
        quietRuns,
        QuietRules.Because.RECOVERED,
        view,
        outputs);
  }

  private static void relearn(
      StateKey key, RuleRhythm state, long at, View view, List<Output> outputs) {
    clear(key, state, at, at, state.quietRuns, QuietRules.Because.RELEARNED, view, outputs);
    state.forget();
  }

  /**
   * Clears the open finding.
   *
   * @param since when it was over
   * @param at when that is settled
   */
  private static void clear(
      StateKey key,
      RuleRhythm state,
      long since,
      long at,
      long quietRuns,
      QuietRules.Because because,
      View view,
      List<Output> outputs) {
    Finding finding =
        QuietRules.cleared(key, state.open, state.newest, quietRuns, since, because, view);
    state.leaveOut(state.open.lastResult + RuleRhythm.HOUR_MILLIS);
    state.open = null;
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
  }

  private static long wakeAt(RuleRhythm state) {
    long wakeAt = Math.min(forgottenAt(state), relearnedAt(state));
    Hour result = firstResult(state);
    if (result != null) {
      wakeAt = Math.min(wakeAt, recoveredAt(result));
    }
    int waiting = state.waiting.size();
    if (waiting > AT_REST + MOSTLY_PASSED) {
      wakeAt = Math.min(wakeAt, state.waiting.get(waiting - 1 - MOSTLY_PASSED).end());
    }
    return Math.min(wakeAt, mayRaiseAt(state));
  }

  /** The earliest end of an hour that may turn out to be too quiet, by what is known so far. */
  private static long mayRaiseAt(RuleRhythm state) {
    if (state.open != null) {
      return RuleRhythm.NEVER;
    }
    int known = state.returned().cardinality();
    long last = state.lastResult < 0 ? RuleRhythm.NEVER : RuleRhythm.hourOf(state.lastResult);
    for (Hour hour : state.waiting) {
      if (hour.returned != 0) {
        last = hour.hour;
        known++;
      } else if (last != RuleRhythm.NEVER
          && hour.hour - last >= QuietStreak.HOURS
          && hour.hour - last <= QuietStreak.LONGEST.toHours()
          && known >= QuietStreak.DAYS_WITH_RESULTS) {
        return hour.end();
      }
    }
    return RuleRhythm.NEVER;
  }

  private static long forgottenAt(RuleRhythm state) {
    if (!state.waiting.isEmpty()) {
      return state.waiting.get(state.waiting.size() - 1).end() + MEMORY.toMillis();
    }
    return state.newest == null ? RuleRhythm.NEVER : state.newest.time() + MEMORY.toMillis();
  }

  private static AuditEntry overflow(StateKey key, RuleRhythm state, Run run) {
    return AuditEntry.newBuilder()
        .setAt(Instant.ofEpochMilli(run.time()))
        .setActor("quiet-rules")
        .setAction("JUDGE_EARLY")
        .setResource(
            Resource.newBuilder()
                .setType(ResourceType.SENTINEL_RULE)
                .setId(key.id())
                .setName(run.rule().name())
                .setWorkspace(run.rule().workspace())
                .setTenant(run.rule().tenant())
                .build())
        .setWhy("more hours of one rule than may wait for the watermark")
        .setHow("the oldest is judged before the watermark has passed it, and raises nothing")
        .setDetail(
            Map.of(
                "judgedEarly", Long.toString(state.early),
                "maxWaiting", Integer.toString(MAX_WAITING)))
        .setStatus("OVERFLOW")
        .build();
  }
}
