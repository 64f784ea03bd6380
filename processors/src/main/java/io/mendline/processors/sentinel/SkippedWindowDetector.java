package io.mendline.processors.sentinel;

import io.mendline.processors.cause.CauseCatalogue;
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
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the windows of data that a scheduled analytics rule of Microsoft Sentinel has given up.
 *
 * <p><b>Method.</b> Two patterns, of which either is enough. CONSOLIDATED: one record of a failed
 * run that says it {@link ConsolidatedWording failed after numerous attempts}, as one operator saw
 * on every one of 480 failures of 90 days. SIX_ATTEMPTS: six distinct records other than Success
 * about one window, as Microsoft's documentation of skipped windows counts them ("Monitor the
 * health and audit the integrity of your analytics rules"). Both speak of one {@link Window} and
 * make one finding, which is cleared by a run that looked at the window's data: Success or Partial
 * success. NRT rules are not looked at: they fold a failed window into their next run.
 *
 * <p><b>Monotone and settled.</b> Raised, enriched and cleared are all monotone and told at once:
 * no later record can take back that a window was given up, or that a run has looked at it. Where
 * the success came first, RAISED and CLEARED are told together. Settled for those who judge by
 * order: the failure when the watermark has passed the record that completed it, the recovery when
 * it has passed the first run over the data; a window that was run before its failure was complete
 * is settled once, as CLEARED. Where a rule looks back further than its last run, the next run
 * mostly looks at the data of a skipped window: {@code uncoveredSeconds} says what is left, which
 * is 0 then and the finding LOW, and of rules that run hourly or more often nothing is settled
 * before that run is due.
 *
 * <p><b>What the rule is</b> (its severity and tactics) is what its changes had said by the time
 * the window was given up. That is final when the watermark has passed that time; where anything
 * was said, the finding is then told once more, with a revision that is higher by one from there
 * on. So the last revision is the same whether a change came before the failure or after it.
 *
 * <p><b>What counts is a function of the set.</b> A record more than {@link Window#SPOKEN_OF} after
 * its window's start does not count, and windows are kept for so long. A success without trouble is
 * kept until the watermark is {@link #RUN_MEMORY} past it, and belongs to a window whose first
 * trouble is not logged later than that.
 *
 * <p><b>Cost and bound.</b> A step costs O(log n) look-ups and one pass over the rule's windows for
 * the next deadline. State per rule: at most {@value #MAX_WINDOWS} windows in trouble of at most 16
 * records, usually one of about 80 bytes with its record number, and {@value #MAX_RUNS} successes
 * of about 40; about 50 KB for a rule that gave up 512 windows, under 2 KB for a healthy one. What
 * is dropped beyond that is counted in the state and audited, at the first and then at every
 * doubling; windows without an open finding go first, then the oldest, and what is not settled of a
 * dropped one is settled then. A dropped window can no longer be cleared.
 */
public final class SkippedWindowDetector implements Detector<RuleWindows> {
  /** At most so many windows in trouble are kept of a rule. */
  static final int MAX_WINDOWS = 512;

  /** At most so many runs over their window's data are kept of a rule. */
  static final int MAX_RUNS = 1_024;

  /** Successes are cleaned out when there are so many, not one by one: it saves a write each. */
  static final int RUNS_TO_CLEAN = 8;

  /** How long after a success a record about trouble in the same window may be logged. */
  static final Duration RUN_MEMORY = Duration.ofHours(2);

  private static final int SOURCES = Source.SENTINEL.bit();

  private final Causes causes;
  private final RuleWindowsCodec codec = new RuleWindowsCodec();

  /**
   * A detector.
   *
   * @param catalogue what says why a run failed
   */
  public SkippedWindowDetector(CauseCatalogue catalogue) {
    this.causes = new Causes(catalogue);
  }

  @Override
  public StateKey keyOf(Message message) {
    if (message instanceof Signal signal
        && signal.payload() instanceof Payload.Observed observed
        && observed.record() instanceof SentinelHealth row
        && isRunOfScheduledRule(row)) {
      return new StateKey(signal.route(), row.resourceId());
    }
    return null;
  }

  @Override
  public int sources(RuleWindows state) {
    return SOURCES;
  }

  @Override
  public int clocks() {
    return SOURCES;
  }

  @Override
  public StateCodec<RuleWindows> codec() {
    return codec;
  }

  @Override
  public Step<RuleWindows> step(StateKey key, RuleWindows state, Input input, View view) {
    if (input instanceof Input.Due due) {
      return due(key, state, due.at(), view);
    }
    Signal signal = (Signal) ((Input.Arrived) input).message();
    RunFact fact = factOf(signal);
    if (fact == null) {
      return state == null ? Step.gone() : Step.quiet(state, wakeAt(state));
    }
    return arrived(key, state == null ? new RuleWindows() : state, fact, view);
  }

  static boolean isRunOfScheduledRule(SentinelHealth row) {
    boolean aboutScheduled =
        row.resourceType() == SentinelHealth.ResourceType.ANALYTICS_RULE
            && row.ruleKind() != SentinelHealth.RuleKind.NRT
            && !"NrtRun".equalsIgnoreCase(row.triggerType())
            && (row.operation() == SentinelHealth.Operation.SCHEDULED_RULE_RUN
                || row.operation() == SentinelHealth.Operation.OTHER);
    return aboutScheduled
        && switch (row.status()) {
          case SUCCESS, PARTIAL_SUCCESS, WARNING, FAILURE -> true;
          case INFORMATIONAL, OTHER -> false;
        };
  }

  /** What a record tells, or null where it speaks of no window. */
  private RunFact factOf(Signal signal) {
    SentinelHealth row = (SentinelHealth) ((Payload.Observed) signal.payload()).record();
    boolean success = row.status() == SentinelHealth.Status.SUCCESS;
    boolean consolidated =
        row.status() == SentinelHealth.Status.FAILURE && ConsolidatedWording.in(row);
    Window window = Window.of(row, consolidated);
    if (window == null
        || signal.eventTime() > window.key().millis() + Window.SPOKEN_OF.toMillis()) {
      return null;
    }
    return new RunFact(
        signal.eventTime(),
        signal.contentId(),
        row.status(),
        consolidated,
        window,
        RunFact.Rule.of(row),
        success ? null : causes.of(row),
        signal.at(),
        success ? null : row.recordId());
  }

  private Step<RuleWindows> arrived(StateKey key, RuleWindows state, RunFact fact, View view) {
    List<Output> outputs = new ArrayList<>();
    long droppedBefore = state.dropped();
    Set<WindowKey> touched = new TreeSet<>();
    if (fact.ran()) {
      state.keepRun(fact);
      touched.add(fact.window().key());
      if (fact.window().end() >= 0) {
        touched.add(WindowKey.ofRunTime(fact.window().end()));
      }
    }
    if (fact.nonSuccess()) {
      WindowKey window = fact.window().key();
      touched.add(window);
      state.troubled().computeIfAbsent(window, TroubledWindow::new);
    }
    for (WindowKey window : touched) {
      TroubledWindow troubled = state.troubled().get(window);
      if (troubled != null) {
        update(key, state, troubled, fact, outputs, view);
      }
    }
    if (fact.ran()) {
      for (TroubledWindow window : state.troubled().values()) {
        if (lookedBackOn(window, fact) && window.skipped()) {
          outputs.add(
              new Output.Found(
                  key.route(), SkippedWindows.asOf(key, window, Long.MAX_VALUE, view)));
        }
      }
    }
    keepBounds(key, state, fact, outputs, view);
    // Told at 1, 2, 4, 8 and so on: what overflows once overflows often.
    if (Long.highestOneBit(state.dropped()) > droppedBefore) {
      outputs.add(new Output.Noted(key.route(), overflow(key, state, fact)));
    }
    return new Step<>(state, outputs, wakeAt(state));
  }

  private static void update(
      StateKey key,
      RuleWindows state,
      TroubledWindow window,
      RunFact fact,
      List<Output> outputs,
      View view) {
    boolean skippedBefore = window.skipped();
    boolean changed = false;
    if (fact.nonSuccess() && fact.window().key().equals(window.key())) {
      changed = add(state, window, fact);
    }
    for (RunFact run : state.runs()) {
      if (isOf(window, run) && window.firstTrouble() <= run.time() + RUN_MEMORY.toMillis()) {
        changed |= add(state, window, run);
      }
      changed |= lookedBackOn(window, run);
    }
    if (!changed || !window.skipped()) {
      return;
    }
    if (window.cleared() && !skippedBefore) {
      outputs.add(new Output.Found(key.route(), SkippedWindows.raised(key, window, view)));
    }
    outputs.add(
        new Output.Found(key.route(), SkippedWindows.asOf(key, window, Long.MAX_VALUE, view)));
  }

  /** Whether a run over a later window has looked at what had not been seen of a window. */
  private static boolean lookedBackOn(TroubledWindow window, RunFact run) {
    return window.firstTrouble() != TroubledWindow.NEVER
        && window.firstTrouble() <= run.time() + RUN_MEMORY.toMillis()
        && covers(window, run);
  }

  private static boolean covers(TroubledWindow window, RunFact run) {
    long before = window.uncoveredSeconds(Long.MAX_VALUE);
    return window.cover(run) && window.uncoveredSeconds(Long.MAX_VALUE) != before;
  }

  private static boolean add(RuleWindows state, TroubledWindow window, RunFact fact) {
    TroubledWindow.Added added = window.add(fact);
    if (added == TroubledWindow.Added.DISPLACED || added == TroubledWindow.Added.REFUSED) {
      state.drop();
    }
    return added == TroubledWindow.Added.CHANGED || added == TroubledWindow.Added.DISPLACED;
  }

  private static boolean isOf(TroubledWindow window, RunFact run) {
    return run.window().key().equals(window.key())
        || (window.key().byRunTime()
            && run.window().end() >= 0
            && WindowKey.ofRunTime(run.window().end()).equals(window.key()));
  }

  private Step<RuleWindows> due(StateKey key, RuleWindows state, long at, View view) {
    List<Output> outputs = new ArrayList<>();
    state.runs().removeIf(run -> run.time() + RUN_MEMORY.toMillis() <= at);
    for (TroubledWindow window : List.copyOf(state.troubled().values())) {
      settle(key, state, window, at, outputs, view);
      if (window.forgottenAt() <= at) {
        state.troubled().remove(window.key());
      }
    }
    if (state.isEmpty()) {
      return outputs.isEmpty() ? Step.gone() : new Step<>(state, outputs, at + 1);
    }
    return new Step<>(state, outputs, wakeAt(state));
  }

  private static void settle(
      StateKey key,
      RuleWindows state,
      TroubledWindow window,
      long upTo,
      List<Output> outputs,
      View view) {
    for (long at = window.settlesAt(); at <= upTo && at != TroubledWindow.NEVER; ) {
      if (!window.failureSettled()) {
        window.joinGap(state.troubled().values(), at);
      }
      var finding = SkippedWindows.asOf(key, window, at, view);
      outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
      boolean first = !window.failureSettled();
      window.settled(finding.getStatus() == FindingStatus.CLEARED);
      if (first && SkippedWindows.isToldAgain(key, window, view)) {
        outputs.add(
            new Output.Found(key.route(), SkippedWindows.asOf(key, window, Long.MAX_VALUE, view)));
      }
      at = window.settlesAt();
    }
  }

  private static long wakeAt(RuleWindows state) {
    long wakeAt = Step.NEVER;
    List<RunFact> runs = state.runs();
    if (!runs.isEmpty()) {
      // A few at once, or all when the rule has gone silent. That a success stays longer than its
      // memory changes nothing: whether it belongs to a window is asked of event times.
      RunFact last = runs.get(Math.min(runs.size(), RUNS_TO_CLEAN) - 1);
      wakeAt = last.time() + RUN_MEMORY.toMillis();
    }
    for (TroubledWindow window : state.troubled().values()) {
      wakeAt = Math.min(wakeAt, Math.min(window.settlesAt(), window.forgottenAt()));
    }
    return wakeAt;
  }

  private static void keepBounds(
      StateKey key, RuleWindows state, RunFact fact, List<Output> outputs, View view) {
    while (state.runs().size() > MAX_RUNS) {
      state.runs().remove(0);
      state.drop();
    }
    while (state.troubled().size() > MAX_WINDOWS) {
      TroubledWindow dropped = leastUseful(state, fact.window().key());
      settle(key, state, dropped, TroubledWindow.NEVER, outputs, view);
      state.troubled().remove(dropped.key());
      state.drop();
    }
  }

  private static TroubledWindow leastUseful(RuleWindows state, WindowKey inUse) {
    TroubledWindow oldest = null;
    for (TroubledWindow window : state.troubled().values()) {
      if (window.key().equals(inUse)) {
        continue;
      }
      if (!window.skipped() || window.cleared()) {
        return window;
      }
      oldest = oldest == null ? window : oldest;
    }
    return oldest;
  }

  private static AuditEntry overflow(StateKey key, RuleWindows state, RunFact fact) {
    Map<String, String> detail = new TreeMap<>();
    detail.put("dropped", Long.toString(state.dropped()));
    detail.put("maxWindows", Integer.toString(MAX_WINDOWS));
    detail.put("maxRuns", Integer.toString(MAX_RUNS));
    return AuditEntry.newBuilder()
        .setAt(Instant.ofEpochMilli(fact.time()))
        .setActor("skipped-windows")
        .setAction("DROP_STATE")
        .setResource(
            Resource.newBuilder()
                .setType(ResourceType.SENTINEL_RULE)
                .setId(key.id())
                .setName(fact.rule().name())
                .setWorkspace(fact.rule().workspace())
                .setTenant(fact.rule().tenant())
                .build())
        .setWhy("more windows in trouble or records of one window than are kept of a rule")
        .setHow("windows without an open finding are dropped first, then the oldest")
        .setDetail(detail)
        .setStatus("OVERFLOW")
        .build();
  }
}
