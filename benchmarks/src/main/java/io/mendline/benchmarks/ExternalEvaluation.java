package io.mendline.benchmarks;

import io.mendline.benchmarks.LabelledSeries.Sample;
import io.mendline.benchmarks.SpanScore.Told;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Measures how well it is found that series of a published data set became worse. */
final class ExternalEvaluation {
  private static final String METRIC = "value";
  private static final String SCOPE = "series";

  private final Better better;
  private final Duration bin;
  private final Duration near;
  private final String leastEffect;

  /** Which way is better. */
  enum Better {
    HIGHER,
    LOWER,
    /** A change either way is what is looked for. */
    EITHER
  }

  /**
   * An evaluation.
   *
   * @param leastEffect the key and value of a rule of {@code metrics.rules}, as {@code
   *     minimumShare: 0.2}
   * @param bin the length of a bin
   * @param near how far an onset may lie from a labelled instant
   */
  ExternalEvaluation(Better better, String leastEffect, Duration bin, Duration near) {
    this.better = better;
    this.leastEffect = leastEffect;
    this.bin = bin;
    this.near = near;
  }

  /**
   * Prints what was found, a line for each series and one for all.
   *
   * @throws EvaluationException when a series cannot be judged in bins of this length
   * @throws io.mendline.processors.policy.PolicyException when an option is out of its bounds
   */
  void print(List<LabelledSeries> all, PrintWriter out) {
    all.forEach(this::requireFilledBins);
    out.println(
        "series | values | labels | found | wrong | precision | recall | delay h, median |"
            + " onset off h, median");
    SpanScore score = new SpanScore(near, bin);
    long values = 0;
    for (LabelledSeries series : all) {
      List<Told> told = told(series);
      SpanScore one = new SpanScore(near, bin);
      one.add(series.labels(), told);
      score.add(series.labels(), told);
      values += series.samples().size();
      out.println(series.name() + " | " + series.samples().size() + " | " + one);
    }
    out.println("all | " + values + " | " + score);
    out.flush();
  }

  private void requireFilledBins(LabelledSeries series) {
    Duration apart = usuallyApart(series.samples());
    if (apart.compareTo(bin) > 0) {
      throw new EvaluationException(
          String.format(
              Locale.ROOT,
              "%s: its values lie %s apart, so most bins of %s are empty; give --bin %s or more",
              series.name(),
              apart,
              bin,
              apart));
    }
  }

  private List<Told> told(LabelledSeries series) {
    Map<String, Finding> joined = new TreeMap<>();
    List<Better> ways =
        better == Better.EITHER ? List.of(Better.HIGHER, Better.LOWER) : List.of(better);
    for (Better way : ways) {
      // A finding's id is of the series and the onset, so one onset is told once.
      found(series, way).forEach(finding -> joined.putIfAbsent(finding.getId(), finding));
    }
    return joined.values().stream().map(Told::of).toList();
  }

  private List<Finding> found(LabelledSeries series, Better way) {
    Regressions regressions = new Regressions(series.name(), policies(way));
    for (Sample sample : series.samples()) {
      regressions.sample(sample.at(), METRIC, SCOPE, sample.value());
    }
    // So that the last bin closes.
    long last = series.samples().get(series.samples().size() - 1).at();
    regressions.advance(last + 2 * bin.toMillis() + Duration.ofDays(1).toMillis());
    return regressions.raised();
  }

  /**
   * The built-in policy with these options. Data sets are sampled as they are, so one sample makes
   * a bin; and in long bins the times to compare are long enough to hold as many as are needed.
   */
  private PolicyBook policies(Better way) {
    Policy.Metrics usual = Policies.builtIn().metrics();
    Duration needed = bin.multipliedBy(usual.minimumBins());
    String policy =
        String.format(
            Locale.ROOT,
            "metrics: {bin: %s, baseline: %s, persistence: %s, minimumSamplesPerBin: 1,"
                + " rules: [{metric: \"*\", better: %s, %s}]}",
            bin,
            longer(usual.baseline(), needed),
            longer(usual.persistence(), needed),
            way,
            leastEffect);
    PolicyBook book = new PolicyBook();
    book.put(Policies.parse("options", policy.getBytes(StandardCharsets.UTF_8)));
    return book;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /** The median of the times between one value and the next. */
  private static Duration usuallyApart(List<Sample> samples) {
    long[] gaps = new long[samples.size() - 1];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = samples.get(i + 1).at() - samples.get(i).at();
    }
    Arrays.sort(gaps);
    return Duration.ofMillis(gaps[gaps.length / 2]);
  }
}
