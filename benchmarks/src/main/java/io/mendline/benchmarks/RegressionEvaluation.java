package io.mendline.benchmarks;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures how well metrics that got worse are found: made-up series go as messages through the
 * pipeline, as {@code mendline replay} runs it, and what is found is held against what is known of
 * them. Arguments: the first seed, and how many series of each kind.
 */
public final class RegressionEvaluation {
  private static final long START = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();

  /** What is found of a fall so long before or after its onset is that fall. */
  private static final long NEAR = 12 * HOUR;

  /** Until then nobody can know a series' week. */
  private static final long LEARNING = 8 * 24 * HOUR;

  /** The onset of a drift may be told anywhere in its week. */
  private static final long WEEK = 7 * 24 * HOUR;

  private RegressionEvaluation() {}

  /** Prints what was found, by kind of series. */
  public static void main(String[] args) {
    long seed = args.length > 0 ? Long.parseLong(args[0]) : 1;
    int each = args.length > 1 ? Integer.parseInt(args[1]) : 20;
    Map<MadeUpSeries.Kind, Score> scores = new EnumMap<>(MadeUpSeries.Kind.class);
    Score all = new Score();
    for (MadeUpSeries.Kind kind : MadeUpSeries.Kind.values()) {
      Score score = scores.computeIfAbsent(kind, unused -> new Score());
      for (int i = 0; i < each; i++) {
        MadeUpSeries series = MadeUpSeries.of(seed + i, kind, START);
        List<Finding> found = found(series);
        score.add(series, found);
        all.add(series, found);
      }
    }
    System.out.println(
        "kind | series | falls | found | wrong | in the first week | delay h, median | onset off h, median | 9 of 10");
    scores.forEach((kind, score) -> System.out.println(kind + " | " + score));
    System.out.println("all | " + all);
    System.out.printf(Locale.ROOT, "precision %.3f, recall %.3f%n", all.precision(), all.recall());
  }

  /** The findings of a series, each as it was first raised. */
  private static List<Finding> found(MadeUpSeries series) {
    Map<String, Finding> raised = new LinkedHashMap<>();
    LocalRuntime runtime =
        new LocalRuntime(
            source -> source.defaultLateness().toMillis(),
            new PolicyBook(),
            CauseCatalogue.bundled(),
            output -> {
              if (output instanceof Output.Found found
                  && found.finding().getKind() == FindingKind.METRIC_REGRESSION
                  && found.finding().getStatus() == FindingStatus.RAISED) {
                raised.putIfAbsent(found.finding().getId(), found.finding());
              }
            },
            letter -> {
              throw new IllegalStateException(letter.toString());
            });
    for (int i = 0; i < series.values().size(); i++) {
      if (!Double.isNaN(series.values().get(i))) {
        runtime.accept(message(series, i));
      }
    }
    return List.copyOf(raised.values());
  }

  private static Decoded message(MadeUpSeries series, int i) {
    long at = series.start() + i * MadeUpSeries.EVERY;
    String json =
        String.format(
            Locale.ROOT,
            "{\"time\": %d, \"metric\": \"hit_ratio\", \"scope\": \"%s\", \"value\": %.4f}",
            at,
            series.name(),
            series.values().get(i));
    return Decoded.of(
        new RawMessage(
            Source.METRICS,
            new Coordinates("telemetry.metrics", 0, i),
            at,
            null,
            json.getBytes(StandardCharsets.UTF_8)));
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

    void add(MadeUpSeries of, List<Finding> findings) {
      series++;
      falls += of.kind().regresses() ? 1 : 0;
      boolean hit = false;
      for (Finding finding : findings) {
        long onset = finding.getWindowStart().toEpochMilli();
        if (finding.getOccurredAt().toEpochMilli() < of.start() + LEARNING) {
          early++;
          continue;
        }
        long latest = of.onset() + (of.kind() == MadeUpSeries.Kind.DRIFT ? WEEK : NEAR);
        boolean right =
            of.kind().regresses() && onset >= of.onset() - NEAR && onset <= latest && !hit;
        if (right) {
          hit = true;
          found++;
          delays.add((finding.getOccurredAt().toEpochMilli() - of.onset()) / (double) HOUR);
          // Onsets are told to the bin.
          offsets.add(Math.abs(onset - Math.floorDiv(of.onset(), HOUR) * HOUR) / (double) HOUR);
        } else {
          wrong++;
        }
      }
    }

    double precision() {
      return found + wrong == 0 ? 1 : (double) found / (found + wrong);
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
          quantile(delays, 0.5),
          quantile(offsets, 0.5),
          quantile(offsets, 0.9));
    }

    private static String quantile(List<Double> values, double share) {
      if (values.isEmpty()) {
        return "";
      }
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
      Arrays.sort(sorted);
      return String.format(Locale.ROOT, "%.0f", sorted[(int) Math.ceil(share * sorted.length) - 1]);
    }
  }
}
