package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy.MetricRule;
import io.mendline.processors.regression.OpenRegression.Sums;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Finds metrics that got worse: a series is one metric of one scope, over all nodes.
 *
 * <p><b>Algorithm.</b> That of {@link CacheRegressionDetector}: distinct samples are gathered in
 * bins of event time ({@link MetricBin}), a bin is closed when the watermark of metrics and of
 * changes has passed its end, and the series of closed bins is judged by {@link RegressionWatch}.
 * Which way is better says the policy's rule for the metric, else the samples; of a metric of which
 * neither does, nothing is found. The least effect is a change of the value ({@code minimumChange})
 * or a part of the series' usual size ({@code minimumShare}): the median of its bins without their
 * sign, which is taken anew at each close.
 *
 * <p><b>Outputs.</b> All settled. Ids are made of the series and the onset.
 *
 * <p><b>Cost.</b> A sample costs a binary search; the close of a bin O(n) for at most 360 bins,
 * O(n²) where something may have changed. State: at most 16 KB, see {@link MetricState}.
 */
public final class MetricRegressionDetector implements Detector<MetricState> {
  private static final int SOURCES = Source.bits(Source.METRICS, Source.CHANGES);

  /** From so many times the least effect on a regression is severe. */
  private static final int SEVERE = 2;

  private final RegressionMethod method;
  private final StateCodec<MetricState> codec = new MetricState.Codec();

  /** With the usual method. */
  public MetricRegressionDetector() {
    this(new TransitionFit());
  }

  /** With another method. */
  MetricRegressionDetector(RegressionMethod method) {
    this.method = method;
  }

  @Override
  public StateKey keyOf(Message message) {
    if (message instanceof Signal signal
        && signal.payload() instanceof Payload.Observed observed
        && observed.record() instanceof MetricSample sample) {
      return new StateKey(signal.route(), sample.scope() + "/" + sample.metric());
    }
    return null;
  }

  @Override
  public int sources(MetricState state) {
    return SOURCES;
  }

  @Override
  public StateCodec<MetricState> codec() {
    return codec;
  }

  @Override
  public Step<MetricState> step(StateKey key, MetricState state, Input input, View view) {
    if (input instanceof Input.Arrived arrived) {
      return arrived(state, (Signal) arrived.message(), arrived.late(), view);
    }
    return new Judgement(key, state, ((Input.Due) input).at(), view).step();
  }

  private static Step<MetricState> arrived(
      MetricState known, Signal signal, boolean late, View view) {
    MetricSample sample = (MetricSample) ((Payload.Observed) signal.payload()).record();
    MetricState state = known == null ? new MetricState(sample.scope(), sample.metric()) : known;
    long bin = view.policy(sample.time()).metrics().bin().toMillis();
    long end = (Math.floorDiv(sample.time(), bin) + 1) * bin;
    // After a restart no watermark has been heard yet, so nothing counts as late: hence the second.
    if (late || end <= state.judgedUntil) {
      state.countLate();
    } else {
      state.add(sample, bin, signal.contentId(), signal.at());
    }
    return Step.quiet(state, state.wakeAt());
  }

  /** What is thought of one series at one instant. */
  private final class Judgement extends SeriesJudgement<MetricState, ClosedMetricBin> {
    private final MetricRule rule;
    private final Better better;
    private final double unit;

    Judgement(StateKey key, MetricState state, long at, View view) {
      this(key, state, at, view, view.policy(at).metrics().rule(state.metric, state.scope));
    }

    private Judgement(StateKey key, MetricState state, long at, View view, MetricRule rule) {
      super(key, state, method, Thresholds.of(rule), SOURCES, at, view);
      this.rule = rule;
      this.better = rule.better() == null ? state.better : rule.better();
      this.unit =
          rule.minimumChange() == null
              ? usualSize(state.judged(at).stream().mapToDouble(ClosedMetricBin::mean))
              : 1;
    }

    @Override
    boolean tells(ClosedMetricBin bin) {
      return bin.samples() >= rule.minimumSamplesPerBin();
    }

    @Override
    Point point(ClosedMetricBin bin) {
      return new Point(bin.start(), bin.length(), seen(bin.mean()), bin.weight());
    }

    @Override
    boolean isJudged() {
      return better != Better.UNSAID && unit != 0;
    }

    @Override
    double seen(double value) {
      return (better == Better.LOWER ? -value : value) / unit;
    }

    @Override
    double told(double value) {
      return (better == Better.LOWER ? -value : value) * unit;
    }

    @Override
    Sums sums(List<ClosedMetricBin> bins) {
      double weight = 0;
      long samples = 0;
      boolean sampled = false;
      for (ClosedMetricBin bin : bins) {
        weight += bin.weight();
        samples += bin.samples();
        sampled |= bin.sampled();
      }
      return new Sums(Math.round(weight), samples, 0, sampled);
    }

    @Override
    String service() {
      return Routes.serviceOf(state.scope);
    }

    @Override
    FindingKind kind() {
      return FindingKind.METRIC_REGRESSION;
    }

    @Override
    Subject subject() {
      return new Subject(ResourceType.METRIC, key.id(), null, null, null);
    }

    @Override
    boolean isSevere(double before, double after) {
      double least =
          rule.minimumChange() == null
              ? rule.minimumShare() * Math.abs(before)
              : rule.minimumChange();
      return Math.abs(before - after) >= SEVERE * least;
    }

    @Override
    String summary(OpenRegression regression) {
      return state.metric
          + " of "
          + state.scope
          + (regression.after() < regression.before() ? " fell from " : " rose from ")
          + Figures.number(regression.before())
          + " to "
          + Figures.number(regression.after())
          + (regression.gradual() ? ", little by little since " : " at ")
          + Instant.ofEpochMilli(regression.onset());
    }

    @Override
    String inWords(double value) {
      return Figures.number(value);
    }

    @Override
    String figure(double value) {
      return Figures.number(value);
    }

    @Override
    void describe(OpenRegression regression, Map<String, String> attributes) {
      attributes.put("samples", Long.toString(regression.calls()));
      attributes.put("better", better.name());
      attributes.put("metric", state.metric);
      attributes.put("scope", state.scope);
    }

    /** Tells what was not counted as it should have been since the last close. */
    @Override
    void note(boolean closed) {
      audit(
          "metric-regression",
          "SAMPLES_NOT_COUNTED",
          "Samples came after their bin was judged, or again by then (late), or after it was sealed"
              + " for want of room (refused)",
          "state of the metric is bounded; late samples are not judged by",
          Map.of("late", state.late, "refused", state.refused));
      state.late = 0;
      state.refused = 0;
    }
  }

  /** The median of the means of bins, without their sign; 0 where there is none. */
  static double usualSize(DoubleStream means) {
    double[] sizes = means.map(Math::abs).sorted().toArray();
    if (sizes.length == 0) {
      return 0;
    }
    double median = sizes[sizes.length / 2];
    return median > 0 ? median : Arrays.stream(sizes).average().orElse(0);
  }
}
