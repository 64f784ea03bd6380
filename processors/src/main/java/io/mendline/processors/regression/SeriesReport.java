package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.Policy.MetricRule;
import io.mendline.processors.regression.RegressionMethod.Band;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * One series that is judged, for people: a cache's share of cached tokens, or a metric of a scope.
 * A pure function of what is kept of it: the same state gives the same report, whenever it is asked
 * for.
 *
 * @param key of its state; the id is that of its resource
 * @param type what it is of
 * @param service whose it is
 * @param scope of a metric, what it is measured of; of a cache, its id
 * @param metric the metric's name; null of a cache
 * @param model the model whose prompts are cached; null of a metric
 * @param environment the cache's environment, where its records say; nullable
 * @param better which way is better; of a metric as its samples say, see {@link #better}
 * @param asOf the end of the last bin that was judged, epoch milliseconds; {@link #NONE} before the
 *     first
 * @param levelSince since when the values are of the level to compare with, epoch milliseconds;
 *     {@link #NONE} where that is as long as anything is remembered
 * @param bins judged bins, oldest first
 * @param regressions those that are open and the last that were cleared, the newest onset first
 */
public record SeriesReport(
    StateKey key,
    SeriesType type,
    String service,
    String scope,
    String metric,
    String model,
    String environment,
    Better better,
    long asOf,
    long levelSince,
    List<Measured> bins,
    List<Regression> regressions) {
  /** No such instant. */
  public static final long NONE = SeriesState.NOT_YET;

  private static final String RELEARNED = "relearned";

  /**
   * One bin of the series.
   *
   * @param start first instant, epoch milliseconds
   * @param length milliseconds
   * @param value of a cache, its ratio, 0 to 1; NaN where no call could be cached
   * @param volume of a cache, the prompt tokens of calls that could be cached; of a metric, the sum
   *     of the samples' weights
   * @param calls of a cache, those calls; of a metric, its samples
   * @param uncacheableCalls calls too small to be cached; 0 of a metric
   * @param sampled whether the numbers are estimates from a sample
   */
  public record Measured(
      long start,
      long length,
      double value,
      double volume,
      long calls,
      long uncacheableCalls,
      boolean sampled) {
    /** The first instant after the bin. */
    public long end() {
      return start + length;
    }
  }

  /**
   * A regression of the series.
   *
   * @param findingId the finding that tells of it
   * @param onset start of the first bin of the fall, epoch milliseconds
   * @param raisedAt end of the bin at whose close it was raised, epoch milliseconds
   * @param clearedAt when it was cleared, epoch milliseconds; {@link #NONE} while it is open
   * @param before value before
   * @param after value that it has fallen to, as last told
   * @param gradual whether it came about over time rather than at once
   * @param because why it is over; null while it is open
   * @param suspects changes that may be to blame, most likely first; of one that is over, only the
   *     first
   */
  public record Regression(
      String findingId,
      long onset,
      long raisedAt,
      long clearedAt,
      double before,
      double after,
      boolean gradual,
      String because,
      List<Suspect> suspects) {
    private static final Comparator<Regression> NEWEST_FIRST =
        Comparator.comparingLong(Regression::onset)
            .thenComparingLong(Regression::raisedAt)
            .reversed();

    /** Whether a time was one of an unusual level: until it was over, unless it was got used to. */
    private boolean holds(long at) {
      return !RELEARNED.equals(because) && at >= onset && (open() || at < clearedAt);
    }

    /** Whether it is not over. */
    public boolean open() {
      return because == null;
    }
  }

  /** The report of a cache's scope. */
  public static SeriesReport of(StateKey key, CacheState state) {
    List<Measured> bins = new ArrayList<>();
    for (Bin bin : state.judged(state.judgedUntil)) {
      double ratio = bin.promptTokens() == 0 ? Double.NaN : Figures.significant(bin.ratio());
      bins.add(
          new Measured(
              bin.start(),
              bin.length(),
              ratio,
              bin.promptTokens(),
              bin.calls(),
              bin.uncacheableCalls(),
              bin.sampled()));
    }
    return new SeriesReport(
        key,
        SeriesType.CACHE_SCOPE,
        state.service,
        key.id(),
        null,
        state.model,
        state.environment,
        Better.HIGHER,
        state.judgedUntil,
        Move.last(state.moves),
        bins,
        regressions(key, SeriesType.CACHE_SCOPE, state.regressions, state.past));
  }

  /** The report of a metric; null where the key's states are not those of a metric's series. */
  public static SeriesReport of(StateKey key, Parts parts) {
    MetricState state = parts.of(MetricState.class);
    if (state == null) {
      return null;
    }
    List<Measured> bins = new ArrayList<>();
    for (ClosedMetricBin bin : state.judged(state.judgedUntil)) {
      bins.add(
          new Measured(
              bin.start(),
              bin.length(),
              Figures.significant(bin.mean()),
              Figures.significant(bin.weight()),
              bin.samples(),
              0,
              bin.sampled()));
    }
    return new SeriesReport(
        key,
        SeriesType.METRIC,
        Routes.serviceOf(state.scope),
        state.scope,
        state.metric,
        null,
        null,
        state.better,
        state.judgedUntil,
        Move.last(state.moves),
        bins,
        regressions(key, SeriesType.METRIC, state.regressions, state.past));
  }

  /** Whether any of its regressions is open. */
  public boolean regressed() {
    return regressions.stream().anyMatch(Regression::open);
  }

  /** Which way is better by a policy and, where that does not say, by the samples. */
  public Better better(Policy policy) {
    Better ruled = type == SeriesType.METRIC ? policy.metrics().rule(metric, scope).better() : null;
    return ruled == null ? better : ruled;
  }

  /**
   * What is usual at the time of each bin, see {@link UsualBand#band}: during a regression, what
   * was usual before it. It is not known of bins with too little in them to be judged.
   *
   * @param policy says what is too little, and what counts as the same level
   * @return one for each bin, in their order
   */
  public List<Band> band(Policy policy) {
    Scale scale = Scale.of(this, policy);
    List<Point> points =
        bins.stream()
            .filter(scale::tells)
            .map(bin -> new Point(bin.start, bin.length, scale.seen(bin.value), bin.volume))
            .toList();
    List<Point> ofNoFall =
        points.stream()
            .filter(point -> regressions.stream().noneMatch(each -> each.holds(point.start())))
            .toList();
    var usual =
        UsualBand.band(points, ofNoFall, usualSince(), scale.thresholds, policy.week()).iterator();
    List<Band> band = new ArrayList<>();
    for (Measured bin : bins) {
      band.add(
          scale.tells(bin)
              ? scale.told(usual.next())
              : new Band(bin.start, Double.NaN, Double.NaN));
    }
    return band;
  }

  /**
   * Since when the values are of the usual level. The level to compare with may have begun in a
   * fall that is open, or with the recovery from one: then it was the same before.
   */
  private long usualSince() {
    if (regressions.stream().noneMatch(each -> each.open() || each.holds(levelSince))) {
      return levelSince;
    }
    return regressions.stream()
        .filter(each -> RELEARNED.equals(each.because))
        .mapToLong(Regression::onset)
        .max()
        .orElse(NONE);
  }

  /**
   * The keys that a resource of this id may have: nothing in an id says how many of its parts are
   * the service's name.
   */
  public static List<StateKey> keys(String id) {
    List<StateKey> keys = new ArrayList<>();
    for (int slash = id.indexOf('/', 1); slash > 0; slash = id.indexOf('/', slash + 1)) {
      keys.add(new StateKey(Routes.service(id.substring(0, slash)), id));
    }
    return keys;
  }

  private static List<Regression> regressions(
      StateKey key, SeriesType type, List<OpenRegression> open, List<PastRegression> past) {
    List<Regression> all = new ArrayList<>();
    for (OpenRegression each : open) {
      all.add(
          new Regression(
              Findings.id(type.kind(), key.route(), key.id(), each.onset()),
              each.onset(),
              each.raisedAt(),
              NONE,
              each.before(),
              each.after(),
              each.gradual(),
              null,
              each.suspects().stream().map(Blame.Culprit::suspect).toList()));
    }
    for (PastRegression each : past) {
      all.add(
          new Regression(
              Findings.id(type.kind(), key.route(), key.id(), each.onset()),
              each.onset(),
              each.raisedAt(),
              each.clearedAt(),
              each.before(),
              each.after(),
              each.gradual(),
              each.because(),
              each.suspect() == null ? List.of() : List.of(each.suspect().suspect())));
    }
    all.sort(Regression.NEWEST_FIRST);
    return all;
  }

  /**
   * How values are seen where they are judged.
   *
   * @param factor what makes a value one of a point: the higher the better, in units of the least
   *     effect
   * @param least bins of less say nothing: of a cache, prompt tokens; of a metric, samples
   */
  private record Scale(SeriesType type, double factor, double least, Thresholds thresholds) {
    static Scale of(SeriesReport series, Policy policy) {
      if (series.type == SeriesType.CACHE_SCOPE) {
        Policy.Cache rules = policy.cache().of(series.scope);
        return new Scale(
            series.type, 1, Math.max(1, rules.minimumTokensPerBin()), Thresholds.of(rules));
      }
      MetricRule rule = policy.metrics().rule(series.metric, series.scope);
      DoubleStream means = series.bins.stream().mapToDouble(Measured::value);
      double unit = rule.minimumChange() == null ? MetricRegressionDetector.usualSize(means) : 1;
      return new Scale(
          series.type,
          (series.better(policy) == Better.LOWER ? -1 : 1) / (unit == 0 ? 1 : unit),
          rule.minimumSamplesPerBin(),
          Thresholds.of(rule));
    }

    boolean tells(Measured bin) {
      return (type == SeriesType.CACHE_SCOPE ? bin.volume : bin.calls) >= least;
    }

    double seen(double value) {
      return value * factor;
    }

    Band told(Band band) {
      if (Double.isNaN(band.low())) {
        return band;
      }
      double one = Figures.significant(band.low() / factor);
      double other = Figures.significant(band.high() / factor);
      return type == SeriesType.CACHE_SCOPE
          ? new Band(band.start(), Math.max(0, one), Math.min(1, other))
          : new Band(band.start(), Math.min(one, other), Math.max(one, other));
    }
  }
}
