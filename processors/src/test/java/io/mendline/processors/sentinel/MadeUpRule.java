package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/**
 * A rule whose results follow a rhythm that its seed decides, as rules of a security operations
 * centre have them: whatever people or machines do at their hours, with runs that are missing or
 * fail now and then, and a holiday.
 */
final class MadeUpRule {
  /** A Monday, 00:00 UTC. */
  static final long BEGIN = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final int DAY = 24;

  /** What makes a rule return something. */
  enum Rhythm {
    /** Machines that never rest. */
    ALWAYS(3 * 24),
    /** Something now, nothing then. */
    NOISY(9 * 24),
    /** People at work, somewhere in the world. */
    OFFICE(8 * 24),
    /** People at work, and a few at all other times. */
    BUSY_OFFICE(8 * 24),
    /** A job of some hours in the night. */
    NIGHTLY(0),
    /** A rule that runs once a day and mostly has something. */
    DAILY(0),
    /** A rule that runs every six hours. */
    SIX_HOURLY(8 * 24),
    /** Traffic that swells and ebbs with the day, more on some days than on others. */
    TRAFFIC(7 * 24),
    /** Campaigns of hours or days, and rest of hours or days between. */
    BURSTS(0),
    /** A look-back much longer than the frequency: one event is seen again and again. */
    LOOK_BACK(0),
    /** What hardly ever happens. */
    RARE(0);

    /** Within so many hours its end is found; 0 where that is not promised of every one. */
    final int foundWithin;

    Rhythm(int foundWithin) {
      this.foundWithin = foundWithin;
    }
  }

  final Rhythm rhythm;
  final long frequency;

  private final Random random;
  private final double often;
  private final double seldom;
  private final int opensAt;
  private final int openFor;
  private final int holiday;
  private final int lookBack;
  private final double spread;
  private final int minute;
  private boolean active;
  private int left;
  private int day = -1;
  private double volume;
  private long lastEvent = Long.MIN_VALUE / 2;
  private long runs;

  MadeUpRule(Rhythm rhythm, long seed) {
    this.rhythm = rhythm;
    random = new Random(seed * 31 + rhythm.name().hashCode());
    random.nextLong();
    minute = random.nextInt(50);
    opensAt = random.nextInt(DAY);
    openFor = rhythm == Rhythm.NIGHTLY ? 2 + random.nextInt(4) : 7 + random.nextInt(5);
    holiday = 1 + random.nextInt(28);
    lookBack = 2 + random.nextInt(23);
    spread = random.nextDouble();
    frequency =
        switch (rhythm) {
          case DAILY -> 24 * HOUR;
          case SIX_HOURLY -> 6 * HOUR;
          case TRAFFIC, NOISY -> random.nextInt(8) == 0 ? HOUR / 12 : HOUR;
          default -> HOUR;
        };
    often =
        switch (rhythm) {
          case ALWAYS -> 0.9 + random.nextDouble() / 10;
          case NOISY -> 0.15 + 0.75 * random.nextDouble();
          case RARE -> Math.pow(10, -3.5 + 2 * random.nextDouble());
          case LOOK_BACK -> 0.02 + random.nextDouble() / 2;
          case BURSTS -> 0.5 + random.nextDouble() / 2;
          case DAILY -> 0.9 + random.nextDouble() / 10;
          case SIX_HOURLY -> 0.7 + 0.3 * random.nextDouble();
          case TRAFFIC -> 0.5 + 3 * random.nextDouble();
          default -> 0.6 + 0.4 * random.nextDouble();
        };
    seldom = rhythm == Rhythm.BUSY_OFFICE ? random.nextDouble() / 5 : random.nextDouble() / 100;
  }

  /** The run at a time; null where there is none, or where it failed. */
  Signal run(long time, boolean stopped) {
    boolean something = something(Math.floorDiv(time - BEGIN, HOUR)) && !stopped;
    int luck = random.nextInt(100);
    if (luck < 3) {
      return null;
    }
    SentinelHealth row =
        SentinelHealth.builder()
            .time(time + minute * 60_000L + random.nextInt(90_000))
            .workspace(RuleRecords.WORKSPACE)
            .resourceType(SentinelHealth.ResourceType.ANALYTICS_RULE)
            .resourceId("r")
            .name("Rule")
            .ruleKind(RuleKind.SCHEDULED)
            .operation(Operation.SCHEDULED_RULE_RUN)
            .status(Status.SUCCESS)
            .frequencyMillis(frequency)
            .periodMillis(rhythm == Rhythm.LOOK_BACK ? lookBack * HOUR : frequency)
            .queryResultAmount(something ? 1 + random.nextInt(1 + random.nextInt(500)) : 0)
            .build();
    return new Signal(
        Source.SENTINEL,
        RuleRecords.ROUTE,
        null,
        row.time(),
        ++runs,
        new Coordinates("telemetry.sentinel", 0, runs),
        new Payload.Observed(row));
  }

  private boolean something(long hour) {
    int ofDay = (int) Math.floorMod(hour - opensAt, (long) DAY);
    long localDay = Math.floorDiv(hour - opensAt, DAY);
    boolean weekday = Math.floorMod(localDay, 7L) < 5;
    boolean open = weekday && localDay != holiday && ofDay < openFor;
    return switch (rhythm) {
      case ALWAYS, NOISY, RARE, SIX_HOURLY -> chance(often * hourShare(frequency));
      case OFFICE, BUSY_OFFICE -> chance(open ? often : seldom);
      case NIGHTLY -> chance(ofDay < openFor ? often : seldom);
      case DAILY -> chance(spread < 0.5 || weekday ? often : seldom);
      case BURSTS -> {
        if (--left < 0) {
          active = !active;
          left = 1 + random.nextInt(active ? 8 + (int) (40 * spread) : 6 + (int) (30 * spread));
        }
        yield active && chance(often);
      }
      case LOOK_BACK -> {
        if (chance(often)) {
          lastEvent = hour;
        }
        yield hour - lastEvent < lookBack;
      }
      case TRAFFIC -> {
        if (localDay != day) {
          day = (int) localDay;
          volume = Math.exp(0.5 * random.nextGaussian()) * (weekday ? 1 : 0.4);
        }
        double wave = 1 + spread * Math.sin(2 * Math.PI * ofDay / DAY);
        yield chance(1 - Math.exp(-often * volume * wave * hourShare(frequency)));
      }
    };
  }

  private static double hourShare(long frequency) {
    return Math.min(1, (double) frequency / HOUR);
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }
}
