package io.mendline.processors.regression;

/** How the hours of the days and the parts of the week differ, as bins up to one show it. */
final class Rhythm {
  private final Alike alike;
  private final double[] sum = new double[Series.GROUPS];
  private final double[] weight = new double[Series.GROUPS];
  private final double usual;

  /** Of the bins before one. */
  Rhythm(Series series, int to, Alike alike) {
    this.alike = alike;
    for (int i = 0; i < to; i++) {
      int g = alike.group(series, i);
      sum[g] += series.weight(i) * series.smooth(i);
      weight[g] += series.weight(i);
    }
    usual = usual(sum, weight);
  }

  /** The values as they would be without it, as on a workday; NaN where it is not known. */
  double[] free(Series series) {
    double[] free = new double[series.size()];
    for (int i = 0; i < free.length; i++) {
      free[i] = free(series, i);
    }
    return free;
  }

  /** One of them. */
  double free(Series series, int i) {
    return series.moved(i) - of(series, i);
  }

  /** The usual: the mean over the hours of workdays. */
  double usual() {
    return usual;
  }

  /** How far bins like one lie above the usual; NaN where none was seen. */
  double of(Series series, int i) {
    int g = alike.group(series, i);
    return weight[g] == 0 ? Double.NaN : sum[g] / weight[g] - usual;
  }

  /** The mean over the hours of workdays; over all, where there are none. */
  static double usual(double[] sum, double[] weight) {
    double means = 0;
    int count = 0;
    for (int part = 0; part < 2 && count == 0; part++) {
      for (int g = 0; g < Series.GROUPS; g++) {
        if (weight[g] > 0 && Series.isWeekend(g) == (part == 1)) {
          means += sum[g] / weight[g];
          count++;
        }
      }
    }
    return means / count;
  }
}
