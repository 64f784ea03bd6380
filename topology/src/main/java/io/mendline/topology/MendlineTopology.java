package io.mendline.topology;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.engine.Pipeline.Concern;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.kafka.Application;
import io.mendline.processors.kafka.GovernorProcessor;
import io.mendline.processors.kafka.IngestProcessor;
import io.mendline.processors.kafka.IntakeProcessor;
import io.mendline.processors.kafka.PipelineSerdes;
import io.mendline.processors.kafka.PolicyProcessor;
import io.mendline.processors.kafka.StationProcessor;
import io.mendline.processors.kafka.Stores;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;

/**
 * The pipeline as a Kafka Streams topology: three stages, joined by two repartition topics.
 *
 * <ol>
 *   <li>INGEST decodes every message once and writes {@code signals}, {@code dead-letters} and
 *       {@code policies-valid}.
 *   <li>ENGINE is the line of {@link Pipeline#line}, one task a partition of {@code signals}.
 *   <li>GOVERNOR, one task, releases commands.
 * </ol>
 *
 * <p>Every operator, store and topic has a name of its own; the golden description in the tests
 * changes only on purpose, because a changed name loses the state that was kept under the old one.
 */
public final class MendlineTopology implements Supplier<Topology> {
  /**
   * The name of the hop between ingest and engine; its topic is {@code
   * <application>-signals-repartition}.
   */
  public static final String SIGNALS = "signals";

  /** The name of the hop between engine and governor. */
  public static final String COMMAND_REQUESTS = "command-requests";

  /** Bytes of an output; a larger one is refused before a producer sees it. */
  private static final int LARGEST = 990_000;

  private static final Serde<byte[]> BYTES = Serdes.ByteArray();

  private final Topics topics;
  private final OutputFormat format;
  private final int partitions;
  private final boolean inMemory;
  private final List<Concern<?>> line;
  private final Application application;
  private final StreamsConfig config;

  /**
   * A topology.
   *
   * @param format what the public topics are written in
   * @param partitions how many partitions the {@code signals} topic has
   * @param line the concerns of the engine
   * @param inMemory stores in memory rather than on RocksDB
   */
  public MendlineTopology(
      Topics topics,
      OutputFormat format,
      int partitions,
      boolean inMemory,
      List<Concern<?>> line,
      Application application,
      StreamsConfig config) {
    this.topics = topics;
    this.format = format;
    this.partitions = partitions;
    this.inMemory = inMemory;
    this.line = line;
    this.application = application;
    this.config = config;
  }

