package io.mendline.benchmarks;

import io.mendline.benchmarks.LabelledSeries.Span;
import io.mendline.schemas.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What was found of labelled series, held against their labels.
 *
 * <p>A finding is right when its onset lies near a labelled instant or within a labelled window,
 * and no other finding has that label; all others are wrong, a second telling too. Findings take
 * labels in the order of their onsets, each the one that ends first of those that it may have: so
 * no other way would make more of them right.
 */
final class SpanScore {
  private static final double HOUR = Duration.ofHours(1).toMillis();

  private static final Comparator<Told> BY_ONSET =
      Comparator.comparingLong(Told::onset).thenComparingLong(Told::at);

  private final long near;
  private final long bin;
  private final List<Double> delays = new ArrayList<>();
  private final List<Double> offsets = new ArrayList<>();
  private int labels;
  private int found;
  private int wrong;

  /**
   * A score of nothing yet.
   *
   * @param near how far an onset may lie from an instant
   * @param bin onsets are told to bins of this length, so one may lie before its window's begin
   */
  SpanScore(Duration near, Duration bin) {
    this.near = near.toMillis();
    this.bin = bin.toMillis();
  }

  /**
   * What a finding tells.
   *
   * @param onset since when it is worse, epoch milliseconds
   * @param at as of when that was told, epoch milliseconds
   */
  record Told(long onset, long at) {
    static Told of(Finding finding) {
      return new Told(
          finding.getWindowStart().toEpochMilli(), finding.getOccurredAt().toEpochMilli());
    }
  }

  /** Counts what was told of one series. */
  void add(List<Span> known, List<Told> tellings) {
    labels += known.size();
    List<Span> left = new ArrayList<>(known);
    for (Told told : tellings.stream().sorted(BY_ONSET).toList()) {
      Span label =
          left.stream()
              .filter(span -> matches(span, told.onset()))
              .min(Comparator.comparingLong(this::deadline).thenComparingLong(Span::from))
              .orElse(null);
      if (label == null) {
        wrong++;
      } else {
        left.remove(label);
        found++;
        delays.add((told.at() - label.from()) / HOUR);
        offsets.add(away(label, told.onset()) / HOUR);
      }
    }
  }

  private boolean matches(Span span, long onset) {
    return away(span, onset) <= slack(span);
  }

  /** The last onset that may have a label. */
  private long deadline(Span span) {
    return span.to() + slack(span);
  }

  private long slack(Span span) {
    return span.isInstant() ? near : 0;
  }

  /** How far an onset lies from the bins of a label. */
  private long away(Span span, long onset) {
    long first = Math.floorDiv(span.from(), bin) * bin;
    return Math.max(0, Math.max(first - onset, onset - span.to()));
  }

  int labels() {
    return labels;
  }

  int found() {
    return found;
  }

  int wrong() {
    return wrong;
  }

  /** The share of what was found that is right; 1 where nothing was found. */
  double precision() {
    return found + wrong == 0 ? 1 : (double) found / (found + wrong);
  }

  /** The share of the labels that were found; 1 where there is none. */
  double recall() {
    return labels == 0 ? 1 : (double) found / labels;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d | %d | %d | %.3f | %.3f | %s | %s",
        labels,
        found,
        wrong,
        precision(),
        recall(),
        Quantile.text(delays, 0.5, 1),
        Quantile.text(offsets, 0.5, 1));
  }
}
