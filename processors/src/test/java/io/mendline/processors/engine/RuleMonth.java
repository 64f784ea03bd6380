package io.mendline.processors.engine;

import io.mendline.processors.engine.MonthRule.Cadence;
import io.mendline.processors.engine.MonthRule.End;
import io.mendline.processors.engine.MonthRule.Fate;
import io.mendline.processors.engine.MonthRule.Planned;
import io.mendline.processors.engine.MonthRule.Stretch;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.telemetry.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Thirty days of the analytics rules of several Sentinel workspaces, in the order of arrival, and
 * what is to be found in them. Equal seeds give equal months.
 *
 * <p>Of all windows 0.5 % fail, half of them told by one record and half by six attempts, and three
 * in ten of those are replayed within three days; 0.1 % are silently missing, a fifth of them
 * replayed; 0.1 % succeed after failed attempts. Records are logged 1 to 10 minutes after their
 * window's end (NRT: 1 to 2) and arrive within a minute; 1 % are late by up to 90 minutes, half of
 * them in being logged and half in arriving; 1 % arrive twice. Twenty rules change their frequency
 * and thirty are switched off; the audit tells of half of either.
 *
 * <p>Four times nothing arrives: for 20 minutes and for 5 hours, each once with the backlog
 * arriving afterwards, within 20 minutes, and once with all that was logged meanwhile lost.
 */
final class RuleMonth {
  static final long BEGIN = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();
  static final long END = BEGIN + Duration.ofDays(30).toMillis();

  /** Partitions of the input topic; none of the messages has a key. */
  static final int PARTITIONS = 4;

  /** How long after it has arrived a message of a partition is read. */
  static final long[] READ_AFTER = {0, 4_000, 11_000, 25_000};

  /**
   * Of so many rules in a thousand is each workspace; the last two are quiet: see {@link #BUSY}.
   */
  private static final int[] WORKSPACES = {400, 230, 150, 100, 50, 30, 30, 10};

  /** The workspaces that have rules that run each minute. */
  private static final int BUSY = 6;

  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long BACKLOG_ARRIVES_IN = 20 * MINUTE;

  private static final long ALLOWANCE = 2 * HOUR;

  /**
   * Nobody can know of a window of which nothing was logged whether it was missed, where the time
   * in which it may have been logged, from its end until the allowance is over, touches one that
   * was never heard. Presence is known to five minutes.
   */
  private static final long UNHEARD_MARGIN = 10 * MINUTE;

  private static final long EXPECTED_FOR = 7 * DAY;
  private static final int CONNECTORS = 3;

  private static final List<String> TRANSIENT = List.of("QUERY_TIMEOUT", "TemporaryIssuesDelay");
  private static final List<String> PERMANENT = List.of("TABLE_NOT_EXISTS");
  private static final DateTimeFormatter AS_SENTINEL_WRITES =
      DateTimeFormatter.ofPattern("MM/dd/yyyy HH:mm:ss").withZone(ZoneOffset.UTC);

  /** A time in which nothing arrives. */
  record Outage(long from, long until, boolean lost) {
    boolean holds(long instant) {
      return instant >= from && instant < until;
    }

    boolean isLong() {
      return until - from > HOUR;
    }
  }

