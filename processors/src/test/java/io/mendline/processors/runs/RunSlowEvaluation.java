package io.mendline.processors.runs;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.RunsAsSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Measures how well slow jobs are found on jobs that are made up, by the method in use and by
 * others, and prints what {@code docs/evaluation/run-slow.md} says. Arguments: the first seed, the
 * number of jobs of each kind, and anything to measure the other methods too.
 */
final class RunSlowEvaluation {
  private static final Policy.Runs POLICY = Policies.builtIn().runs();
  private static final int AFTER = 150;

  private RunSlowEvaluation() {}

  /** A way to say whether the last run of a series confirms a rise. */
  interface Method {
    /** The place of the first slow run, or -1. */
    int onset(long[] took);
  }

  /**
   * How a method did.
   *
   * @param steps rises there were
   * @param found of them
   * @param wrong rises told of that there were not
   * @param delays how many slow runs it took, of those found
   * @param offsets how far the onset was from the true one, in runs
   */
  record Score(int steps, int found, int wrong, List<Integer> delays, List<Integer> offsets) {
    static Score none() {
      return new Score(0, 0, 0, new ArrayList<>(), new ArrayList<>());
    }

    Score plus(Score other) {
      List<Integer> allDelays = new ArrayList<>(delays);
      allDelays.addAll(other.delays);
      List<Integer> allOffsets = new ArrayList<>(offsets);
      allOffsets.addAll(other.offsets);
      return new Score(
          steps + other.steps, found + other.found, wrong + other.wrong, allDelays, allOffsets);
    }

    double precision() {
      return found + wrong == 0 ? 1 : (double) found / (found + wrong);
    }

    double recall() {
      return steps == 0 ? 1 : (double) found / steps;
    }

    int delay(double quantile) {
      return quantile(delays, quantile);
    }

    int offset(double quantile) {
      return quantile(offsets, quantile);
    }

