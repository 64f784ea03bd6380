package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.MonthRule.Cadence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/**
 * A month of rules of all cadences through ingest and the engine's detectors: what was put in is
 * found, and nothing else. A thousand rules are part of the suite; with {@code
 * -Dmendline.month.rules=10000} it is ten thousand, and {@code -Dmendline.month.seed} makes another
 * month.
 */
class MonthOfRulesTest {
  private static final int RULES = Integer.getInteger("mendline.month.rules", 1_000);
  private static final long SEED = Long.getLong("mendline.month.seed", 20_260_601);

  /** A silence begins with the last record before an outage. */
  private static final Duration BEFORE = Duration.ofMinutes(15);

  private static final Duration MEASURED_EVERY = Duration.ofHours(6);

  /** No rule of this month may take more; the bounds of the detectors allow for some times it. */
  private static final int MOST_BYTES = 96 * 1024;

  private final Map<String, Finding> found = new LinkedHashMap<>();
  private final Map<Cadence, List<Integer>> sizes = new EnumMap<>(Cadence.class);

  @Test
  void what_was_put_in_is_found_and_nothing_else() {
    RuleMonth month = new RuleMonth(SEED, RULES);
    MonthEngine engine =
        new MonthEngine(RuleMonth.BEGIN, told -> found.put(told.finding().getId(), told.finding()));

    long started = System.nanoTime();
    int records = play(month, engine);
    double seconds = (System.nanoTime() - started) / 1e9;

    System.out.printf(
        "%,d rules, %,d records, %,d findings of %,d skipped windows, %.0f s%n%s",
        month.rules().size(),
        records,
        found.size(),
        month.truth().expectedSkips(),
        seconds,
        sizesAsTable());
    List<Finding> silent = new ArrayList<>();
    List<Finding> others = new ArrayList<>();
    for (Finding finding : found.values()) {
      (finding.getKind() == FindingKind.SOURCE_SILENT ? silent : others).add(finding);
    }
    MonthTruth.Differences differences = month.truth().compare(others, engine.watermark());
    SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(differences.missing()).as("not found").isEmpty();
          softly.assertThat(differences.extra()).as("not put in").isEmpty();
          softly.assertThat(differences.otherStatus()).as("ended otherwise").isEmpty();
        });
    assertSilent(silent, month.outages());
    assertThat(sizes.values().stream().flatMap(Collection::stream)).allMatch(b -> b < MOST_BYTES);
  }

  private int play(RuleMonth month, MonthEngine engine) {
    Map<String, Cadence> cadences = new HashMap<>();
    month.rules().forEach(rule -> cadences.put(rule.id, rule.cadence));
    int[] records = new int[1];
    long[] measureAt = {RuleMonth.BEGIN + MEASURED_EVERY.toMillis()};
    month.play(
        arrival -> {
          if (arrival.readAt() >= measureAt[0]) {
            measureAt[0] += MEASURED_EVERY.toMillis();
            engine.sizes(
                (key, bytes) -> {
                  Cadence cadence = cadences.get(key.id());
                  if (cadence != null) {
                    sizes.computeIfAbsent(cadence, any -> new ArrayList<>()).add(bytes);
                  }
                });
          }
          engine.accept(arrival);
          records[0]++;
        });
    engine.tickUntil(RuleMonth.END);
    return records[0];
  }

  /** One for each workspace and outage of five hours, none for twenty minutes. */
  private static void assertSilent(List<Finding> silent, List<RuleMonth.Outage> outages) {
    Map<String, Integer> ofWorkspaces = new TreeMap<>();
    for (Finding finding : silent) {
      long at = finding.getOccurredAt().toEpochMilli();
      assertThat(outages)
          .as("%s", finding)
          .anyMatch(
              one -> one.isLong() && at >= one.from() - BEFORE.toMillis() && at <= one.until());
      ofWorkspaces.merge(finding.getResource().getId(), 1, Integer::sum);
    }
    int each = (int) outages.stream().filter(RuleMonth.Outage::isLong).count();
    assertThat(ofWorkspaces).hasSize(RuleMonth.workspaces());
    assertThat(ofWorkspaces.values()).allMatch(count -> count == each);
  }

  private String sizesAsTable() {
    StringBuilder table = new StringBuilder("bytes of a rule's state: median, p99, most\n");
    sizes.forEach(
        (cadence, bytes) -> {
          int[] sorted = bytes.stream().mapToInt(Integer::intValue).sorted().toArray();
          table.append(
              String.format(
                  "%-12s %,7d %,7d %,7d%n",
                  cadence,
                  sorted[sorted.length / 2],
                  sorted[(int) (sorted.length * 0.99)],
                  Arrays.stream(sorted).max().orElse(0)));
        });
    return table.toString();
  }
}
