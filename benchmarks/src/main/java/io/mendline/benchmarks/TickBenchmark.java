package io.mendline.benchmarks;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Hearing;
import io.mendline.processors.pipeline.JoinedDetector;
import io.mendline.processors.pipeline.KeyedStation;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StoreView;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.sentinel.SentinelDetectors;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs when the watermark moves on, with all the detectors of Sentinel rules: the rules
 * that have nothing due cost nothing. A rule that is due has missed a window, for which a finding
 * is made.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:+UseSerialGC"})
@Warmup(iterations = 10, time = 2)
@Measurement(iterations = 5, time = 2)
public class TickBenchmark {
  /** So many ticks, after which the rules that miss their windows run for a while. */
  private static final int TICKS = 48;

  /** A window is judged when the watermark has passed its end by two hours, a tick or so later. */
  private static final int TICKS_UNTIL_JUDGED = 6;

  private static final String WORKSPACE = "0f5d1c1e-9a67-4a4e-8f0a-2b6c1d3e4f50";
  private static final String ROUTE = Routes.sentinel(WORKSPACE);
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long NEVER_DUE = Duration.ofDays(10_000).toMillis();
  private static final long BEGIN = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

  /** Rules that have a state and a deadline. */
  @Param({"1000", "20000", "100000"})
  public int rules;

  /** Rules of which a deadline passes at each tick. */
  @Param({"0", "10", "100"})
  public int due;

  private Hearing hearing;
  private KeyedStation<JoinedDetector.Parts> station;
  private long heardUntil;
  private long now;
  private long missedSince;
  private long ticks;
  private long found;

  /** All rules have run, and none has missed a window. */
  @Setup(Level.Iteration)
  public void begin() {
    hearing = new Hearing();
    MemoryStore<RouteMemory> routes = new MemoryStore<>();
    routes.put(RouteMemory.heardKey(ROUTE, Source.SENTINEL), new RouteMemory.Heard(hearing));
    station =
        new KeyedStation<>(
            SentinelDetectors.all(CauseCatalogue.bundled()),
            new MemoryStore<>(),
            new StoreView(routes, new PolicyBook(), () -> now),
            Commits.ATOMIC,
            Budget.UNLIMITED);
    heardUntil = BEGIN;
    now = BEGIN;
    missedSince = BEGIN;
    for (int rule = due; rule < rules; rule++) {
      run("rule-" + rule, BEGIN + rule, NEVER_DUE);
      run("rule-" + rule, BEGIN + HOUR + rule, NEVER_DUE);
    }
    now += Duration.ofDays(1).toMillis();
    tick();
    ticks = 0;
    found = 0;
  }

  /** The rules that are due replay what they missed and run for longer than they will miss. */
  @Setup(Level.Invocation)
  public void runs() {
    long before = found;
    for (int rule = 0; rule < due; rule++) {
      for (long end = missedSince; end <= now; end += HOUR) {
        run("rule-" + rule, end + (rule + 1) * 1_000L, HOUR);
      }
    }
    for (int hour = 0; due > 0 && hour < 2 * TICKS; hour++) {
      now += HOUR;
      for (int rule = 0; rule < due; rule++) {
        run("rule-" + rule, now + (rule + 1) * 1_000L, HOUR);
      }
      hearUntil(now);
      tick();
    }
    missedSince = now + HOUR;
    hearUntil(now + (TICKS + TICKS_UNTIL_JUDGED) * HOUR);
    for (int hour = 0; due > 0 && hour < TICKS_UNTIL_JUDGED; hour++) {
      now += HOUR;
      tick();
    }
    found = before;
  }

  /** The watermark moves on: by an hour where rules run by the hour, else by a second. */
  @Benchmark
  @OperationsPerInvocation(TICKS)
  public long tick48() {
    for (int i = 0; i < TICKS; i++) {
      now += due == 0 ? 1_000 : HOUR;
      tick();
    }
    ticks += TICKS;
    return found;
  }

  /** Whether at each tick there was found what was due. */
  @TearDown(Level.Iteration)
  public void check() {
    if (found != ticks * due) {
      throw new IllegalStateException(found + " findings in " + ticks + " ticks with " + due);
    }
  }

  private void hearUntil(long instant) {
    for (; heardUntil <= instant; heardUntil += Presence.BIN_MILLIS) {
      hearing.hear(heardUntil, Progress.UNHEARD, 0);
    }
  }

  private void tick() {
    long watermark = now - Source.SENTINEL.defaultLateness().toMillis();
    station.accept(Progress.of(source -> watermark, now), this::count);
  }

  private void count(Message message) {
    found += message instanceof Output.Found ? 1 : 0;
  }

  private void run(String rule, long end, long frequency) {
    SentinelHealth row =
        SentinelHealth.builder()
            .time(end + 60_000)
            .workspace(WORKSPACE)
            .resourceType(SentinelHealth.ResourceType.ANALYTICS_RULE)
            .resourceId(rule)
            .name(rule)
            .ruleKind(RuleKind.SCHEDULED)
            .operation(Operation.SCHEDULED_RULE_RUN)
            .status(Status.SUCCESS)
            .recordId(rule + '/' + end)
            .window(frequency == HOUR ? end - HOUR : TelemetryRecord.ABSENT, end)
            .frequencyMillis(frequency)
            .periodMillis(frequency)
            .triggerType("Scheduled")
            .build();
    station.accept(
        new Signal(
            Source.SENTINEL,
            ROUTE,
            new Subject(ResourceType.SENTINEL_RULE, rule, rule, WORKSPACE, null),
            row.time(),
            row.contentId(),
            new Coordinates(Source.SENTINEL.defaultTopic(), 0, 1),
            new Payload.Observed(row)),
        message -> {});
  }
}
