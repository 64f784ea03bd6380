package io.mendline.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.telemetry.RunState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SteadyTelemetryTest {
  private static final int RESOURCES = 1_000;
  private static final int BLOCKS = 1_000;
  private static final long FROM = Instant.parse("2026-06-10T00:00:00Z").toEpochMilli();

  private final List<SteadyTelemetry.Block> blocks = blocks();

  @Test
  void every_resource_is_told_of_once_a_round() {
    Map<String, Integer> told = new TreeMap<>();
    for (Signal signal : jobsAndOthers(signals())) {
      told.merge(signal.subject().type() + signal.subject().id(), 1, Integer::sum);
    }
    assertThat(told).hasSize(RESOURCES);
    assertThat(told.values()).containsOnly(BLOCKS * SteadyTelemetry.BLOCK / RESOURCES);
  }

  @Test
  void sources_have_their_shares_and_records_their_size() {
    Map<Source, Integer> records = new EnumMap<>(Source.class);
    long bytes = 0;
    for (SteadyTelemetry.Block block : blocks) {
      records.merge(block.source(), block.records().size(), Integer::sum);
      bytes += block.records().stream().mapToLong(record -> record.length).sum();
    }
    int all = BLOCKS * SteadyTelemetry.BLOCK;
    assertThat(records)
        .containsOnly(
            Map.entry(Source.SENTINEL, all * 30 / 100),
            Map.entry(Source.RUNS, all * 45 / 100),
            Map.entry(Source.CACHE, all * 25 / 100));
    assertThat(bytes / all).isBetween(650L, 850L);
  }

  @Test
  void an_envelope_says_what_its_records_say() {
    for (SteadyTelemetry.Block block : blocks) {
      List<Long> alone = new ArrayList<>();
      block
          .records()
          .forEach(record -> decoded(block, record).forEach(s -> alone.add(s.contentId())));
      assertThat(decoded(block, block.envelope())).extracting(Signal::contentId).isEqualTo(alone);
    }
  }

  @Test
  void it_knows_what_failed() {
    Set<String> failed = new HashSet<>();
    for (Signal signal : signals()) {
      if (((Payload.Observed) signal.payload()).record() instanceof RunState run
          && run.level() == RunState.Level.JOB
          && run.outcome() != RunState.Outcome.SUCCESS) {
        failed.add(run.runId());
      }
    }
    assertThat(blocks.stream().flatMap(block -> block.failedRuns().stream()))
        .containsExactlyInAnyOrderElementsOf(failed)
        .hasSizeBetween(120, 240);
    assertThat(blocks.stream().mapToInt(SteadyTelemetry.Block::skippedWindows).sum())
        .isBetween(8, 30);
  }

  @Test
  void equal_arguments_give_equal_bytes() {
    List<SteadyTelemetry.Block> again = blocks();
    for (int i = 0; i < BLOCKS; i++) {
      assertThat(again.get(i).envelope()).isEqualTo(blocks.get(i).envelope());
    }
  }

  @Test
  void resources_come_by_the_hundred() {
    assertThatThrownBy(() -> new SteadyTelemetry(1, 150))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("150 is no multiple of 100");
  }

  private static List<SteadyTelemetry.Block> blocks() {
    SteadyTelemetry telemetry = new SteadyTelemetry(7, RESOURCES);
    List<SteadyTelemetry.Block> blocks = new ArrayList<>();
    for (int i = 0; i < BLOCKS; i++) {
      blocks.add(telemetry.block(i, FROM + i * 60_000L));
    }
    return blocks;
  }

  private List<Signal> signals() {
    List<Signal> signals = new ArrayList<>();
    for (SteadyTelemetry.Block block : blocks) {
      block.records().forEach(record -> signals.addAll(decoded(block, record)));
    }
    return signals;
  }

  /** Without the tasks of runs. */
  private static List<Signal> jobsAndOthers(List<Signal> signals) {
    return signals.stream()
        .filter(
            signal ->
                !(((Payload.Observed) signal.payload()).record() instanceof RunState run)
                    || run.level() == RunState.Level.JOB)
        .toList();
  }

  private static List<Signal> decoded(SteadyTelemetry.Block block, byte[] value) {
    Decoded decoded =
        Decoded.of(
            new RawMessage(
                block.source(), new Coordinates("any", 0, 0), Long.MAX_VALUE / 2, null, value));
    assertThat(decoded.letters()).isEmpty();
    return decoded.signals();
  }
}
