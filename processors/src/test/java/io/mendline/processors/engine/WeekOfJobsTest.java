package io.mendline.processors.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.runs.Expectation;
import io.mendline.processors.runs.MissedRunDetector;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Eight days of scheduled jobs in six time zones through ingest and the engine's detectors, across
 * clocks that are put forward and back: what was missed is found, and nothing else. Two hundred
 * jobs are part of the suite; with {@code -Dmendline.week.jobs=2000} it is two thousand, and {@code
 * -Dmendline.week.seed} makes another week.
 */
class WeekOfJobsTest {
  private static final int JOBS = Integer.getInteger("mendline.week.jobs", 200);
  private static final long SEED = Long.getLong("mendline.week.seed", 20_260_601);

  private final Map<String, FindingStatus> found = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(strings = {"2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"})
  void what_was_missed_is_found_and_nothing_else(Instant begin) {
    WeekOfJobs week = new WeekOfJobs(begin, JOBS, SEED);
    MonthEngine engine =
        new MonthEngine(Source.RUNS, 10_000, week.begin, told -> note(told.finding()));
    List<Integer> sizes = new ArrayList<>();
    long measureAt = week.begin + WeekOfJobs.LENGTH.toMillis() / 2;

    long started = System.nanoTime();
    for (RuleMonth.Arrival arrival : week.arrivals) {
      if (arrival.readAt() >= measureAt && sizes.isEmpty()) {
        engine.parts(Expectation.class, state -> sizes.add(size(state)));
      }
      engine.accept(arrival);
    }
    engine.tickUntil(week.end + 600_000);
    double seconds = (System.nanoTime() - started) / 1e9;

    found.keySet().removeAll(week.allowed);
    int[] sorted = sizes.stream().mapToInt(Integer::intValue).sorted().toArray();
    System.out.printf(
        "%,d jobs from %s, %,d records, %,d missed runs, %.1f s;"
            + " bytes of a job's schedule: median %,d, p99 %,d, most %,d%n",
        JOBS,
        begin,
        week.arrivals.size(),
        week.truth.size(),
        seconds,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.99)],
        Arrays.stream(sorted).max().orElse(0));
    Set<String> missing = new TreeSet<>(week.truth.keySet());
    missing.removeAll(found.keySet());
    Set<String> extra = new TreeSet<>(found.keySet());
    extra.removeAll(week.truth.keySet());
    SoftAssertions.assertSoftly(
        softly -> {
          softly.assertThat(missing).as("not found").isEmpty();
          softly.assertThat(extra).as("not put in").isEmpty();
          week.truth.forEach(
              (name, status) ->
                  softly.assertThat(found.getOrDefault(name, status)).as(name).isEqualTo(status));
        });
    assertThat(week.truth).hasSizeGreaterThan(JOBS / 2);
  }

  private void note(Finding finding) {
    if (finding.getKind() == FindingKind.MISSED_RUN) {
      found.put(
          WeekOfJobs.name(finding.getResource().getId(), finding.getWindowStart().toEpochMilli()),
          finding.getStatus());
    }
  }

  private static int size(Expectation state) {
    StateCodec<Expectation> codec = new MissedRunDetector().codec();
    BinaryWriter out = new BinaryWriter(512);
    codec.write(state, out);
    return out.size();
  }
}
