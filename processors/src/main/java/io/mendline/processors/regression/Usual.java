package io.mendline.processors.regression;

/**
 * What is usual at each hour of workdays and weekends, as the bins before a change have it. Of few
 * bins it is no mean: the lowest counts, so that a spike of yesterday makes no fall of today.
 */
final class Usual {
  private final LeastSquares frame;
  private final double[] values = new double[Series.GROUPS];

  Usual(LeastSquares frame, int onset) {
    this.frame = frame;
    Series series = frame.series();
    double[][] alike = new double[Series.GROUPS][];
    int[] count = new int[Series.GROUPS];
    double[] all = new double[onset];
    for (int i = 0; i < onset; i++) {
      int g = frame.group(i);
      if (alike[g] == null) {
        alike[g] = new double[onset];
      }
      all[i] = series.smooth(i);
      alike[g][count[g]++] = all[i];
    }
    double ofAll = Series.median(all, 0, onset);
    for (int g = 0; g < Series.GROUPS; g++) {
      values[g] =
          switch (count[g]) {
            case 0 -> Double.NaN;
            case 1 -> Math.min(alike[g][0], ofAll);
            case 2 -> Math.min(alike[g][0], alike[g][1]);
            default -> Series.median(alike[g], 0, count[g]);
          };
    }
  }

  /** Of a group; NaN where none of it was seen. */
  double of(int group) {
    return values[group];
  }

  /** How far the bins from one on lie off, in the middle; NaN where nothing is known of them. */
  double off(int from) {
    double[] off = new double[frame.series().size() - from];
    int known = 0;
    for (int i = from; i < frame.series().size(); i++) {
      double value = frame.series().smooth(i) - values[frame.group(i)];
      if (!Double.isNaN(value)) {
        off[known++] = value;
      }
    }
    return known == 0 ? Double.NaN : Series.median(off, 0, known);
  }
}
