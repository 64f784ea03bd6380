package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.MetricSample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds pools with a hot node, pools out of balance and metrics beyond their limits, one metric of
 * one scope at a time. The three are judged by the same minutes, so they share a state.
 *
 * <p><b>Algorithm.</b> Samples are counted, each distinct one once, in minutes of event time
 * ({@link OpenBin}). When the watermark has passed a minute's end, the minute is closed and the
 * metric judged as of that end, by the policy of then:
 *
 * <ul>
 *   <li>{@code HOT_NODE}: of every minute the average of the hottest node; of these over 12 hours
 *       the 95th percentile, which neither a pool of idle nodes hides nor one spike makes ({@link
 *       HotBins}). Raised and cleared at two thresholds.
 *   <li>{@code LOAD_SKEW}: the members' shares of the last quarter of an hour against their fair
 *       parts ({@link PoolLoad}). Cleared after as long a time without a skew.
 *   <li>{@code METRIC_BREACHED}: the weighted mean of the scope against floor and ceiling ({@link
 *       Streak}). Raised when every minute that was heard was beyond for the limit's persistence,
 *       cleared when every one was within for as long.
 * </ul>
 *
 * <p>Minutes in which nothing was heard say nothing. What stands open when nothing was heard for
 * {@link #MEMORY} is cleared, as nobody can tell.
 *
 * <p><b>Outputs.</b> All are settled (law 4). A sample at or below the watermark is counted and
 * never judged by.
 *
 * <p><b>Cost.</b> A sample costs two binary searches and the copying of the state, a minute's close
 * a sort of at most 720 numbers. State: at most 16 KB, see {@link CapacityState}.
 */
public final class CapacityDetector implements Detector<CapacityState> {
  static final int SOURCES = Source.METRICS.bit();

  /** How long a metric is remembered of which nothing is heard: of one that is told daily a day. */
  static final Duration MEMORY = Duration.ofDays(2);

  /** How long a state that has only told something is kept, so that it is not lost in a crash. */
  private static final long KEPT = Duration.ofHours(1).toMillis();

  private final StateCodec<CapacityState> codec = new CapacityState.Codec();

  @Override
  public StateKey keyOf(Message message) {
    return message instanceof Signal signal
            && signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof MetricSample sample
        ? new StateKey(Routes.metrics(sample.scope()), sample.scope() + "/" + sample.metric())
        : null;
  }

  @Override
  public int sources(CapacityState state) {
    return SOURCES;
  }

  @Override
  public StateCodec<CapacityState> codec() {
    return codec;
  }

  @Override
  public Step<CapacityState> step(StateKey key, CapacityState state, Input input, View view) {
    if (input instanceof Input.Arrived arrived) {
      return arrived(state, (Signal) arrived.message(), arrived.late(), view);
    }
    return due(key, state, ((Input.Due) input).at(), view);
  }

  private static Step<CapacityState> arrived(
      CapacityState known, Signal signal, boolean late, View view) {
    MetricSample sample = (MetricSample) ((Payload.Observed) signal.payload()).record();
    Policy.Capacity rules = view.policy(sample.time()).capacity();
    boolean isJudged = isJudged(sample.metric(), sample.scope(), rules);
    if (known == null && (late || !isJudged)) {
      return Step.gone();
    }
    CapacityState state =
        known == null ? new CapacityState(sample.scope(), sample.metric()) : known;
    long end = (Math.floorDiv(sample.time(), OpenBin.LENGTH) + 1) * OpenBin.LENGTH;
    // After a restart no watermark has been heard yet, so nothing counts as late: hence the second.
    if (late || end <= state.judgedUntil) {
      state.late++;
    } else if (isJudged || state.hasRaised()) {
      state.at = signal.at();
      ClosedBin sealed = state.add(sample, signal.contentId(), rules.hotNode().window());
      if (sealed != null) {
        take(sealed, state, view);
      }
    }
    return Step.quiet(state, wakeAt(state));
  }

  private static boolean isJudged(String metric, String scope, Policy.Capacity rules) {
    return rules.hotNode().names(metric)
        || rules.loadSkew().names(metric)
        || rules.limit(metric, scope) != null;
  }

  /** Has a closed minute judged by whom it concerns; what says how busy nodes are is no load. */
  private static void take(ClosedBin bin, CapacityState state, View view) {
    Policy.Capacity rules = view.policy(bin.end()).capacity();
    if (rules.hotNode().names(state.metric)) {
      state.hot.add(bin, HotBins.kept(rules.hotNode().window()));
    } else if (rules.loadSkew().names(state.metric)) {
      state.load.add(bin);
    }
    if (rules.limit(state.metric, state.scope) != null) {
      state.streak.add(bin);
    }
  }

  private static long wakeAt(CapacityState state) {
    return Math.min(state.firstEnd(), state.forgetAt);
  }

  private static Step<CapacityState> due(StateKey key, CapacityState state, long at, View view) {
    List<Output> outputs = new ArrayList<>();
    boolean closed = state.hasSealed(at);
    for (ClosedBin bin : state.close(at)) {
      take(bin, state, view);
      closed = true;
    }
    CapacityJudgement judgement = new CapacityJudgement(key.route(), state, at, view, outputs);
    if (closed) {
      judgement.judge();
      state.judgedUntil = at;
      state.forgetAt = at + MEMORY.toMillis();
    } else {
      judgement.giveUp();
      state.forget();
      if (outputs.isEmpty() && state.firstEnd() == Step.NEVER) {
        return Step.gone();
      }
      state.forgetAt = outputs.isEmpty() ? Step.NEVER : at + KEPT;
    }
    return new Step<>(state, outputs, wakeAt(state));
  }
}
