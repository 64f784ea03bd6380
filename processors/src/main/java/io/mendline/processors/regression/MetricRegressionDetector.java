package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Findings;
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
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.Policy.MetricRule;
import io.mendline.processors.regression.OpenRegression.Sums;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

  /** How long a state that has only told something is kept, so that it is not lost in a crash. */
  private static final long KEPT = Duration.ofHours(1).toMillis();

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
      state.late++;
    } else {
      state.add(sample, bin, signal.contentId(), signal.at());
    }
    return Step.quiet(state, wakeAt(state));
  }

  private static long wakeAt(MetricState state) {
    return Math.min(state.firstEnd(), state.forgetAt);
  }

  /** What is thought of one series at one instant. */
  private final class Judgement extends RegressionWatch {
    private final StateKey key;
    private final MetricState state;
    private final long at;
    private final View view;
    private final Policy policy;
    private final MetricRule rule;
    private final Better better;
    private final double unit;
    private final List<Output> outputs = new ArrayList<>();

    Judgement(StateKey key, MetricState state, long at, View view) {
      this(key, state, at, view, view.policy(at));
    }

    private Judgement(StateKey key, MetricState state, long at, View view, Policy policy) {
      this(key, state, at, view, policy, policy.metrics().rule(state.metric, state.scope));
    }

    private Judgement(
        StateKey key, MetricState state, long at, View view, Policy policy, MetricRule rule) {
      super(
          method,
          Thresholds.of(rule),
          state.regressions,
          state.past,
          state.moves,
          policy.week(),
          at);
      this.key = key;
      this.state = state;
      this.at = at;
      this.view = view;
      this.policy = policy;
      this.rule = rule;
      this.better = rule.better() == null ? state.better : rule.better();
      this.unit = rule.minimumChange() == null ? usualSize(judgedMeans()) : 1;
    }

    Step<MetricState> step() {
      boolean closed = state.close(at);
      List<ClosedMetricBin> telling = telling(CacheState.NOT_YET);
      long last = telling.isEmpty() ? CacheState.NOT_YET : telling.get(telling.size() - 1).end();
      if (last <= at - CacheState.UNOBSERVED || better == Better.UNSAID || unit == 0) {
        clearUnobserved();
        if (!closed) {
          state.forget(at);
        }
      } else if (closed && last == at) {
        judge();
      }
      long pastUntil = PastRegression.forget(state.past, at);
      noteBounds();
      if (closed) {
        state.judgedUntil = at;
        state.forgetAt = at + CacheState.UNOBSERVED;
      } else if (!outputs.isEmpty()) {
        state.forgetAt = at + KEPT;
      } else if (pastUntil > at) {
        state.forgetAt = pastUntil;
      } else if (state.firstEnd() == Step.NEVER) {
        return Step.gone();
      } else {
        state.forgetAt = Step.NEVER;
      }
      return new Step<>(state, outputs, wakeAt(state));
    }

    private DoubleStream judgedMeans() {
      return state.judged(at).stream().mapToDouble(ClosedMetricBin::mean);
    }

    /** The closed bins with enough samples to judge by that begin at or after an instant. */
    private List<ClosedMetricBin> telling(long from) {
      return state.judged(at).stream()
          .filter(bin -> bin.start() >= from && bin.samples() >= rule.minimumSamplesPerBin())
          .toList();
    }

    @Override
    List<Point> points(long from) {
      return telling(from).stream()
          .map(bin -> new Point(bin.start(), bin.length(), seen(bin.mean()), bin.weight()))
          .toList();
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
    Sums sums(long from) {
      double weight = 0;
      long samples = 0;
      boolean sampled = false;
      for (ClosedMetricBin bin : telling(from)) {
        weight += bin.weight();
        samples += bin.samples();
        sampled |= bin.sampled();
      }
      return new Sums(Math.round(weight), samples, 0, sampled);
    }

    @Override
    Policy.Blame blame() {
      return policy.blame();
    }

    @Override
    List<Blame.Culprit> suspects(long onset, long bin) {
      long from = onset - policy.blame().before().toMillis();
      long to = Math.min(at, onset + policy.blame().after().toMillis());
      String service = Routes.serviceOf(state.scope);
      return Blame.rank(
          view.changes(service, from, to), onset, bin, null, List.of(), policy.blame());
    }

    @Override
    void tell(OpenRegression regression, FindingStatus status, Clearing clearing, boolean settled) {
      Finding finding = finding(regression, status, clearing);
      outputs.add(new Output.Found(key.route(), finding));
      if (settled) {
        outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
      }
    }

    private Finding finding(OpenRegression regression, FindingStatus status, Clearing clearing) {
      String id =
          Findings.id(FindingKind.METRIC_REGRESSION, key.route(), key.id(), regression.onset());
      double change = Math.abs(regression.before() - regression.after());
      double least =
          rule.minimumChange() == null
              ? rule.minimumShare() * Math.abs(regression.before())
              : rule.minimumChange();
      return Findings.begin(
              id, FindingKind.METRIC_REGRESSION, subject(), regression.raisedAt(), view)
          .setStatus(status)
          .setRevision(regression.revision())
          .setWindowStart(Instant.ofEpochMilli(regression.onset()))
          .setWindowEnd(Instant.ofEpochMilli(regression.until()))
          .setSeverity(change >= SEVERE * least ? Severity.HIGH : Severity.MEDIUM)
          .setConfidence(regression.confidence())
          .setSummary(summary(regression, clearing))
          .setAttributes(attributes(regression, clearing))
          .setSuspects(regression.suspects().stream().map(Blame.Culprit::suspect).toList())
          .setEvidence(evidence(regression.onset()))
          .build();
    }

    private Subject subject() {
      return new Subject(ResourceType.METRIC, key.id(), null, null, null);
    }

    private String summary(OpenRegression regression, Clearing clearing) {
      String text =
          state.metric
              + " of "
              + state.scope
              + (regression.after() < regression.before() ? " fell from " : " rose from ")
              + Figures.number(regression.before())
              + " to "
              + Figures.number(regression.after())
              + (regression.gradual() ? ", little by little since " : " at ")
              + Instant.ofEpochMilli(regression.onset());
      if (clearing == null) {
        return text;
      }
      return switch (clearing.because()) {
        case "recovered" -> text + "; it is back at " + Figures.number(clearing.now());
        case "relearned" -> text + "; it stayed there and is now the level to compare with";
        default -> text + "; for eight days there has been too little to judge by";
      };
    }

    private Map<String, String> attributes(OpenRegression regression, Clearing clearing) {
      Map<String, String> attributes = new TreeMap<>();
      attributes.put("onset", Instant.ofEpochMilli(regression.onset()).toString());
      attributes.put("before", Figures.number(regression.before()));
      attributes.put("after", Figures.number(regression.after()));
      attributes.put("volume", Long.toString(regression.volume()));
      attributes.put("samples", Long.toString(regression.calls()));
      attributes.put("shape", regression.gradual() ? "drift" : "step");
      attributes.put("better", better.name());
      attributes.put("metric", state.metric);
      attributes.put("scope", state.scope);
      attributes.put("suspectClear", Boolean.toString(regression.suspectClear()));
      if (regression.sampled()) {
        attributes.put("sampled", "true");
      }
      if (clearing != null) {
        attributes.put("clearedBecause", clearing.because());
        if (clearing.now() != null) {
          attributes.put("recoveredTo", Figures.number(clearing.now()));
        }
      }
      return attributes;
    }

    /** The first sample of each of the first bins since the onset. */
    private List<Evidence> evidence(long onset) {
      return Findings.limited(
          telling(onset).stream()
              .filter(bin -> bin.first() != null)
              .map(bin -> Findings.evidence(bin.first(), null))
              .toList());
    }

    /** Tells what was not counted as it should have been since the last close. */
    private void noteBounds() {
      if (state.late + state.refused == 0) {
        return;
      }
      outputs.add(
          new Output.Noted(
              key.route(),
              AuditEntry.newBuilder()
                  .setAt(Instant.ofEpochMilli(at))
                  .setActor("metric-regression")
                  .setAction("SAMPLES_NOT_COUNTED")
                  .setResource(subject().toResource())
                  .setWhy(
                      "Samples came after their bin was judged, or again by then (late), or after"
                          + " it was sealed for want of room (refused)")
                  .setHow("state of the metric is bounded; late samples are not judged by")
                  .setDetail(
                      Map.of(
                          "late", Integer.toString(state.late),
                          "refused", Integer.toString(state.refused)))
                  .setStatus("COUNTED")
                  .build()));
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
