package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CanonicalResult;
import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Law 1 for missed runs: what is found does not depend on how the records come. */
class MissedRunLawsTest {
  private static final Duration LATENESS = Source.RUNS.defaultLateness();
  private static final List<String> SCHEDULES =
      List.of("0 0/5 * * * ?", "0 0/15 * * * ?", "0 0 * * * ?", "0 * * * * ?", "every hour");

  @Property(tries = 120)
  void order_duplicates_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int restart) {
    Random random = new Random(seed);
    List<Message> day = day(random);
    DetectorHarness.Result inOrder = JobRecords.harness().run(Disorder.inOrder(day));

    DetectorHarness.Result other =
        JobRecords.harness()
            .restartingAfter(restart, restart / 2)
            .watermarkEvery(1 + random.nextInt(5))
            .run(Disorder.of(day, LATENESS, 0.2, seed));

    assertThat(other.canonical()).isEqualTo(inOrder.canonical());
    assertThat(settled(other)).isEqualTo(settled(inOrder));
  }

  /** Stricter than law 1: what is settled must agree in all it says. */
  private static List<String> settled(DetectorHarness.Result result) {
    return result.settled().stream()
        .map(settled -> settled.at() + " " + CanonicalResult.content(settled.finding()))
        .sorted()
        .toList();
  }

  /** Four hours of one job, with all that may happen to it. */
  private static List<Message> day(Random random) {
    List<Message> day = new ArrayList<>();
    int silentFrom = 30 + random.nextInt(150);
    int silentTo = random.nextBoolean() ? silentFrom : silentFrom + random.nextInt(60);
    for (int minute = 0; minute < 240; minute++) {
      if (minute < silentFrom || minute >= silentTo) {
        day.add(JobRecords.heartbeat(minute + random.nextDouble()));
      }
    }
    String cron = SCHEDULES.get(random.nextInt(SCHEDULES.size()));
    day.add(JobRecords.scheduled("1", random.nextInt(20), cron));
    for (int change = random.nextInt(4); change > 0; change--) {
      cron = random.nextBoolean() ? cron : SCHEDULES.get(random.nextInt(SCHEDULES.size()));
      double minute = random.nextInt(240) + random.nextInt(3) * 0.3;
      day.add(
          switch (random.nextInt(6)) {
            case 0 -> JobRecords.paused("1", minute, cron);
            case 1 -> JobRecords.deleted("1", minute);
            case 2 -> JobRecords.settings("1", minute, Scope.PART, Start.UNTOLD, null, false);
            case 3 -> JobRecords.settings("1", minute, Scope.PART, Start.OTHER, null, false);
            default -> JobRecords.scheduled("1", minute, cron);
          });
    }
    int every = List.of(5, 15, 60).get(random.nextInt(3));
    for (int minute = 0; minute < 240; minute += every) {
      if (random.nextInt(4) != 0) {
        double start = minute + random.nextDouble() * (random.nextInt(5) == 0 ? every : 0.2);
        String trigger = List.of("PERIODIC", "ONE_TIME", "RETRY").get(random.nextInt(5) / 2);
        tell(day, random, start, random.nextInt(6) == 0 ? null : trigger);
      }
    }
    return day;
  }

  private static void tell(List<Message> day, Random random, double start, String trigger) {
    RunState.Builder run = JobRecords.run("1", start, Outcome.RUNNING).trigger(trigger);
    for (int told = random.nextInt(3); told > 0; told--) {
      day.add(JobRecords.signal(run.time(JobRecords.at(start + random.nextDouble() * 2)).build()));
    }
    if (random.nextInt(8) == 0) {
      // By the audit log, that does not tell the start of what has ended.
      run.source(RunState.Source.AUDIT).trigger(random.nextBoolean() ? "manual" : null);
      start = random.nextBoolean() ? start : RunState.ABSENT;
    }
    double end = Math.max(0, start) + random.nextDouble() * 20;
    Outcome outcome =
        List.of(Outcome.SUCCESS, Outcome.FAILED, Outcome.SKIPPED).get(random.nextInt(3));
    day.add(
        JobRecords.signal(
            run.time(JobRecords.at(end))
                .state("TERMINATED", outcome.name(), outcome)
                .ran(start < 0 ? RunState.ABSENT : JobRecords.at(start), JobRecords.at(end))
                .build()));
  }
}