    private static int quantile(List<Integer> values, double quantile) {
      int[] sorted = values.stream().mapToInt(Integer::intValue).sorted().toArray();
      return sorted.length == 0 ? -1 : sorted[(int) (quantile * (sorted.length - 1))];
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%.3f | %.3f | %d of %d | %d | %d | %d | %d",
          precision(),
          recall(),
          found,
          steps,
          wrong,
          delay(0.5),
          delay(0.9),
          offset(0.9));
    }
  }

  /** Jobs of a kind: one in two has a step, every other of which goes back after 40 runs. */
  static List<MadeUpJob> jobs(
      MadeUpJob.Habit habit, Duration cadence, double variation, double step, int many, long seed) {
    int before =
        cadence.compareTo(Duration.ofHours(12)) > 0
            ? 120
            : (int) (Duration.ofDays(20).toMillis() / cadence.toMillis());
    List<MadeUpJob> jobs = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      boolean stepped = i % 2 == 0;
      int at = before - 20 + (int) ((seed + i) * 7 % 40);
      int back = i % 4 == 0 ? at + 40 : Integer.MAX_VALUE;
      long own = (seed + i) * 1_000_003L + habit.name().hashCode() * 31L + cadence.toMinutes();
      jobs.add(
          new MadeUpJob(
              habit, cadence, variation, stepped ? step : 1, at, back, before + 20 + AFTER, own));
    }
    return jobs;
  }

  /** How the detector's own history does on a job. */
  static Score score(MadeUpJob job) {
    JobHistory history = new JobHistory();
    return score(
        job,
        (i, run) -> {
          var done = new JobHistory.Done(Integer.toString(i), run.end(), run.took());
          return history.add(done, true, POLICY) == JobHistory.Turn.RAISED
              ? OptionalInt.of(Integer.parseInt(history.onset().runId()))
              : OptionalInt.empty();
        });
  }

  /** How the engine of caches and metrics does on a job. */
  static Score scoreAsSeries(MadeUpJob job, Duration cadence) {
    RunsAsSeries series = new RunsAsSeries(cadence.toMillis(), POLICY.slowFactor());
    return score(job, (i, run) -> series.add(run.end(), run.took()));
  }

  /** Says with which run a rise began, when one is told at a run. */
  private interface Judge {
    OptionalInt onset(int i, MadeUpJob.Run run);
  }

  private static Score score(MadeUpJob job, Judge judge) {
    Score score = Score.none();
    boolean stepped = job.step() != 1;
    boolean found = false;
    int wrong = 0;
    MadeUpJob.Run[] runs = job.make();
    for (int i = 0; i < runs.length; i++) {
      OptionalInt onset = judge.onset(i, runs[i]);
      if (onset.isEmpty()) {
        continue;
      }
      if (stepped && !found && isOfStep(job, i)) {
        found = true;
        score.delays.add(i - job.stepAt() + 1);
        score.offsets.add(Math.abs(onset.getAsInt() - job.stepAt()));
      } else if (isKnown(runs, i)) {
        wrong++;
      }
    }
    return new Score(stepped ? 1 : 0, found ? 1 : 0, wrong, score.delays, score.offsets);
  }

  private static boolean isOfStep(MadeUpJob job, int i) {
    return i >= job.stepAt() && i < Math.min(job.backAt(), job.stepAt() + 50);
  }

  /** In its first eight days nobody can know a job's rhythm. */
  private static boolean isKnown(MadeUpJob.Run[] runs, int at) {
    return runs[at].end() - runs[0].end() > Duration.ofDays(8).toMillis();
  }

  /** How a method does on a job; after a rise the job is learnt anew. */
  static Score score(MadeUpJob job, Method method) {
    Score score = Score.none();
    boolean stepped = job.step() != 1;
    boolean found = false;
    int wrong = 0;
    MadeUpJob.Run[] runs = job.make();
    int from = 0;
    for (int i = 10; i < runs.length; i++) {
      int first = Math.max(from, i + 1 - JobHistory.KEPT - JobHistory.RECENT);
      long[] took = Arrays.stream(runs, first, i + 1).mapToLong(MadeUpJob.Run::took).toArray();
      int onset = took.length < 13 ? -1 : method.onset(took);
      if (onset < 0) {
        continue;
      }
      if (stepped && !found && isOfStep(job, i)) {
        found = true;
        score.delays.add(i - job.stepAt() + 1);
        score.offsets.add(Math.abs(first + onset - job.stepAt()));
      } else if (isKnown(runs, i)) {
        wrong++;
      }
      from = first + onset;
      i = Math.max(i, from + JobHistory.KEPT);
    }
    return new Score(stepped ? 1 : 0, found ? 1 : 0, wrong, score.delays, score.offsets);
  }

  /** Three runs in a row beyond three deviations of the logarithms, by median and MAD. */
  static int byDeviation(long[] took) {
    int split = took.length - 3;
    double[] logs = logs(took);
    double[] before = Arrays.copyOf(logs, split);
    double median = median(before);
    double[] off = Arrays.stream(before).map(value -> Math.abs(value - median)).toArray();
    double limit = median + Math.max(Math.log(POLICY.slowFactor()), 3 * 1.4826 * median(off));
    for (int i = split; i < took.length; i++) {
      if (logs[i] < limit) {
        return -1;
      }
    }
    return split;
  }

  /**
   * The last 3 to 20 runs against those before by Mann and Whitney's test, normal approximation.
   */
  static int byRanks(long[] took) {
    int best = -1;
    double most = 3.9;
    for (int count = 3; count <= Math.min(20, took.length - 10); count++) {
      int split = took.length - count;
      double wins = 0;
      for (int i = split; i < took.length; i++) {
        for (int j = 0; j < split; j++) {
          wins += took[i] > took[j] ? 1 : took[i] == took[j] ? 0.5 : 0;
        }
      }
      double mean = count * split / 2.0;
      double deviation = Math.sqrt(count * (double) split * (took.length + 1) / 12);
      boolean large =
          Shift.median(took, split, took.length)
              >= Shift.longFrom(Shift.median(took, 0, split), POLICY);
      if (large && (wins - mean) / deviation > most) {
        most = (wins - mean) / deviation;
        best = split;
      }
    }
    return best;
  }

  /** Page's cumulative sum of standardized logarithms, slack 0.5, limit 8. */
  static int byCumulativeSum(long[] took) {
    int learnt = Math.max(10, took.length - 20);
    double[] logs = logs(took);
    double[] before = Arrays.copyOf(logs, learnt);
    double median = median(before);
    double[] off = Arrays.stream(before).map(value -> Math.abs(value - median)).toArray();
    double deviation = Math.max(0.05, 1.4826 * median(off));
    double sum = 0;
    int onset = -1;
    for (int i = learnt; i < took.length; i++) {
      double next = Math.max(0, sum + Math.min(4, (logs[i] - median) / deviation) - 0.5);
      onset = sum == 0 && next > 0 ? i : onset;
      sum = next;
    }
    boolean large =
        onset >= 0
            && took.length - onset >= 3
            && Shift.median(took, onset, took.length)
                >= Shift.longFrom(Shift.median(took, 0, learnt), POLICY);
    return sum > 8 && large ? onset : -1;
  }

  /** The exceedance test alone, without the peaks of the last days. */
  static int byExceedance(long[] took) {
    Shift shift = Shift.in(took, 0, POLICY);
    return shift == null ? -1 : shift.onset();
  }

  private static double[] logs(long[] took) {
    return Arrays.stream(took).mapToDouble(Math::log).toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }

  public static void main(String[] arguments) {
    long seed = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1;
    int many = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 40;
    Duration[] cadences = {Duration.ofMinutes(30), Duration.ofHours(1), Duration.ofDays(1)};
    System.out.println(
        "| kind | precision | recall | found | wrong | delay | delay 9/10 | onset off 9/10 |");
    Score all = Score.none();
    Map<MadeUpJob.Habit, Score> byHabit = new EnumMap<>(MadeUpJob.Habit.class);
    String[] names = {"deviation", "ranks", "cusum", "exceedance"};
    Method[] methods = {
      RunSlowEvaluation::byDeviation,
      RunSlowEvaluation::byRanks,
      RunSlowEvaluation::byCumulativeSum,
      RunSlowEvaluation::byExceedance
    };
    Score[] others = new Score[methods.length];
    Arrays.fill(others, Score.none());
    boolean compared = arguments.length > 2;
    Map<MadeUpJob.Habit, Score> asSeries = new EnumMap<>(MadeUpJob.Habit.class);
    for (MadeUpJob.Habit habit : MadeUpJob.Habit.values()) {
      for (Duration cadence : cadences) {
        if (habit == MadeUpJob.Habit.DAILY && cadence.toDays() > 0) {
          continue;
        }
        for (double variation : new double[] {0.1, 0.2, 0.3}) {
          Score score = Score.none();
          for (MadeUpJob job : jobs(habit, cadence, variation, 2, many, seed)) {
            score = score.plus(score(job));
            if (compared) {
              asSeries.merge(habit, scoreAsSeries(job, cadence), Score::plus);
            }
            for (int i = 0; compared && i < methods.length; i++) {
              others[i] = others[i].plus(score(job, methods[i]));
            }
          }
          System.out.println("| " + habit + " " + cadence + " " + variation + " | " + score);
          all = all.plus(score);
          byHabit.merge(habit, score, Score::plus);
        }
      }
    }
    byHabit.forEach((habit, score) -> System.out.println("| " + habit + " | " + score));
    System.out.println("| in use | " + all);
    for (int i = 0; compared && i < methods.length; i++) {
      System.out.println("| " + names[i] + " | " + others[i]);
    }
    asSeries.forEach((habit, score) -> System.out.println("| " + habit + " as series | " + score));
    asSeries.values().stream()
        .reduce(Score::plus)
        .ifPresent(score -> System.out.println("| as series | " + score));
  }
}
