package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.RuleMonth.Arrival;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.Heartbeat;
import io.mendline.serdes.telemetry.JobMakeup;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.Safeguards;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs of two hundred jobs were kept back for half a day and come within minutes, when the topic
 * has long been read to its end. One run of them was missed; one fails while the backlog comes.
 */
class BacklogOfRunsTest {
  private static final String WORKSPACE = "7700";
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();
  private static final long HOUR = 60 * MINUTE;
  private static final long BEGIN = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();
  private static final long OUTAGE = BEGIN + 12 * HOUR + 7 * MINUTE;
  private static final long RETURN = OUTAGE + 12 * HOUR;
  private static final long END = RETURN + 4 * HOUR;
  private static final int JOBS = 200;

  private static final int MISSED_BY = 7;
  private static final long MISSED = BEGIN + 18 * HOUR + MISSED_BY * MINUTE;

  /** What fails, while what was kept back is still coming. */
  private static final long FAILED = RETURN + MINUTE;

  private final List<Finding> missed = new ArrayList<>();
  private final List<Long> settled = new ArrayList<>();
  private long number;

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 300})
  void one_partition_after_the_other(int millisBetween) {
    List<TelemetryRecord> backlog = new ArrayList<>();
    for (int partition = 0; partition < RuleMonth.PARTITIONS; partition++) {
      for (TelemetryRecord record : keptBack()) {
        if (partition(record) == partition) {
          backlog.add(record);
        }
      }
    }
    play(backlog, millisBetween);
    isJudgedAsIfItHadComeInTime();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void in_any_order(long seed) {
    List<TelemetryRecord> backlog = keptBack();
    Random random = new Random(seed);
    Collections.shuffle(backlog, random);
    backlog.addAll(backlog.subList(0, random.nextInt(backlog.size())));

    play(backlog, random.nextInt(100));

    isJudgedAsIfItHadComeInTime();
  }

  private void isJudgedAsIfItHadComeInTime() {
    assertThat(missed)
        .as("one, and nothing that had to be taken back")
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getWindowStart()).isEqualTo(Instant.ofEpochMilli(MISSED));
              assertThat(one.getResource().getId()).isEqualTo(WORKSPACE + "/" + MISSED_BY);
            });
    // Its evidence is waited for, then for the watermark, which is told every ten seconds and
    // behind the partition that is read last.
    assertThat(settled)
        .singleElement()
        .satisfies(at -> assertThat(at - FAILED).isLessThan(2 * MINUTE + 10_000 + 25_000 + 1_000));
  }

  private void play(List<TelemetryRecord> backlog, int millisBetween) {
    MonthEngine engine =
        new MonthEngine(
            Source.RUNS,
            10_000,
            BEGIN,
            told -> {
              if (told.finding().getKind() == FindingKind.MISSED_RUN) {
                missed.add(told.finding());
              }
            });
    engine.whenSettled(told -> note(told, engine));
    List<Arrival> arrivals = new ArrayList<>();
    for (TelemetryRecord record : records()) {
      if (record.time() < OUTAGE || record.time() >= RETURN) {
        arrivals.add(arrival(record, record.time() + 2_000));
      }
    }
    long at = RETURN;
    for (TelemetryRecord record : backlog) {
      at += millisBetween;
      arrivals.add(arrival(record, at));
    }
    arrivals.add(arrival(failed(), FAILED + 2_000));
    arrivals.stream().sorted().forEach(engine::accept);
    engine.tickUntil(END);
  }

  private void note(Output.Settled told, MonthEngine engine) {
    if (told.finding().getKind() == FindingKind.RUN_FAILED) {
      settled.add(engine.now());
    }
  }

  private static List<TelemetryRecord> keptBack() {
    List<TelemetryRecord> backlog = records();
    backlog.removeIf(record -> record.time() < OUTAGE || record.time() >= RETURN);
    return backlog;
  }

  private Arrival arrival(TelemetryRecord record, long at) {
    return new Arrival(
        at + RuleMonth.READ_AFTER[partition(record)],
        at,
        partition(record),
        number++,
        Routes.databricks(WORKSPACE),
        new Subject(ResourceType.DATABRICKS_JOB, WORKSPACE, null, WORKSPACE, null),
        record);
  }

  private static int partition(TelemetryRecord record) {
    // A record's own hash code is another in each run of the test.
    int hash =
        record instanceof RunState run ? run.runId().hashCode() : Long.hashCode(record.time());
    return Math.floorMod(hash, RuleMonth.PARTITIONS);
  }

  private static TelemetryRecord failed() {
    return run(MISSED_BY, FAILED - 10 * MINUTE)
        .trigger("ONE_TIME")
        .time(FAILED)
        .state("TERMINATED", "FAILED", Outcome.FAILED)
        .message("it fails")
        .build();
  }

  /** All that is written, by its time. */
  private static List<TelemetryRecord> records() {
    List<TelemetryRecord> records = new ArrayList<>();
    for (long at = BEGIN; at < END; at += MINUTE) {
      records.add(new Heartbeat(at, WORKSPACE));
      int minute = (int) (at / MINUTE % 60);
      for (int job = minute; job < JOBS; job += 60) {
        if (at == BEGIN + minute * MINUTE) {
          records.add(settings(job, at + 1));
        } else if (job != MISSED_BY || at != MISSED) {
          records.add(run(job, at + 3_000).build());
        }
      }
    }
    return records;
  }

  private static JobSettings settings(int job, long at) {
    return new JobSettings(
        at,
        WORKSPACE,
        Integer.toString(job),
        JobSettings.Scope.WHOLE,
        JobSettings.Start.SCHEDULE,
        "0 " + job % 60 + " * * * ?",
        "UTC",
        false,
        "job " + job,
        null,
        null,
        Safeguards.UNTOLD,
        JobMakeup.UNTOLD,
        RunState.Source.JOBS_API);
  }

  private static RunState.Builder run(int job, long start) {
    return RunState.builder()
        .workspace(WORKSPACE)
        .jobId(Integer.toString(job))
        .runId(job + "-" + start)
        .time(start)
        .ran(start, RunState.ABSENT)
        .state("RUNNING", null, Outcome.RUNNING)
        .trigger("PERIODIC");
  }
}
