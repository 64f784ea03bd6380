package io.mendline.topology;

import io.mendline.processors.pipeline.Source;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/**
 * All topics of a service, public and internal, derived from its topology: what is read and not
 * written is an input, what is written and not read an output, what is both lies between two
 * stages, and each store has a changelog as wide as the widest topic that its stage reads.
 */
final class TopicPlan {
  /** Longer than any stop of the service should be; what is gone by then was not judged. */
  private static final String EVENT_HUBS_RETENTION_MILLIS = Long.toString(7 * 24 * 3_600_000L);

  /** Kafka's own default, said so that a broker with a smaller one does not refuse our records. */
  private static final String MESSAGE_BYTES = "1048588";

  /** What Kafka Streams asks for: what was read is purged, and small segments let it. */
  private static final String REPARTITION_SEGMENT_BYTES = "52428800";

  private static final Set<Source> TELEMETRY =
      Set.of(Source.SENTINEL, Source.RUNS, Source.CACHE, Source.METRICS);

  /** Topics that carry few messages. */
  private static final int FEW = 1;

  private static final String TOPIC = "topic.";

  private final Settings settings;
  private final TopologyDescription topology;
  private final Map<String, Integer> existing;
  private final Map<String, Integer> read = new HashMap<>();
  private final Map<String, PlannedTopic> planned = new TreeMap<>();

  private TopicPlan(
      Settings settings, TopologyDescription topology, Map<String, Integer> existing) {
    this.settings = settings;
    this.topology = topology;
    this.existing = existing;
  }

  /**
   * All topics, inputs first, each kind by name.
   *
   * @param existing how many partitions public topics have that are there already, by name
   */
  static List<PlannedTopic> of(
      Settings settings, TopologyDescription topology, Map<String, Integer> existing) {
    TopicPlan plan = new TopicPlan(settings, topology, existing);
    plan.addPublic();
    plan.addHops();
    plan.addChangelogs();
    List<PlannedTopic> topics = new ArrayList<>(plan.planned.values());
    topics.sort(Comparator.comparing(PlannedTopic::kind).thenComparing(PlannedTopic::name));
    return List.copyOf(topics);
  }

  private void addPublic() {
    Map<String, Source> sources = settings.topics().sources();
    Set<String> inputs = sources();
    inputs.removeAll(hops());
    for (String name : inputs) {
      Source source = sources.get(name);
      int partitions = TELEMETRY.contains(source) ? settings.get(Setting.TOPICS_PARTITIONS) : FEW;
      add(name, PlannedTopic.Kind.INPUT, partitions, false);
    }
    Set<String> tables = new TreeSet<>();
    topology.globalStores().forEach(store -> tables.addAll(store.source().topicSet()));
    tables.forEach(name -> add(name, PlannedTopic.Kind.TABLE, FEW, true));
    Set<String> outputs = sinks();
    outputs.removeAll(hops());
    outputs.removeAll(tables);
    for (String name : outputs) {
      add(name, PlannedTopic.Kind.OUTPUT, FEW, name.equals(settings.topics().incidents()));
    }
  }

  private void addHops() {
    for (String hop : hops()) {
      int partitions = MendlineTopology.partitionsOf(hop, settings.partitions());
      read.put(hop, partitions);
      String name = settings.applicationId() + "-" + hop;
      planned.put(name, planned(name, PlannedTopic.Kind.REPARTITION, partitions, repartition()));
    }
  }

  private void addChangelogs() {
    for (Subtopology stage : topology.subtopologies()) {
      int widest =
          nodes(stage, TopologyDescription.Source.class)
              .flatMap(source -> source.topicSet().stream())
              .mapToInt(read::get)
              .max()
              .orElse(FEW);
      nodes(stage, Processor.class)
          .flatMap(processor -> processor.stores().stream())
          .forEach(
              store -> {
                String name = settings.applicationId() + "-" + store + "-changelog";
                planned.put(name, planned(name, PlannedTopic.Kind.CHANGELOG, widest, changelog()));
              });
    }
  }

  private void add(String name, PlannedTopic.Kind kind, int partitions, boolean compacted) {
    int actual = existing.getOrDefault(name, partitions);
    read.put(name, actual);
    Map<String, String> configs = base(compacted);
    if (kind != PlannedTopic.Kind.INPUT && settings.profile() == Profile.KAFKA) {
      configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MESSAGE_BYTES);
    }
    planned.put(name, planned(name, kind, actual, configs));
  }

  private PlannedTopic planned(
      String name, PlannedTopic.Kind kind, int partitions, Map<String, String> configs) {
    return new PlannedTopic(
        name, kind, partitions, settings.get(Setting.TOPICS_REPLICATION), configs);
  }

  private Map<String, String> base(boolean compacted) {
    Map<String, String> configs = new HashMap<>();
    // Event Hubs would stamp messages itself otherwise.
    configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
    configs.put(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE);
    if (!compacted && settings.profile() == Profile.EVENT_HUBS) {
      configs.put(TopicConfig.RETENTION_MS_CONFIG, EVENT_HUBS_RETENTION_MILLIS);
    }
    return configs;
  }

  private Map<String, String> repartition() {
    Map<String, String> configs = base(false);
    if (settings.profile() == Profile.KAFKA) {
      // Kafka Streams deletes what was read; until then it must not go.
      configs.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
      configs.put(TopicConfig.SEGMENT_BYTES_CONFIG, REPARTITION_SEGMENT_BYTES);
      configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MESSAGE_BYTES);
    }
    return withOwn(configs);
  }

  private Map<String, String> changelog() {
    Map<String, String> configs = base(true);
    if (settings.profile() == Profile.KAFKA) {
      configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MESSAGE_BYTES);
    }
    return withOwn(configs);
  }

  /** What {@code kafka.topic.*} says of internal topics. */
  private Map<String, String> withOwn(Map<String, String> configs) {
    settings
        .kafka()
        .forEach(
            (name, value) -> {
              if (name.startsWith(TOPIC)) {
                configs.put(name.substring(TOPIC.length()), value);
              }
            });
    return configs;
  }

  /** The topics that are written and read again, named as the topology names them. */
  private Set<String> hops() {
    Set<String> hops = sinks();
    hops.retainAll(sources());
    return hops;
  }

  private Set<String> sinks() {
    Set<String> topics = new TreeSet<>();
    topology
        .subtopologies()
        .forEach(stage -> nodes(stage, Sink.class).forEach(sink -> topics.add(sink.topic())));
    return topics;
  }

  private Set<String> sources() {
    Set<String> topics = new TreeSet<>();
    topology
        .subtopologies()
        .forEach(
            stage ->
                nodes(stage, TopologyDescription.Source.class)
                    .forEach(source -> topics.addAll(source.topicSet())));
    return topics;
  }

  private static <T extends Node> Stream<T> nodes(Subtopology stage, Class<T> kind) {
    return stage.nodes().stream().filter(kind::isInstance).map(kind::cast);
  }
}
