package io.mendline.processors.runs;

import java.text.ParseException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.quartz.CronExpression;

/**
 * When a schedule fires: a Quartz cron expression in a time zone, as Databricks has it, and as
 * Quartz itself reads it.
 *
 * <p>Where the clocks are put forward, Quartz leaves out what falls into the gap. Where they are
 * put back, it fires once for what comes twice, the second time round; of an hourly schedule one of
 * the two equal hours is left out. Databricks does not say what it does. So nothing is expected in
 * a gap, and {@link #repeated} tells where a run may as well have come the first time round.
 *
 * <p>Source: {@code org.quartz.CronExpression}, tried on both kinds of days in six time zones. The
 * cost of {@link #after} is some ten microseconds.
 */
final class CronSchedule {
  private final CronExpression expression;
  private final ZoneId zone;

  private CronSchedule(CronExpression expression, ZoneId zone) {
    this.expression = expression;
    this.zone = zone;
  }

  /**
   * The first time after an instant at which it fires, epoch milliseconds, or {@link
   * Expectation#NEVER}.
   */
  @SuppressWarnings("JavaUtilDate") // Quartz knows no other
  long after(long instant) {
    Date next = expression.getTimeAfter(new Date(instant));
    return next == null ? Expectation.NEVER : next.getTime();
  }

  /**
   * How long before an instant the local clock showed the same for the first time, milliseconds;
   * zero where it did not.
   */
  long repeated(long instant) {
    Instant at = Instant.ofEpochMilli(instant);
    ZoneOffset offset = zone.getRules().getOffset(at);
    List<ZoneOffset> both = zone.getRules().getValidOffsets(LocalDateTime.ofInstant(at, offset));
    return both.size() < 2 || both.get(0).equals(offset)
        ? 0
        : (both.get(0).getTotalSeconds() - offset.getTotalSeconds()) * 1_000L;
  }

  /**
   * A schedule.
   *
   * @param zone null for UTC
   * @throws IllegalArgumentException when the expression or the zone cannot be read; says why
   */
  static CronSchedule of(String cron, String zone) {
    try {
      ZoneId id = zone == null ? ZoneOffset.UTC : ZoneId.of(zone, ZoneId.SHORT_IDS);
      CronExpression expression = new CronExpression(cron);
      expression.setTimeZone(TimeZone.getTimeZone(id));
      return new CronSchedule(expression, id);
    } catch (ParseException | DateTimeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (RuntimeException e) {
      // Quartz fails in several ways of its own over what is no expression at all.
      throw new IllegalArgumentException("not a Quartz cron expression", e);
    }
  }

  /** The schedules that were read, by expression and zone; not safe for use by several threads. */
  static final class Cache {
    private static final int MOST = 4_096;

    private final Map<List<String>, Read> read =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<List<String>, Read> eldest) {
            return size() > MOST;
          }
        };

    /** What a plan's schedule reads as. */
    Read read(JobPlan plan) {
      String zone = plan.timeZone() == null ? "UTC" : plan.timeZone();
      return read.computeIfAbsent(List.of(plan.cron(), zone), key -> read(key.get(0), key.get(1)));
    }

    private static Read read(String cron, String zone) {
      try {
        return new Read(of(cron, zone), null);
      } catch (IllegalArgumentException e) {
        return new Read(null, e.getMessage());
      }
    }
  }

  /**
   * A schedule that was read, or why it could not be.
   *
   * @param schedule null where it cannot be read
   * @param error null where it can
   */
  record Read(CronSchedule schedule, String error) {}
}
