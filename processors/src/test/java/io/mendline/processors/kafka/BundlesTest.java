package io.mendline.processors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundlesTest {
  private static final Signal CALLED = Samples.called("chat", "10:00");
  private static final Serde<IngestOutput> SERDE = PipelineSerdes.signals();

  private final List<IngestOutput> sent = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final Bundles bundles =
      new Bundles(
          3,
          (output, time) -> {
            sent.add(output);
            times.add(time);
          });

  @Test
  void whatGoesToOnePartitionTravelsTogetherAndComesOutInItsOrder() {
    List<SignalRecord> first = List.of(batch(1), batch(1, "10:01"), batch(1, "10:02"));
    add(first.get(0), 30);
    add(batch(2), 40);
    add(first.get(1), 20);
    add(first.get(2), 50);
    assertThat(sent).isEmpty();

    bundles.send();
    bundles.send();

    assertThat(sent).hasSize(2);
    assertThat(unpacked(sent.get(0))).isEqualTo(first);
    assertThat(unpacked(sent.get(1))).containsExactly(batch(2));
    assertThat(times).as("of the oldest message").containsExactly(20L, 40L);
  }

  @Test
  void aWatermarkComesBehindAllThatItSpeaksOf() {
    SignalRecord watermark = new SignalRecord.Watermark(Source.CACHE, 0, 8, 1_000, 900, false);
    add(batch(0), 10);
    add(batch(2), 11);
    add(watermark, 12);

    assertThat(sent.stream().flatMap(output -> unpacked(output).stream()))
        .containsExactly(batch(0), batch(2), watermark);
  }

  @Test
  void aBundleStaysSmall() {
    int records = 0;
    while (sent.isEmpty()) {
      add(batch(0), records++);
    }
    bundles.send();

    assertThat(sent).hasSize(2);
    assertThat(sent.stream().mapToInt(output -> unpacked(output).size()).sum()).isEqualTo(records);
    assertThat(sent)
        .allSatisfy(
            output ->
                assertThat(((IngestOutput.Packed) output).records())
                    .hasSizeLessThanOrEqualTo(Bundles.MOST_BYTES));
  }

  @Test
  void aRecordThatIsLargerTravelsAlone() {
    List<Signal> many = Stream.generate(() -> CALLED).limit(2_000).toList();
    SignalRecord large = new SignalRecord.Batch(0, many);
    add(batch(0), 1);
    add(large, 2);
    add(batch(0), 3);
    bundles.send();

    assertThat(sent).hasSize(3);
    assertThat(unpacked(sent.get(1))).containsExactly(large);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, SignalRecord.ALL_PARTITIONS})
  void aRecordThatABrokerWouldRefuseGoesInParts(int partition) {
    List<Signal> many = new ArrayList<>();
    for (int minute = 0; minute < 13_000; minute++) {
      many.add(Samples.called("chat-" + minute, "10:00"));
    }
    add(new SignalRecord.Batch(partition, many), 1);
    bundles.send();

    assertThat(sent)
        .hasSizeGreaterThan(1)
        .allSatisfy(
            output ->
                assertThat(SERDE.serializer().serialize("signals", output))
                    .hasSizeLessThan(900_000));
    assertThat(
            sent.stream()
                .flatMap(output -> unpacked(output).stream())
                .flatMap(record -> ((SignalRecord.Batch) record).signals().stream()))
        .containsExactlyElementsOf(many);
  }

  private void add(SignalRecord record, long time) {
    bundles.add(record, time);
  }

  private static SignalRecord.Batch batch(int partition, String... at) {
    return new SignalRecord.Batch(
        partition, List.of(at.length == 0 ? CALLED : Samples.called("chat", at[0])));
  }

  private static List<SignalRecord> unpacked(IngestOutput output) {
    byte[] bytes = SERDE.serializer().serialize("signals", output);
    return ((IngestOutput.Unpacked) SERDE.deserializer().deserialize("signals", bytes)).records();
  }
}
