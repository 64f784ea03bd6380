package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class WatermarkTableTest {
  private static final long LATENESS = 60;

  private final WatermarkTable table = new WatermarkTable();

  @Test
  void the_slowest_partition_counts() {
    table.tell(told(Source.RUNS, 0, 3, 500, false));
    table.tell(told(Source.RUNS, 1, 3, 300, false));
    table.tell(told(Source.RUNS, 2, 3, 400, false));

    assertThat(progress().of(Source.RUNS)).isEqualTo(300);
  }

  @Test
  void a_partition_that_was_not_heard_of_holds_its_source_back() {
    table.tell(told(Source.RUNS, 0, 2, 500, false));

    assertThat(progress().of(Source.RUNS)).isEqualTo(Progress.UNHEARD);
  }

  @Test
  void a_partition_without_an_event_holds_its_source_back_until_it_is_read_to_its_end() {
    table.tell(told(Source.RUNS, 0, 2, 500, false));
    table.tell(told(Source.RUNS, 1, 2, Progress.UNHEARD, false));
    assertThat(progress().of(Source.RUNS)).isEqualTo(Progress.UNHEARD);

    table.tell(told(Source.RUNS, 1, 2, 450, true));
    assertThat(progress().of(Source.RUNS)).isEqualTo(450);
  }

  @Test
  void sources_do_not_hold_each_other_back() {
    table.tell(told(Source.RUNS, 0, 1, 500, false));
    table.tell(told(Source.CACHE, 0, 2, 700, false));

    assertThat(progress().of(Source.RUNS)).isEqualTo(500);
    assertThat(progress().of(Source.CACHE)).isEqualTo(Progress.UNHEARD);
    assertThat(progress().of(Source.SENTINEL)).isEqualTo(Progress.UNHEARD);
  }

  @Test
  void progress_never_goes_back() {
    table.tell(told(Source.RUNS, 0, 1, 500, false));
    assertThat(progress().of(Source.RUNS)).isEqualTo(500);

    table.tell(told(Source.RUNS, 0, 1, 200, false));
    assertThat(progress().of(Source.RUNS)).isEqualTo(500);
  }

  @Test
  void a_topic_that_has_grown_does_not_take_progress_back_but_its_new_partition_counts() {
    table.tell(told(Source.RUNS, 0, 1, 500, false));
    assertThat(progress().of(Source.RUNS)).isEqualTo(500);

    table.tell(told(Source.RUNS, 0, 2, 900, false));
    assertThat(progress().of(Source.RUNS)).isEqualTo(500);

    table.tell(told(Source.RUNS, 1, 2, 700, false));
    assertThat(progress().of(Source.RUNS)).isEqualTo(700);
  }

  @Test
  void on_the_inputs_clock_what_is_read_to_its_end_follows_the_newest_event_of_all_sources() {
    table.tell(told(Source.RUNS, 0, 1, 500, true));
    table.see(Source.SENTINEL, 1_000);

    assertThat(table.progress(Clock.INPUT, 7, source -> LATENESS).of(Source.RUNS))
        .isEqualTo(1_000 - LATENESS);
    assertThat(table.progress(Clock.INPUT, 7, source -> LATENESS).clock()).isEqualTo(1_000);
  }

  @Test
  void on_the_wall_clock_it_is_as_told_and_the_clock_is_the_walls() {
    table.tell(told(Source.RUNS, 0, 1, 500, true));
    table.see(Source.SENTINEL, 1_000);

    Progress progress = table.progress(Clock.WALL, 7_777, source -> LATENESS);
    assertThat(progress.of(Source.RUNS)).isEqualTo(500);
    assertThat(progress.clock()).isEqualTo(7_777);
  }

  @Test
  void on_the_wall_clock_a_silence_need_not_wait_for_what_comes_late() {
    table.tell(told(Source.RUNS, 0, 1, 500, true));

    Progress progress = table.progress(Clock.WALL, 7_777, source -> LATENESS);
    assertThat(progress.of(Source.RUNS.silenceBit())).isEqualTo(500 + LATENESS);
    assertThat(progress.of(Source.SENTINEL.silenceBit())).isEqualTo(Progress.UNHEARD);
  }

  @Test
  void on_the_inputs_clock_a_source_goes_on_only_as_far_as_it_was_heard() {
    table.tell(new SignalRecord.Watermark(Source.RUNS, 0, 1, 600, 500, true));
    table.see(Source.SENTINEL, 10_000);

    Progress progress = table.progress(Clock.INPUT, 0, source -> LATENESS);
    assertThat(progress.of(Source.RUNS)).isEqualTo(10_000 - LATENESS);
    assertThat(progress.of(Source.RUNS.silenceBit())).isEqualTo(600);
  }

  @Property(tries = 300)
  void whatever_is_told_progress_only_rises_and_survives_its_bytes(
      @ForAll("tellings") List<SignalRecord.Watermark> tellings, @ForAll Clock clock) {
    WatermarkTable live = new WatermarkTable();
    Progress before = Progress.NONE;
    for (SignalRecord.Watermark told : tellings) {
      live.tell(told);
      Progress after = live.progress(clock, 5_000, source -> LATENESS);
      for (Source source : Source.values()) {
        assertThat(after.of(source)).isGreaterThanOrEqualTo(before.of(source));
      }
      before = after;
      live = reread(live);
      assertThat(live.progress(clock, 5_000, source -> LATENESS)).isEqualTo(after);
    }
  }

  @Test
  void what_was_idle_before_a_restart_is_not_taken_for_idle_after_it() {
    table.tell(told(Source.RUNS, 0, 1, 500, true));
    table.see(Source.SENTINEL, 9_000);
    WatermarkTable restarted = reread(table);
    assertThat(table.progress(Clock.INPUT, 0, source -> LATENESS).of(Source.RUNS))
        .isEqualTo(9_000 - LATENESS);

    assertThat(restarted.progress(Clock.INPUT, 0, source -> LATENESS).of(Source.RUNS))
        .isEqualTo(500);
  }

  @Test
  void cut_bytes_are_refused() {
    table.tell(told(Source.RUNS, 0, 3, 500, false));
    table.tell(told(Source.CACHE, 0, 1, 500, true));

    CutBytes.areRefused(new WatermarkTable.Codec(), table);
  }

  @Test
  void a_count_of_partitions_larger_than_the_bytes_is_refused_before_memory_is_taken_for_it() {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(1).writeFixed64(0).writeVarInt(1).writeByte(Source.RUNS.code()).writeFixed64(0);
    out.writeVarInt(Integer.MAX_VALUE);

    assertThatThrownBy(() -> new WatermarkTable.Codec().read(new BinaryReader(out.toByteArray())))
        .isInstanceOf(CorruptDataException.class);
  }

  @Test
  void a_source_that_this_build_does_not_know_is_refused() {
    BinaryWriter out = new BinaryWriter();
    out.writeByte(1).writeFixed64(0).writeVarInt(1).writeByte(15).writeFixed64(0).writeVarInt(0);

    assertThatThrownBy(() -> new WatermarkTable.Codec().read(new BinaryReader(out.toByteArray())))
        .isInstanceOf(CorruptDataException.class);
  }

  @Provide
  Arbitrary<List<SignalRecord.Watermark>> tellings() {
    Arbitrary<Integer> count = Arbitraries.integers().between(1, 4);
    return Combinators.combine(
            Arbitraries.of(Source.RUNS, Source.CACHE),
            count,
            Arbitraries.integers().between(0, 3),
            Arbitraries.longs().between(0, 1_000).injectNull(0.1),
            Arbitraries.of(true, false))
        .as(
            (source, partitions, partition, at, idle) ->
                told(
                    source,
                    Math.min(partition, partitions - 1),
                    partitions,
                    at == null ? Progress.UNHEARD : at,
                    idle))
        .list()
        .ofMaxSize(25);
  }

  private Progress progress() {
    return table.progress(Clock.WALL, 5_000, source -> LATENESS);
  }

  private static WatermarkTable reread(WatermarkTable table) {
    BinaryWriter out = new BinaryWriter();
    new WatermarkTable.Codec().write(table, out);
    BinaryReader in = new BinaryReader(out.toByteArray());
    WatermarkTable read = new WatermarkTable.Codec().read(in);
    in.requireEnd();
    return read;
  }

  private static SignalRecord.Watermark told(
      Source source, int partition, int count, long watermark, boolean idle) {
    long newest = watermark == Progress.UNHEARD ? Progress.UNHEARD : watermark + LATENESS;
    return new SignalRecord.Watermark(source, partition, count, newest, watermark, idle);
  }
}