  @Override
  public Topology get() {
    // Some settings, the one that refuses unnamed internal topics among them, count only while
    // building.
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(config));
    addPolicies(builder);
    govern(engine(ingest(builder), builder), builder);
    return builder.build();
  }

  /**
   * How many partitions the topic of a hop has.
   *
   * @param hop its name, or the name of its topic as the topology has it
   * @param partitions of the engine
   */
  static int partitionsOf(String hop, int partitions) {
    // One governor keeps the limits that span all resources.
    return hop.startsWith(COMMAND_REQUESTS) ? 1 : partitions;
  }

  private void addPolicies(StreamsBuilder builder) {
    builder.addGlobalStore(
        Stores.policies(),
        topics.policiesValid(),
        Consumed.with(BYTES, BYTES).withName("policies-valid"),
        () -> new PolicyProcessor(application));
  }

  private KStream<byte[], IngestOutput> ingest(StreamsBuilder builder) {
    builder.addStateStore(Stores.store(Pipeline.INGEST, inMemory, application));
    KStream<byte[], IngestOutput> ingested =
        builder.stream(
                new TreeSet<>(topics.inputs().values()),
                Consumed.with(BYTES, BYTES).withName("inputs"))
            .process(() -> new IngestProcessor(application), Named.as("ingest"), Pipeline.INGEST);
    leave(
        ingested,
        "dead-letters",
        DeadLetter.class,
        topics.deadLetters(),
        PipelineSerdes.deadLetters());
    leave(
        ingested,
        "policies",
        IngestOutput.Policies.class,
        topics.policiesValid(),
        PipelineSerdes.policies());
    return ingested
        .filter(
            (key, output) ->
                output instanceof IngestOutput.Packed || output instanceof IngestOutput.Signals,
            Named.as("only-signals"))
        .repartition(
            Repartitioned.<byte[], IngestOutput>as(SIGNALS)
                .withKeySerde(BYTES)
                .withValueSerde(PipelineSerdes.signals())
                .withNumberOfPartitions(partitionsOf(SIGNALS, partitions))
                .withStreamPartitioner(PipelineSerdes.signalsPartitioner()));
  }

  private KStream<byte[], Message> engine(
      KStream<byte[], IngestOutput> signals, StreamsBuilder builder) {
    builder.addStateStore(Stores.store(Pipeline.ROUTES, inMemory, application));
    KStream<byte[], Message> messages =
        signals.process(
            () -> new IntakeProcessor(application), Named.as("intake"), Pipeline.ROUTES);
    for (Concern<?> concern : line) {
      builder.addStateStore(Stores.store(concern.name(), inMemory, application));
      messages =
          messages.process(
              () -> new StationProcessor<>(application, concern),
              Named.as(concern.name()),
              stores(concern));
    }
    leave(messages, "findings", Output.Found.class, topics.findings(), findings());
    leave(
        messages,
        "incidents",
        List.of(Output.Tracked.class, Output.Forgot.class),
        topics.incidents(),
        incidents());
    leave(messages, "alerts", Output.Told.class, topics.alerts(), alerts());
    leave(messages, "audit", Output.Noted.class, topics.audit(), audit());
    return messages
        .filter((key, message) -> message instanceof Output.Asked, Named.as("only-requests"))
        .repartition(
            Repartitioned.<byte[], Message>as(COMMAND_REQUESTS)
                .withKeySerde(BYTES)
                .withValueSerde(PipelineSerdes.requests())
                .withNumberOfPartitions(partitionsOf(COMMAND_REQUESTS, partitions)));
  }

  private static String[] stores(Concern<?> concern) {
    return concern.asksRecurrence()
        ? new String[] {concern.name(), Pipeline.ROUTES, Pipeline.RECURRENCE}
        : new String[] {concern.name(), Pipeline.ROUTES};
  }

  private void govern(KStream<byte[], Message> requests, StreamsBuilder builder) {
    builder.addStateStore(Stores.store(Pipeline.GOVERNOR, inMemory, application));
    KStream<byte[], Message> governed =
        requests.process(
            () -> new GovernorProcessor(application), Named.as("governor"), Pipeline.GOVERNOR);
    leave(
        governed,
        "commands",
        Output.Commanded.class,
        topics.commands(),
        PipelineSerdes.records(
            format.of(Command.class), message -> ((Output.Commanded) message).command()));
    leave(governed, "governor-alerts", Output.Told.class, topics.alerts(), alerts());
    leave(governed, "governor-audit", Output.Noted.class, topics.audit(), audit());
  }

  private Serializer<Message> findings() {
    return PipelineSerdes.records(
        format.of(Finding.class), message -> ((Output.Found) message).finding());
  }

  private Serializer<Message> incidents() {
    return PipelineSerdes.records(
        format.of(Incident.class),
        message -> message instanceof Output.Tracked tracked ? tracked.incident() : null);
  }

  private Serializer<Message> alerts() {
    return PipelineSerdes.records(
        format.of(Alert.class), message -> ((Output.Told) message).alert());
  }

  private Serializer<Message> audit() {
    return PipelineSerdes.records(
        format.of(AuditEntry.class), message -> ((Output.Noted) message).entry());
  }

  /** Outputs of one kind leave for their topic. */
  private static <V> void leave(
      KStream<byte[], V> from,
      String name,
      Class<? extends V> kind,
      String topic,
      Serializer<V> serializer) {
    leave(from, name, List.of(kind), topic, serializer);
  }

  private static <V> void leave(
      KStream<byte[], V> from,
      String name,
      List<Class<? extends V>> kinds,
      String topic,
      Serializer<V> serializer) {
    from.filter((key, value) -> isOneOf(kinds, value), Named.as("only-" + name))
        .to(
            topic,
            Produced.<byte[], V>as("to-" + name)
                .withKeySerde(BYTES)
                .withValueSerde(new WriteOnly<>(bounded(serializer))));
  }

  /** Without a stream: it is asked of every message that passes. */
  private static boolean isOneOf(List<? extends Class<?>> kinds, Object value) {
    for (Class<?> kind : kinds) {
      if (kind.isInstance(value)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Refuses what a broker would: a refused send ends a transaction and its thread, again and again,
   * while what cannot be serialized becomes a dead letter.
   */
  static <V> Serializer<V> bounded(Serializer<V> serializer) {
    return (topic, value) -> {
      byte[] bytes = serializer.serialize(topic, value);
      if (bytes != null && bytes.length > LARGEST) {
        throw new RecordTooLargeException(
            "an output of " + bytes.length + " bytes for " + topic + " is larger than " + LARGEST);
      }
      return bytes;
    };
  }

  /** The serde of a topic that this application does not read. */
  private record WriteOnly<V>(Serializer<V> serializer) implements Serde<V> {
    @Override
    public Deserializer<V> deserializer() {
      throw new UnsupportedOperationException("this topic is only written");
    }
  }
}
