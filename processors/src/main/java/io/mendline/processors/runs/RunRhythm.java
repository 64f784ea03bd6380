package io.mendline.processors.runs;

import io.mendline.processors.runs.JobHistory.Done;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * How much longer than usual the runs of a job take at some hours of the day and on some days of
 * the week (UTC).
 *
 * <p>The logarithm of a duration is taken to be the sum of the level of the last week, a part of
 * the day of the week, a part of the hour, and noise. A week's level holds every day of the week
 * once, so that it has no rhythm of its own; what grows from week to week is the same for all
 * parts, and is no rhythm either. The parts are means of the last few of their kind, drawn together
 * by as much as noise alone may have moved them apart (James and Stein 1961, <i>Estimation with
 * quadratic loss</i>; Efron and Morris 1975, <i>Data analysis using Stein's estimator and its
 * generalizations</i>): where nothing tells the hours apart, they are all alike, and a part that
 * was not seen yet is taken for the greatest.
 *
 * <p>Logarithms are kept in thousandths, so that what is written is what was reckoned with.
 */
final class RunRhythm {
  private static final long DAY = 86_400_000L;
  private static final long HOUR = 3_600_000L;
  private static final int WEEK = 7;
  private static final double UNIT = 1_000;

  private final Parts hours = new Parts(24, 12, 200);
  private final Parts weekdays = new Parts(WEEK, 4, 20);

  /** The levels of the last seven days on which it ran, oldest first. */
  private final List<DayLevel> week = new ArrayList<>();

  /** The day that is not over yet. */
  private long day = Long.MIN_VALUE;

  private long sum;
  private int count;

  /** The end of the last run that it learned from, epoch milliseconds. */
  private long last = Long.MIN_VALUE;

  /**
   * The level of one day.
   *
   * @param day since 1970
   * @param level the mean of the logarithms
   */
  private record DayLevel(long day, int level) {}

  /** Learns from a run; from one that ended no later than the last it learns nothing. */
  void learn(Done run) {
    if (run.end() <= last) {
      return;
    }
    last = run.end();
    long today = Math.floorDiv(run.end(), DAY);
    if (today != day) {
      endDay();
      day = today;
    }
    int log = (int) Math.round(UNIT * Math.log((double) Math.max(1, run.took())));
    sum += log;
    count++;
    if (!week.isEmpty()) {
      hours.learn(hour(run.end()), log - ofWeek() - weekdays.mean(weekday(day)));
    }
  }

  private void endDay() {
    if (count == 0) {
      return;
    }
    int level = (int) (sum / count);
    week.add(new DayLevel(day, level));
    week.removeIf(old -> old.day() <= day - WEEK);
    if (week.get(0).day() == day - WEEK + 1) {
      weekdays.learn(weekday(day), level - ofWeek());
    }
    sum = 0;
    count = 0;
  }

  private int ofWeek() {
    long all = 0;
    for (DayLevel of : week) {
      all += of.level();
    }
    return (int) (all / week.size());
  }

  /** What runs would have taken at a usual hour on a usual day, milliseconds. */
  long[] free(List<Done> runs) {
    double[] byHour = hours.effects();
    double[] byDay = weekdays.effects();
    long[] free = new long[runs.size()];
    for (int i = 0; i < free.length; i++) {
      Done run = runs.get(i);
      double effect = byHour[hour(run.end())] + byDay[weekday(Math.floorDiv(run.end(), DAY))];
      free[i] = effect == 0 ? run.took() : Math.round(run.took() / Math.exp(effect / UNIT));
    }
    return free;
  }

  /** The rhythm that the job had at its old level it will have at the new one. */
  void lift(double ratio) {
    int by = (int) Math.round(UNIT * Math.log(ratio));
    week.replaceAll(of -> new DayLevel(of.day(), of.level() + by));
    sum += (long) by * count;
  }

  private static int hour(long time) {
    return (int) (Math.floorMod(time, DAY) / HOUR);
  }

  private static int weekday(long day) {
    return (int) Math.floorMod(day, (long) WEEK);
  }

  void write(BinaryWriter out) {
    hours.write(out);
    weekdays.write(out);
    out.writeList(week, (to, of) -> to.writeZigZag(of.day()).writeZigZag(of.level()));
    out.writeFixed64(day).writeZigZag(sum).writeVarInt(count).writeFixed64(last);
  }

  void read(BinaryReader in) {
    hours.read(in);
    weekdays.read(in);
    week.addAll(in.readList(from -> new DayLevel(from.readZigZag(), (int) from.readZigZag())));
    day = in.readFixed64();
    sum = in.readZigZag();
    count = in.readVarInt();
    last = in.readFixed64();
  }

  /** Means of several kinds, and how much single values scatter about them. */
  private static final class Parts {
    /** As noise lasts, more of what tells means apart is noise than its scatter says. */
    private static final int LASTING = 2;

    private final int[] means;
    private final int[] counts;
    private final int most;
    private final int mostScattered;

    /** The mean square of what single values were off. */
    private long scatter;

    private int scattered;

    /**
     * Without a value.
     *
     * @param most so many values of a kind count; older ones fade
     * @param mostScattered so many count for the scatter
     */
    Parts(int kinds, int most, int mostScattered) {
      this.means = new int[kinds];
      this.counts = new int[kinds];
      this.most = most;
      this.mostScattered = mostScattered;
    }

    int mean(int kind) {
      return means[kind];
    }

    void learn(int kind, int value) {
      int known = counts[kind];
      long off = (long) value - means[kind];
      if (known > 0) {
        scattered = Math.min(mostScattered, scattered + 1);
        scatter += (off * off * known / (known + 1) - scatter) / scattered;
      }
      counts[kind] = Math.min(most, known + 1);
      means[kind] += (int) (off / counts[kind]);
    }

    /** How far each kind lies above their mean, free of noise; what is not known as the highest. */
    double[] effects() {
      double[] effects = new double[means.length];
      int kinds = 0;
      double mean = 0;
      for (int i = 0; i < means.length; i++) {
        kinds += counts[i] > 0 ? 1 : 0;
        mean += counts[i] > 0 ? means[i] : 0;
      }
      if (kinds < 2 || scattered == 0) {
        return effects;
      }
      mean /= kinds;
      double apart = 0;
      for (int i = 0; i < means.length; i++) {
        apart += counts[i] * (means[i] - mean) * (means[i] - mean);
      }
      double kept = apart == 0 ? 0 : 1 - LASTING * (kinds - 1.0) * scatter / apart;
      if (kept <= 0) {
        return effects;
      }
      double highest = 0;
      for (int i = 0; i < means.length; i++) {
        effects[i] = counts[i] > 0 ? kept * (means[i] - mean) : Double.NaN;
        highest = counts[i] > 0 ? Math.max(highest, effects[i]) : highest;
      }
      for (int i = 0; i < means.length; i++) {
        effects[i] = counts[i] > 0 ? effects[i] : highest;
      }
      return effects;
    }

    void write(BinaryWriter out) {
      for (int i = 0; i < means.length; i++) {
        out.writeVarInt(counts[i]);
        if (counts[i] > 0) {
          out.writeZigZag(means[i]);
        }
      }
      out.writeVarLong(scatter).writeVarInt(scattered);
    }

    void read(BinaryReader in) {
      for (int i = 0; i < means.length; i++) {
        counts[i] = in.readVarInt();
        means[i] = counts[i] > 0 ? (int) in.readZigZag() : 0;
      }
      scatter = in.readVarLong();
      scattered = in.readVarInt();
    }
  }
}
