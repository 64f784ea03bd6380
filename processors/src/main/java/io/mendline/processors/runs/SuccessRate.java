package io.mendline.processors.runs;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How often runs ended well, how sure that is, and whether it changes. It is counted, not learned.
 *
 * <p>The interval is Wilson's (E. B. Wilson, "Probable Inference, the Law of Succession, and
 * Statistical Inference", 1927) at 95 %: unlike the usual one it holds for few runs, and where all
 * or none succeeded.
 *
 * @param runs how many runs ended well or in failure
 * @param succeeded how many of them ended well
 * @param low the lower end of the interval, 0 to 1
 * @param high its upper end, 0 to 1
 * @param trend the newest {@value #HALF} against the {@value #HALF} before them
 */
public record SuccessRate(int runs, int succeeded, double low, double high, Trend trend) {
  /** So many runs are compared with as many before them. */
  static final int HALF = 25;

  /** With fewer runs to compare with, no trend is told. */
  static final int FEW = 10;

  /** The quantile of the normal distribution for 95 %. */
  private static final double Z = 1.959964;

  /** How the newest runs go, against those before them. */
  public enum Trend {
    /** More of them end well: the two intervals do not overlap. */
    BETTER,
    /** Fewer of them end well: the two intervals do not overlap. */
    WORSE,
    /** The intervals overlap: it may be chance. */
    SAME,
    /** There are too few runs to compare with. */
    UNKNOWN
  }

  /** Of these runs, the oldest first: true for one that ended well. */
  static SuccessRate of(List<Boolean> runs) {
    int newest = Math.max(0, runs.size() - HALF);
    Part all = Part.of(runs);
    Part before = Part.of(runs.subList(Math.max(0, newest - HALF), newest));
    Part last = Part.of(runs.subList(newest, runs.size()));
    return new SuccessRate(all.runs, all.succeeded, all.low(), all.high(), trend(before, last));
  }

  private static Trend trend(Part before, Part last) {
    if (before.runs < FEW) {
      return Trend.UNKNOWN;
    }
    if (last.low() > before.high()) {
      return Trend.BETTER;
    }
    return last.high() < before.low() ? Trend.WORSE : Trend.SAME;
  }

  /** The share that ended well, 0 to 1; empty where no run has ended. */
  public OptionalDouble share() {
    return runs == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) succeeded / runs);
  }

  /** Runs that are counted together. */
  private record Part(int runs, int succeeded) {
    static Part of(List<Boolean> runs) {
      return new Part(runs.size(), (int) runs.stream().filter(well -> well).count());
    }

    double low() {
      return runs == 0 || succeeded == 0 ? 0 : Math.max(0, centre() - reach());
    }

    double high() {
      return runs == succeeded ? 1 : Math.min(1, centre() + reach());
    }

    private double centre() {
      return (succeeded + Z * Z / 2) / (runs + Z * Z);
    }

    private double reach() {
      double share = (double) succeeded / runs;
      return Z * Math.sqrt(runs * share * (1 - share) + Z * Z / 4) / (runs + Z * Z);
    }
  }
}