  /**
   * A message, with one record.
   *
   * @param readAt when it is read
   * @param arrivedAt when it was handed to the transport
   */
  record Arrival(
      long readAt,
      long arrivedAt,
      int partition,
      long number,
      String route,
      Subject subject,
      TelemetryRecord record)
      implements Comparable<Arrival> {
    @Override
    public int compareTo(Arrival other) {
      int byTime = Long.compare(readAt, other.readAt);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private final long seed;
  private final Random random;
  private final List<MonthRule> rules = new ArrayList<>();
  private final Map<Cadence, List<MonthRule>> ordinary = new EnumMap<>(Cadence.class);
  private final List<Outage> outages;
  private final MonthTruth truth = new MonthTruth();
  private final PriorityQueue<Arrival> underway = new PriorityQueue<>();
  private long number;

  RuleMonth(long seed, int count) {
    this.seed = seed;
    this.random = new Random(seed);
    this.outages =
        List.of(
            new Outage(at(7, 9 * 60 + 2), at(7, 9 * 60 + 22), false),
            new Outage(at(10, 13 * 60 + 41), at(10, 14 * 60 + 1), true),
            new Outage(at(15, 2 * 60 + 13), at(15, 7 * 60 + 13), false),
            new Outage(at(21, 16 * 60 + 8), at(21, 21 * 60 + 8), true));
    makeRules(count);
    planChanges();
    planStops();
    planTrouble();
    rules.forEach(MonthRule::begin);
  }

  List<Outage> outages() {
    return outages;
  }

  List<MonthRule> rules() {
    return rules;
  }

  static int workspaces() {
    return WORKSPACES.length;
  }

  /** What is to be found; complete when the month was {@linkplain #play played}. */
  MonthTruth truth() {
    return truth;
  }

  /** Hands on all that arrives in the month, in the order in which it is read. */
  void play(Consumer<Arrival> out) {
    for (long hour = BEGIN; hour < END; hour += HOUR) {
      for (MonthRule rule : rules) {
        while (rule.nextEnd < hour + HOUR) {
          window(rule);
        }
      }
      connectors(hour);
      while (!underway.isEmpty() && underway.peek().readAt() < hour + HOUR) {
        out.accept(underway.poll());
      }
    }
  }

  // --- the plan

  private void makeRules(int count) {
    int minuteRules = 0;
    for (Cadence cadence : Cadence.values()) {
      ordinary.put(cadence, new ArrayList<>());
      int of = Math.max(cadence.least, count * cadence.ofThousand / 1_000);
      for (int i = 0; i < of; i++) {
        boolean everyMinute = cadence.millis == MINUTE;
        int workspace = everyMinute ? minuteRules++ % BUSY : anyWorkspace();
        if (cadence == Cadence.FIVE_MINUTES) {
          workspace = i % BUSY;
        }
        MonthRule rule =
            new MonthRule(
                rules.size(),
                cadence,
                workspace,
                "00000000-0000-4000-8000-00000000000" + workspace);
        rules.add(rule);
        if (workspace < BUSY) {
          ordinary.get(cadence).add(rule);
        }
        long firstEnd = BEGIN + 1_000L * (1 + random.nextInt((int) (cadence.millis / 1_000)));
        rule.stretches.add(new Stretch(firstEnd, END, cadence.millis, anyPeriod(rule), End.NONE));
      }
    }
  }

  private int anyWorkspace() {
    int share = random.nextInt(1_000);
    int workspace = 0;
    while (share >= WORKSPACES[workspace]) {
      share -= WORKSPACES[workspace++];
    }
    return workspace;
  }

  private long anyPeriod(MonthRule rule) {
    boolean looksBack = !rule.nrt() && random.nextInt(3) == 0;
    return Math.min(14 * DAY, rule.cadence.millis * (looksBack ? 2 : 1));
  }

  /** An ordinary rule of a busy workspace, which then is none any more. */
  private MonthRule take(Cadence cadence) {
    List<MonthRule> left = ordinary.get(cadence);
    MonthRule rule = left.remove(random.nextInt(left.size()));
    rule.calm = true;
    return rule;
  }

  private static long at(int day, int minute) {
    return BEGIN + day * DAY + minute * MINUTE;
  }

  /** Some instant at least two days from the month's ends and a day and a half from outages. */
  private long quietInstant() {
    while (true) {
      long instant = BEGIN + 3 * DAY + 1_000L * random.nextInt((int) (23 * DAY / 1_000));
      if (outages.stream().noneMatch(one -> Math.abs(instant - one.from()) < 36 * HOUR)) {
        return instant;
      }
    }
  }

  private void planChanges() {
    Cadence[][] changes = {
      {Cadence.HOUR, Cadence.QUARTER}, {Cadence.QUARTER, Cadence.HOUR},
      {Cadence.HOUR, Cadence.SIX_HOURS}, {Cadence.SIX_HOURS, Cadence.HOUR},
      {Cadence.HOUR, Cadence.DAY}, {Cadence.DAY, Cadence.HOUR},
      {Cadence.FIVE_MINUTES, Cadence.QUARTER}, {Cadence.QUARTER, Cadence.FIVE_MINUTES},
      {Cadence.SIX_HOURS, Cadence.DAY}, {Cadence.DAY, Cadence.SIX_HOURS}
    };
    for (Cadence[] change : changes) {
      for (End end : List.of(End.TOLD, End.UNTOLD)) {
        MonthRule rule = take(change[0]);
        long when = quietInstant();
        Stretch before = endAt(rule, when, end);
        long frequency = change[1].millis;
        long period = frequency * (before.period() / before.frequency());
        rule.stretches.add(new Stretch(when + frequency, END, frequency, period, End.NONE));
        if (end == End.TOLD) {
          audit(rule, when, RuleChange.Enabled.YES, frequency, period);
        }
      }
    }
  }

  private void planStops() {
    Cadence[] told = {
      Cadence.QUARTER, Cadence.QUARTER, Cadence.HOUR, Cadence.HOUR, Cadence.HOUR,
      Cadence.HOUR, Cadence.HOUR, Cadence.HOUR, Cadence.HOUR, Cadence.HOUR,
      Cadence.SIX_HOURS, Cadence.SIX_HOURS, Cadence.SIX_HOURS, Cadence.DAY, Cadence.DAY
    };
    for (int i = 0; i < told.length; i++) {
      MonthRule rule = take(told[i]);
      long when = quietInstant();
      Stretch before = endAt(rule, when, End.TOLD);
      audit(rule, when, RuleChange.Enabled.NO, before.frequency(), before.period());
      long again = when + 2 * DAY + 7 * HOUR;
      boolean heard = outages.stream().noneMatch(one -> one.holds(again));
      if (i % 3 == 0 && heard && again < END - 2 * DAY) {
        rule.stretches.add(
            new Stretch(
                again + before.frequency(), END, before.frequency(), before.period(), End.NONE));
        audit(rule, again, RuleChange.Enabled.YES, before.frequency(), before.period());
        truth.expect(FindingKind.RULE_DISABLED, rule.id, FindingStatus.CLEARED);
      } else {
        truth.expect(FindingKind.RULE_DISABLED, rule.id, FindingStatus.RAISED);
      }
    }
    Cadence[] untold = {
      Cadence.FIVE_MINUTES, Cadence.QUARTER, Cadence.QUARTER, Cadence.HOUR, Cadence.HOUR,
      Cadence.HOUR, Cadence.HOUR, Cadence.HOUR, Cadence.HOUR, Cadence.HOUR,
      Cadence.SIX_HOURS, Cadence.SIX_HOURS, Cadence.SIX_HOURS, Cadence.DAY, Cadence.DAY
    };
    for (Cadence cadence : untold) {
      endAt(take(cadence), quietInstant(), End.UNTOLD);
    }
  }

  private static Stretch endAt(MonthRule rule, long when, End end) {
    Stretch before = rule.stretches.remove(0);
    rule.stretches.add(
        new Stretch(before.firstEnd(), when, before.frequency(), before.period(), end));
    return before;
  }

  /** What other kinds of findings stand for, and what rules that run seldom can miss. */
  private void planTrouble() {
    // Failed runs in a row of a permanent cause: three, four, five, and one window six times.
    for (int runs = 2; runs <= 5; runs++) {
      MonthRule rule = take(Cadence.HOUR);
      plan(rule, quietInstant(), runs, Fate.BROKEN);
      if (runs >= 3) {
        truth.expect(FindingKind.RULE_DEGRADED, rule.id, FindingStatus.CLEARED);
      }
    }
    MonthRule six = take(Cadence.HOUR);
    plan(six, quietInstant(), 1, Fate.BROKEN_SIX);
    truth.expect(FindingKind.RULE_DEGRADED, six.id, FindingStatus.CLEARED);
    MonthRule lasting = take(Cadence.DAY);
    lasting.planned.add(new Planned(at(25, 0), END, Fate.BROKEN));
    truth.expect(FindingKind.RULE_DEGRADED, lasting.id, FindingStatus.RAISED);

    // The data of failed NRT runs is folded into the next: 8 minutes, 12, and half an hour.
    plan(take(Cadence.NRT), quietInstant(), 8, Fate.GIVEN_UP);
    MonthRule late = take(Cadence.NRT);
    plan(late, quietInstant(), 12, Fate.GIVEN_UP);
    truth.expect(FindingKind.RULE_DELAYED, late.id, FindingStatus.CLEARED);
    MonthRule later = take(Cadence.NRT);
    plan(later, quietInstant(), 30, Fate.GIVEN_UP);
    truth.expect(FindingKind.RULE_DELAYED, later.id, FindingStatus.CLEARED);
    // The first run that is heard of after each outage fails.
    MonthRule unlucky = take(Cadence.NRT);
    for (Outage outage : outages) {
      unlucky.planned.add(
          new Planned(outage.until() - 2 * MINUTE, outage.until() + MINUTE, Fate.GIVEN_UP));
    }

    // Of four weekly windows the first two make the rhythm.
    for (int missed = 1; missed <= 3; missed++) {
      MonthRule weekly = take(Cadence.WEEK);
      plan(weekly, weekly.stretches.get(0).firstEnd() + 7 * DAY * missed, 1, Fate.MISSING);
    }
    plan(take(Cadence.WEEK), at(9, 0), 1, Fate.GIVEN_UP);
    MonthRule fortnightly = take(Cadence.FORTNIGHT);
    Stretch plain = fortnightly.stretches.remove(0);
    fortnightly.stretches.add(
        new Stretch(BEGIN + DAY / 2, END, plain.frequency(), plain.period(), End.NONE));
    plan(fortnightly, BEGIN + DAY / 2 + 28 * DAY, 1, Fate.MISSING);
    plan(take(Cadence.FORTNIGHT), at(2, 0), 1, Fate.SIX_ATTEMPTS);
  }

  /** From the first window on that ends at an instant or later, so many have a fate. */
  private static void plan(MonthRule rule, long from, int windows, Fate fate) {
    rule.planned.add(new Planned(from, from + windows * rule.cadence.millis, fate));
  }

  private void audit(
      MonthRule rule, long when, RuleChange.Enabled enabled, long frequency, long period) {
    SplittableRandom chance = chance(rule.number, when);
    RuleChange change =
        RuleChange.builder()
            .time(when)
            .workspace(rule.workspaceId)
            .ruleId(rule.id)
            .name(rule.name)
            .kind(RuleChange.Kind.WRITE)
            .enabled(enabled)
            .frequencyMillis(frequency)
            .periodMillis(period)
            .recordId("audit-" + rule.number + "-" + when)
            .told(RuleChange.Told.AUDIT)
            .build();
    send(rule.route, rule.subject, change, chance.nextLong(MINUTE, 10 * MINUTE), chance);
  }

  // --- the month

  private SplittableRandom chance(long what, long when) {
    return new SplittableRandom(seed * 31 + what * 0x9E3779B97F4A7C15L + when);
  }

  private void window(MonthRule rule) {
    Stretch stretch = rule.stretches.get(rule.stretch);
    long end = rule.nextEnd;
    SplittableRandom chance = chance(rule.number, end);
    new MonthWindow(rule, stretch, end, chance).run(fate(rule, end, chance));
    rule.nextEnd = end + stretch.frequency();
    if (rule.nextEnd > stretch.until()) {
      nextStretch(rule, stretch);
    }
  }

  private void nextStretch(MonthRule rule, Stretch over) {
    rule.stretch++;
    boolean more = rule.stretch < rule.stretches.size();
    long next = more ? rule.stretches.get(rule.stretch).firstEnd() : Long.MAX_VALUE;
    if (over.end() == End.UNTOLD) {
      // When the rule is heard of again it is clear that its rhythm was another.
      expectStopped(rule, over, next);
    } else if (over.end() == End.TOLD) {
      rule.rowBroken = !more || next > over.until() + DAY + HOUR;
    }
    rule.nextEnd = next;
  }

  private static Fate fate(MonthRule rule, long end, SplittableRandom chance) {
    for (Planned planned : rule.planned) {
      if (end >= planned.from() && end < planned.to()) {
        return planned.fate();
      }
    }
    int draw = chance.nextInt(10_000);
    if (rule.calm || draw >= 70) {
      return Fate.RUN;
    }
    return draw < 25
        ? Fate.GIVEN_UP
        : draw < 50 ? Fate.SIX_ATTEMPTS : draw < 60 ? Fate.MISSING : Fate.RETRIED;
  }

  /** How many windows in a row make a rhythm, as documented. */
  private static int seenBefore(long frequency) {
    return frequency >= DAY ? 2 : frequency >= 6 * HOUR ? 3 : 4;
  }

  private boolean isNearUnheard(long end) {
    return outages.stream()
        .anyMatch(
            one ->
                one.lost()
                    && end > one.from() - ALLOWANCE - UNHEARD_MARGIN
                    && end < one.until() + UNHEARD_MARGIN);
  }

  /** The windows that a rule of which nothing tells that it has stopped is taken to have missed. */
  private void expectStopped(MonthRule rule, Stretch over, long nextEnd) {
    long end = rule.lastLogged;
    long heardAgain = nextEnd == Long.MAX_VALUE ? END : nextEnd + 5 * MINUTE;
    while (end < rule.lastLogged + EXPECTED_FOR
        && rule.inRow >= seenBefore(over.frequency())
        && end + over.frequency() + ALLOWANCE <= heardAgain) {
      end += over.frequency();
      boolean inNewRhythm = nextEnd != Long.MAX_VALUE && end - over.frequency() >= over.until();
      if (Math.abs(end + ALLOWANCE - heardAgain) < 6 * MINUTE || isNearUnheard(end)) {
        truth.allow(rule.id, end, "ABSENT");
      } else {
        truth.expect(
            rule.id,
            end,
            "ABSENT",
            end + ALLOWANCE,
            inNewRhythm ? FindingStatus.CLEARED : FindingStatus.RAISED);
      }
      rule.inRow = Math.max(1, rule.inRow - 1);
    }
  }

  private void connectors(long hour) {
    for (int workspace = 0; workspace < WORKSPACES.length; workspace++) {
      for (int i = 0; i < CONNECTORS; i++) {
        connector(workspace, i, hour);
      }
    }
  }

  /** A connector tells its state each hour; one of them stops, and one fails for three hours. */
  private void connector(int workspace, int which, long hour) {
    String id = "connector-" + workspace + "-" + which;
    boolean stops = workspace == 0 && which == 0 && hour >= at(12, 0);
    boolean fails = workspace == 1 && which == 1 && hour >= at(17, 0) && hour < at(17, 180);
    if (hour == at(12, 0) && stops) {
      truth.expect(FindingKind.CONNECTOR_FAILING, id, FindingStatus.RAISED);
    }
    if (hour == at(17, 0) && fails) {
      truth.expect(FindingKind.CONNECTOR_FAILING, id, FindingStatus.CLEARED);
    }
    if (stops) {
      return;
    }
    SplittableRandom chance = chance(-1L - workspace * 10L - which, hour);
    String workspaceId = rules.get(0).workspaceId.substring(0, 35) + workspace;
    SentinelHealth row =
        SentinelHealth.builder()
            .time(hour + MINUTE * which * 17 + chance.nextInt(60_000))
            .workspace(workspaceId)
            .resourceType(SentinelHealth.ResourceType.CONNECTOR)
            .resourceId(id)
            .name(id)
            .operation(Operation.DATA_FETCH_STATUS_CHANGE)
            .status(fails ? Status.FAILURE : Status.SUCCESS)
            .recordId(id + "-" + hour)
            .build();
    Subject subject = new Subject(ResourceType.SENTINEL_CONNECTOR, id, id, workspaceId, null);
    send("sentinel:" + workspaceId, subject, row, usual(chance), chance);
  }

  private static long usual(SplittableRandom chance) {
    return chance.nextLong(5_000, MINUTE);
  }

  /** Sends a record, perhaps twice; false where none of them arrives in the month. */
  private boolean send(
      String route,
      Subject subject,
      TelemetryRecord record,
      long transport,
      SplittableRandom chance) {
    for (Outage outage : outages) {
      if (outage.lost() && outage.holds(record.time())) {
        return false;
      }
    }
    boolean arrives = arrive(route, subject, record, record.time() + transport, chance);
    if (chance.nextInt(100) == 0) {
      long second = record.time() + transport + chance.nextLong(20 * MINUTE);
      arrives |= arrive(route, subject, record, second, chance);
    }
    return arrives;
  }

  private boolean arrive(
      String route, Subject subject, TelemetryRecord record, long sent, SplittableRandom chance) {
    long arrivedAt = sent;
    for (Outage outage : outages) {
      if (outage.holds(sent)) {
        // What was kept back comes in its order, within some minutes.
        arrivedAt =
            outage.until()
                + (sent - outage.from()) * BACKLOG_ARRIVES_IN / (outage.until() - outage.from());
      }
    }
    int partition = chance.nextInt(PARTITIONS);
    long readAt = arrivedAt + READ_AFTER[partition];
    if (readAt >= END) {
      return false;
    }
    underway.add(new Arrival(readAt, arrivedAt, partition, number++, route, subject, record));
    return true;
  }

  /** One window: its records are made and sent, and what is to be found of it is noted. */
  private final class MonthWindow {
    private final MonthRule rule;
    private final Stretch stretch;
    private final long end;
    private final SplittableRandom chance;
    private final long logged;
    private final long transport;
    private int records;
    private int failures;
    private boolean consolidated;
    private boolean succeeded;
    private boolean inTime;

    MonthWindow(MonthRule rule, Stretch stretch, long end, SplittableRandom chance) {
      this.rule = rule;
      this.stretch = stretch;
      this.end = end;
      this.chance = chance;
      int draw = chance.nextInt(1_000);
      boolean loggedLate = draw < 5 && !rule.calm && !rule.nrt();
      this.logged =
          end
              + (rule.nrt()
                  ? chance.nextLong(MINUTE, 2 * MINUTE)
                  : loggedLate
                      ? chance.nextLong(10 * MINUTE, 90 * MINUTE)
                      : chance.nextLong(MINUTE, 10 * MINUTE));
      this.transport =
          draw >= 990 || (draw < 5 && !loggedLate)
              ? chance.nextLong(10 * MINUTE, 90 * MINUTE)
              : usual(chance);
    }

    void run(Fate fate) {
      switch (fate) {
        case RUN -> success(logged);
        case RETRIED -> {
          int attempts = 1 + chance.nextInt(5);
          attempts(attempts, TRANSIENT);
          success(logged + attempts * MINUTE);
        }
        case GIVEN_UP -> {
          givenUp(TRANSIENT);
          replay(3, 20 * MINUTE);
        }
        case SIX_ATTEMPTS -> {
          attempts(6, TRANSIENT);
          replay(3, 20 * MINUTE);
        }
        case BROKEN -> givenUp(PERMANENT);
        case BROKEN_SIX -> attempts(6, PERMANENT);
        case MISSING -> replay(2, 3 * HOUR);
      }
      if (!rule.nrt()) {
        expect(fate);
      }
    }

    private void success(long time) {
      succeeded |= send(row(time, Status.SUCCESS).build());
    }

    private void attempts(int count, List<String> codes) {
      String code = codes.get(chance.nextInt(codes.size()));
      for (int i = 0; i < count; i++) {
        SentinelHealth.Builder row =
            row(logged + MINUTE * i, Status.FAILURE)
                .issues(List.of(code))
                .description("It failed.");
        failures += send(row.build()) ? 1 : 0;
      }
    }

    private void givenUp(List<String> codes) {
      SentinelHealth.Builder row =
          row(logged, Status.FAILURE)
              .issues(List.of(codes.get(chance.nextInt(codes.size()))))
              .description(
                  "Rule's scheduled run at "
                      + AS_SENTINEL_WRITES.format(Instant.ofEpochMilli(end))
                      + " failed after numerous attempts. It will be re-executed over the next"
                      + " scheduled time.");
      if (!rule.nrt() && chance.nextBoolean()) {
        row.window(TelemetryRecord.ABSENT, TelemetryRecord.ABSENT);
      }
      consolidated = send(row.build());
    }

    private void replay(int ofTen, long soonest) {
      if (!rule.calm && chance.nextInt(10) < ofTen) {
        success(end + chance.nextLong(soonest, 3 * DAY));
      }
    }

    private SentinelHealth.Builder row(long time, Status status) {
      return SentinelHealth.builder()
          .time(time)
          .workspace(rule.workspaceId)
          .resourceType(SentinelHealth.ResourceType.ANALYTICS_RULE)
          .resourceId(rule.id)
          .name(rule.name)
          .ruleKind(rule.nrt() ? RuleKind.NRT : RuleKind.SCHEDULED)
          .operation(rule.nrt() ? Operation.NRT_RULE_RUN : Operation.SCHEDULED_RULE_RUN)
          .status(status)
          .recordId(Long.toString(end, 36) + '/' + records++)
          .window(end - stretch.period(), end)
          .frequencyMillis(stretch.frequency())
          .periodMillis(stretch.period())
          .triggerType(rule.nrt() ? "NrtRun" : "Scheduled");
    }

    private boolean send(SentinelHealth row) {
      boolean arrives = RuleMonth.this.send(rule.route, rule.subject, row, transport, chance);
      inTime |= arrives && row.time() <= end + ALLOWANCE;
      return arrives;
    }

    private void expect(Fate fate) {
      FindingStatus status = succeeded ? FindingStatus.CLEARED : FindingStatus.RAISED;
      if (consolidated) {
        truth.expect(rule.id, end, "CONSOLIDATED", BEGIN, status);
      } else if (failures >= 6) {
        truth.expect(rule.id, end, "SIX_ATTEMPTS", BEGIN, status);
      }
      if (inTime) {
        rule.inRow = rule.rowBroken ? 1 : rule.inRow + 1;
        rule.rowBroken = false;
        rule.lastLogged = end;
      } else if (rule.rowBroken
          || rule.inRow < seenBefore(stretch.frequency())
          || end - stretch.frequency() >= rule.lastLogged + EXPECTED_FOR) {
        rule.rowBroken = true;
      } else {
        rule.inRow = Math.max(1, rule.inRow - 1);
        boolean quiet = rule.workspace >= BUSY;
        if (fate == Fate.MISSING ? quiet || isNearUnheard(end) || isEarly() : quiet && isBrief()) {
          truth.allow(rule.id, end, "ABSENT");
        } else if (fate == Fate.MISSING) {
          truth.expect(rule.id, end, "ABSENT", end + ALLOWANCE, status);
        }
      }
    }

    /** A rule that is logged out of order takes its time until its rhythm is seen. */
    private boolean isEarly() {
      return end < BEGIN + 2 * HOUR;
    }

    /** In a workspace that is heard as seldom as that, a brief outage is no silence. */
    private boolean isBrief() {
      return outages.stream().anyMatch(one -> one.lost() && one.holds(logged) && !one.isLong());
    }
  }
}
