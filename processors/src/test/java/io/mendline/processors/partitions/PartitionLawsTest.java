package io.mendline.processors.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Source;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Order within lateness, repetition, and restarts change nothing. */
class PartitionLawsTest {
  private static final List<String> LAYERS = List.of("Bronze", "Silver", "Gold", "bronze");
  private static final List<String> STATES =
      List.of(
          "Missing/-",
          "Failed/Passed",
          "Available/Failed",
          "Available/Passed",
          "Available/-",
          "Running/-",
          "!Missing/-");

  @Property(tries = 200)
  void order_repetition_and_restarts_change_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int restart) {
    List<Message> day = rows(seed);
    var expected = harness().run(Disorder.inOrder(day)).canonical();

    var result =
        harness()
            .restartingAfter(restart)
            .run(Disorder.of(day, Source.PARTITIONS.defaultLateness(), 0.3, seed));

    assertThat(result.canonical()).isEqualTo(expected);
    assertThat(result.keys()).isZero();
  }

  @Property(tries = 100)
  void how_often_the_watermark_is_told_changes_nothing(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int every) {
    List<Message> day = Disorder.inOrder(rows(seed));

    assertThat(harness().watermarkEvery(every).run(day).canonical())
        .isEqualTo(harness().run(day).canonical());
  }

  @Property(tries = 100)
  void bytes_that_are_cut_are_refused_as_such(
      @ForAll long seed, @ForAll @IntRange(max = 200) int cut) {
    PartitionState state = new PartitionState();
    for (Message message : rows(seed).subList(0, 4)) {
      var signal = (io.mendline.processors.pipeline.Signal) message;
      new PartitionDetector()
          .step(
              new PartitionDetector().keyOf(signal),
              state,
              new io.mendline.processors.pipeline.Input.Arrived(signal, false),
              null);
    }
    BinaryWriter out = new BinaryWriter(1024);
    new PartitionState.Codec().write(state, out);
    byte[] bytes = out.toByteArray();
    BinaryWriter again = new BinaryWriter(1024);
    new PartitionState.Codec()
        .write(new PartitionState.Codec().read(new BinaryReader(bytes)), again);
    assertThat(again.toByteArray()).isEqualTo(bytes);

    byte[] shorter = java.util.Arrays.copyOf(bytes, Math.min(cut, bytes.length - 1));
    try {
      PartitionState unused = new PartitionState.Codec().read(new BinaryReader(shorter));
      throw new AssertionError("what was cut was read");
    } catch (CorruptDataException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static List<Message> rows(long seed) {
    Random random = new Random(seed);
    List<Message> day = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      day.add(
          Table.row(
              random.nextInt(120),
              "%s 2026-06-0%d %s %d/%s"
                  .formatted(
                      any(LAYERS, random),
                      1 + random.nextInt(2),
                      any(STATES, random),
                      random.nextInt(4),
                      random.nextBoolean() ? "3" : "-")));
    }
    return day;
  }

  private static <E> E any(List<E> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static DetectorHarness<PartitionState> harness() {
    return DetectorHarness.of(PartitionDetector::new);
  }
}
