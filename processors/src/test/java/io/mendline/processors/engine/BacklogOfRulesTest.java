package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What was kept back for half a day comes within minutes, when the topic has long been read to its
 * end.
 */
class BacklogOfRulesTest {
  private static final String WORKSPACE = "0f5d1c1e-9a67-4a4e-8f0a-2b6c1d3e4f50";
  private static final long QUARTER = Duration.ofMinutes(15).toMillis();
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long OUTAGE = RuleMonth.BEGIN + 24 * HOUR;
  private static final long RETURN = OUTAGE + 12 * HOUR;
  private static final long END = RETURN + 12 * HOUR;

  private static final int RULES = 60;
  private static final int CONNECTORS = 8;

  /** The window that no record is written of, in the middle of the outage. */
  private static final String MISSED_BY = "rule-7";

  private static final long MISSED = OUTAGE + 6 * HOUR;

  /** The connector that fails in the middle of the outage, for some hours. */
  private static final String FAILED = "connector-3";

  private final Map<String, Finding> found = new LinkedHashMap<>();
  private long number;

  @ParameterizedTest
  @ValueSource(ints = {1, 50, 1_000})
  void one_partition_after_the_other(int millisBetween) {
    List<SentinelHealth> backlog = new ArrayList<>();
    for (int partition = 0; partition < RuleMonth.PARTITIONS; partition++) {
      for (SentinelHealth row : keptBack()) {
        if (partition(row) == partition) {
          backlog.add(row);
        }
      }
    }
    play(backlog, millisBetween);
    isJudgedAsIfItHadComeInTime();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void in_any_order(long seed) {
    List<SentinelHealth> backlog = keptBack();
    Random random = new Random(seed);
    Collections.shuffle(backlog, random);
    backlog.addAll(backlog.subList(0, random.nextInt(backlog.size())));

    play(backlog, random.nextInt(500));

    isJudgedAsIfItHadComeInTime();
  }

  private static List<SentinelHealth> keptBack() {
    List<SentinelHealth> backlog = rows();
    backlog.removeIf(row -> row.time() < OUTAGE || row.time() >= RETURN);
    return backlog;
  }

  private void play(List<SentinelHealth> backlog, int millisBetween) {
    MonthEngine engine =
        new MonthEngine(RuleMonth.BEGIN, told -> found.put(told.finding().getId(), told.finding()));
    for (SentinelHealth row : rows()) {
      if (row.time() < OUTAGE) {
        read(row, row.time() + 20_000, engine);
      }
    }
    long at = RETURN;
    for (SentinelHealth row : backlog) {
      read(row, at += millisBetween, engine);
    }
    for (SentinelHealth row : rows()) {
      if (row.time() >= RETURN) {
        read(row, Math.max(at, row.time() + 20_000), engine);
      }
    }
    engine.tickUntil(END);
  }

  private void isJudgedAsIfItHadComeInTime() {
    assertThat(found.values())
        .extracting(Finding::getKind, one -> one.getResource().getId(), Finding::getStatus)
        .as("%s", found.values())
        .containsExactlyInAnyOrder(
            tuple(FindingKind.SOURCE_SILENT, WORKSPACE, FindingStatus.CLEARED),
            tuple(FindingKind.SKIPPED_WINDOW, MISSED_BY, FindingStatus.RAISED),
            tuple(FindingKind.CONNECTOR_FAILING, FAILED, FindingStatus.CLEARED));
    assertThat(found.values())
        .filteredOn(one -> one.getKind() == FindingKind.SKIPPED_WINDOW)
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.getWindowEnd()).isEqualTo(Instant.ofEpochMilli(MISSED));
              assertThat(one.getAttributes()).containsEntry("uncoveredSeconds", "900");
            });
  }

  private void read(SentinelHealth row, long at, MonthEngine engine) {
    ResourceType type =
        row.resourceType() == SentinelHealth.ResourceType.CONNECTOR
            ? ResourceType.SENTINEL_CONNECTOR
            : ResourceType.SENTINEL_RULE;
    engine.accept(
        new RuleMonth.Arrival(
            at,
            at,
            partition(row),
            number++,
            Routes.sentinel(WORKSPACE),
            new Subject(type, row.resourceId(), row.name(), WORKSPACE, null),
            row));
  }

  private static int partition(SentinelHealth row) {
    return Math.floorMod(row.resourceId().hashCode(), RuleMonth.PARTITIONS);
  }

  /** All that is written, by its time. */
  private static List<SentinelHealth> rows() {
    List<SentinelHealth> rows = new ArrayList<>();
    for (long end = RuleMonth.BEGIN; end < END; end += QUARTER) {
      for (int i = 0; i < RULES; i++) {
        if (!("rule-" + i).equals(MISSED_BY) || end != MISSED) {
          rows.add(run("rule-" + i, end, end + i * 1_000L));
        }
      }
      for (int i = 0; end % HOUR == 0 && i < CONNECTORS; i++) {
        rows.add(state("connector-" + i, end + RULES * 1_000L + i));
      }
    }
    return rows;
  }

  private static SentinelHealth run(String rule, long end, long time) {
    return row(SentinelHealth.ResourceType.ANALYTICS_RULE, rule, time)
        .ruleKind(RuleKind.SCHEDULED)
        .operation(Operation.SCHEDULED_RULE_RUN)
        .window(end - QUARTER, end)
        .frequencyMillis(QUARTER)
        .periodMillis(QUARTER)
        .triggerType("Scheduled")
        .build();
  }

  private static SentinelHealth state(String connector, long time) {
    boolean fails = connector.equals(FAILED) && Math.abs(time - MISSED) < 3 * HOUR;
    return row(SentinelHealth.ResourceType.CONNECTOR, connector, time)
        .status(fails ? Status.FAILURE : Status.SUCCESS)
        .operation(Operation.DATA_FETCH_STATUS_CHANGE)
        .build();
  }

  private static SentinelHealth.Builder row(
      SentinelHealth.ResourceType type, String id, long time) {
    return SentinelHealth.builder()
        .time(time)
        .workspace(WORKSPACE)
        .resourceType(type)
        .resourceId(id)
        .name(id)
        .status(Status.SUCCESS)
        .recordId(id + '@' + time);
  }
}
