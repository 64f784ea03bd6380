package io.mendline.benchmarks;

import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Measures how well falls of made-up series are found, and the change that they came from. */
final class MadeUpEvaluation {
  private static final long START = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
  private static final long MINUTE = 60_000;
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** What is found of a fall so long before or after its onset is that fall. */
  private static final long NEAR = 12 * HOUR;

  /** A drift begins with a point or two within its first half day, which is less than the noise. */
  private static final long NEAR_OF_DRIFT = 48 * HOUR;

  /** Until then nobody can know a series' week. */
  private static final long LEARNING = 8 * 24 * HOUR;

  /** The onset of a drift may be told anywhere in its week. */
  private static final long WEEK = 7 * 24 * HOUR;

  private final long seed;
  private final int each;
  private final double changes;
  private final Map<MadeUpSeries.Kind, Score> scores = new EnumMap<>(MadeUpSeries.Kind.class);
  private final Map<String, BlameScore> blame = new TreeMap<>();
  private final Score all = new Score();

  /**
   * An evaluation.
   *
   * @param seed the first seed
   * @param each how many series of each kind, each of the next seed
   * @param changes how many a day are not to blame
   */
  MadeUpEvaluation(long seed, int each, double changes) {
    this.seed = seed;
    this.each = each;
    this.changes = changes;
  }

  /** Runs the series and prints what was found, by kind of series, and what was named. */
  void print(PrintWriter out) {
    for (MadeUpSeries.Kind kind : MadeUpSeries.Kind.values()) {
      for (long i = seed; i < seed + each; i++) {
        MadeUpSeries series = MadeUpSeries.of(i, kind, START);
        judge(series, MadeUpChanges.of(i, series, changes));
      }
    }
    out.println(
        "kind | series | falls | found | wrong | in the first week | delay h, median |"
            + " onset off h, median | 9 of 10");
    scores.forEach((kind, score) -> out.println(kind + " | " + score));
    out.println("all | " + all);
    out.printf(Locale.ROOT, "precision %.3f, recall %.3f%n", all.precision(), all.recall());
    out.println(all.instants());
    out.println();
    out.println("falls found | how many | named | far off | right first | clear | wrongly clear");
    blame.forEach((falls, score) -> out.println(falls + " | " + score));
    out.flush();
  }

  private void judge(MadeUpSeries series, MadeUpChanges changes) {
    List<Finding> found = found(series, changes);
    scores.computeIfAbsent(series.kind(), unused -> new Score()).add(series, found);
    Finding fall = all.add(series, found);
    if (fall != null) {
      String falls =
          (series.kind().drifts() ? "drifts" : "steps")
              + (changes.right() == null ? " of no change" : " of a change");
      blame
          .computeIfAbsent(falls, unused -> new BlameScore())
          .add(fall, changes.right(), series.onset());
    }
  }

  private static List<Finding> found(MadeUpSeries series, MadeUpChanges changes) {
    Regressions regressions = new Regressions(series.name(), new PolicyBook());
    int next = 0;
    for (int i = 0; i < series.values().size(); i++) {
      long at = series.start() + i * MadeUpSeries.EVERY;
      while (next < changes.all().size() && changes.all().get(next).at() <= at) {
        MadeUpChanges.Change change = changes.all().get(next++);
        regressions.change(change.at(), change.json());
      }
      if (!Double.isNaN(series.values().get(i))) {
        // Four decimals, as producers write ratios.
        double value = Math.round(series.values().get(i) * 10_000) / 10_000.0;
        regressions.sample(at, "hit_ratio", series.name(), value);
      }
    }
    return regressions.raised();
  }

  /** What was found of several series. */
  private static final class Score {
    private int series;
    private int falls;
    private int found;
    private int wrong;
    private int early;
    private final List<Double> delays = new ArrayList<>();
    private final List<Double> offsets = new ArrayList<>();
    private final List<Double> widths = new ArrayList<>();
    private int within;

    /** Counts one series; returns what was found of its fall, or null. */
    Finding add(MadeUpSeries of, List<Finding> findings) {
      series++;
      falls += of.kind().regresses() ? 1 : 0;
      Finding hit = null;
      for (Finding finding : findings) {
        if (hit == null && isOf(of, finding)) {
          hit = finding;
          found++;
          long onset = finding.getWindowStart().toEpochMilli();
          delays.add((finding.getOccurredAt().toEpochMilli() - of.onset()) / (double) HOUR);
          // Onsets are told to the bin.
          addInstants(of, finding);
          offsets.add(Math.abs(onset - Math.floorDiv(of.onset(), HOUR) * HOUR) / (double) HOUR);
        } else if (finding.getOccurredAt().toEpochMilli() < of.start() + LEARNING) {
          early++;
        } else {
          wrong++;
        }
      }
      return hit;
    }

    private void addInstants(MadeUpSeries of, Finding finding) {
      String earliest = finding.getAttributes().get("earliest");
      if (earliest != null) {
        long from = Instant.parse(earliest).toEpochMilli();
        long to = Instant.parse(finding.getAttributes().get("latest")).toEpochMilli();
        widths.add((to - from) / (double) MINUTE);
        within += from <= of.onset() && of.onset() <= to ? 1 : 0;
      }
    }

    /** How well it is known when steps happened. */
    String instants() {
      return String.format(
          Locale.ROOT,
          "%d of %d steps happened within what is told, %s minutes in the middle, %s for 9 of 10",
          within,
          widths.size(),
          Quantile.text(widths, 0.5, 0),
          Quantile.text(widths, 0.9, 0));
    }

    private static boolean isOf(MadeUpSeries of, Finding finding) {
      long onset = finding.getWindowStart().toEpochMilli();
      boolean drifts = of.kind().drifts();
      return of.kind().regresses()
          && onset >= of.onset() - (drifts ? NEAR_OF_DRIFT : NEAR)
          && onset <= of.shownAt() + (drifts ? WEEK : NEAR);
    }

    /** The share of all that was told that is right, also of what was told in the first week. */
    double precision() {
      int told = found + wrong + early;
      return told == 0 ? 1 : (double) found / told;
    }

    double recall() {
      return falls == 0 ? 1 : (double) found / falls;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d | %d | %d | %d | %d | %s | %s | %s",
          series,
          falls,
          found,
          wrong,
          early,
          Quantile.text(delays, 0.5, 0),
          Quantile.text(offsets, 0.5, 0),
          Quantile.text(offsets, 0.9, 0));
    }
  }
}
