package io.mendline.processors.kafka;

import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.RequestCodec;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.SignalRecordCodec;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** The serdes of the internal topics, and the serializers of the public ones. */
public final class PipelineSerdes {
  private static final String SEPARATOR = "\n";

  private PipelineSerdes() {}

  /** The {@code signals} topic. */
  public static Serde<IngestOutput> signals() {
    return Serdes.serdeFrom(
        (topic, output) -> {
          if (output instanceof IngestOutput.Packed packed) {
            return packed.records();
          }
          BinaryWriter writer = new BinaryWriter(512);
          SignalRecordCodec.write(((IngestOutput.Signals) output).record(), writer);
          return writer.toByteArray();
        },
        (topic, bytes) ->
            new IngestOutput.Unpacked(SignalRecordCodec.readAll(new BinaryReader(bytes))));
  }

  /** Sends a bundle to its partition, and watermarks and changes to all. */
  public static StreamPartitioner<byte[], IngestOutput> signalsPartitioner() {
    return (topic, key, output, partitions) -> {
      int partition =
          output instanceof IngestOutput.Packed packed
              ? packed.partition()
              : ((IngestOutput.Signals) output).record().partition();
      return Optional.of(
          partition >= 0
              ? Set.of(partition)
              : IntStream.range(0, partitions).boxed().collect(Collectors.toUnmodifiableSet()));
    };
  }

  /** The {@code command-requests} topic. */
  public static Serde<Message> requests() {
    return Serdes.serdeFrom(
        (topic, message) -> {
          BinaryWriter writer = new BinaryWriter(1024);
          RequestCodec.write(((Output.Asked) message).request(), writer);
          return writer.toByteArray();
        },
        (topic, bytes) -> {
          var request = RequestCodec.read(new BinaryReader(bytes));
          return new Output.Asked(request.id().substring(0, Routes.HASH_LENGTH), request);
        });
  }

  /** The {@code dead-letters} topic: the bytes as received, cut if a broker would refuse them. */
  public static Serializer<IngestOutput> deadLetters() {
    return (topic, output) -> ((DeadLetter) output).value();
  }

  /**
   * The {@code policies-valid} topic: the kept versions of a document, oldest first, one a line.
   */
  public static Serializer<IngestOutput> policies() {
    return (topic, output) ->
        ((IngestOutput.Policies) output)
            .versions().stream()
                .map(version -> new String(Policies.write(version), StandardCharsets.UTF_8))
                .collect(Collectors.joining(SEPARATOR))
                .getBytes(StandardCharsets.UTF_8);
  }

  /** Reads what {@link #policies()} wrote. */
  static List<PolicyDocument> policies(byte[] value) {
    return new String(value, StandardCharsets.UTF_8)
        .lines()
        .map(line -> Policies.parse("policies-valid", line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  /**
   * A public topic: the record that a message carries, in the format of that topic; null is a
   * tombstone.
   */
  public static <T extends SpecificRecord> Serializer<Message> records(
      RecordFormat<T> format, Function<Message, T> record) {
    return (topic, message) -> {
      T value = record.apply(message);
      return value == null ? null : format.write(value);
    };
  }
}
