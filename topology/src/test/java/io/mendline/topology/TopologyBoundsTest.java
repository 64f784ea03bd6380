package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Sink;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;
import org.junit.jupiter.api.Test;

/** The bounds that the pipeline keeps with eight partitions, counted from its description. */
class TopologyBoundsTest {
  private static final Settings SETTINGS =
      Settings.of(Map.of("partitions", "8", "topics.partitions", "8"));
  private static final TopologyDescription TOPOLOGY = MendlineService.describe(SETTINGS).describe();

  private static final int MOST_PARTITIONS = 150;
  private static final int MOST_INTERNAL_TOPICS = 14;
  private static final int MOST_STORES = 8;

  @Test
  void everything_together_stays_under_150_partitions() {
    Map<String, Integer> all = new TreeMap<>(publicTopics());
    all.putAll(hops());
    all.putAll(changelogs());

    assertThat(sum(all)).as("partitions of %s", all).isLessThan(MOST_PARTITIONS);
  }

  @Test
  void at_most_14_topics_are_internal() {
    Set<String> internal = new TreeSet<>(hops().keySet());
    internal.addAll(changelogs().keySet());
    internal.add(SETTINGS.topics().policiesValid());

    assertThat(internal).hasSizeLessThanOrEqualTo(MOST_INTERNAL_TOPICS);
  }

  /** The global table of policies is not one of them: it is a copy of a topic, and restored so. */
  @Test
  void at_most_eight_stores_are_replicated_and_each_is_named_for_its_concern() {
    assertThat(changelogs().keySet())
        .hasSizeLessThanOrEqualTo(MOST_STORES)
        .containsExactlyInAnyOrder(
            "ingest-changelog",
            "routes-changelog",
            "sentinel-changelog",
            "runs-changelog",
            "regression-changelog",
            "recurrence-changelog",
            "incidents-changelog",
            "governor-changelog");
  }

  @Test
  void every_node_has_a_name_of_its_own() {
    List<String> names = new ArrayList<>();
    nodes().forEach(node -> names.add(node.name()));
    TOPOLOGY
        .globalStores()
        .forEach(
            global -> {
              names.add(global.source().name());
              names.add(global.processor().name());
            });

    assertThat(names)
        .isNotEmpty()
        .doesNotHaveDuplicates()
        .noneMatch(name -> name.matches(".*(KSTREAM|KTABLE|[0-9]{5,}).*"));
  }

  @Test
  void three_stages_are_joined_by_two_hops() {
    assertThat(TOPOLOGY.subtopologies()).hasSize(3);
    assertThat(hops())
        .isEqualTo(Map.of("signals-repartition", 8, "command-requests-repartition", 1));
  }

  @Test
  void every_output_topic_is_one_that_is_made_at_start() {
    Set<String> written = new TreeSet<>();
    nodes(Sink.class).forEach(sink -> written.add(sink.topic()));
    written.removeAll(hops().keySet());

    assertThat(publicTopics().keySet()).containsAll(written);
  }

  private static Map<String, Integer> publicTopics() {
    Map<String, Integer> topics = new HashMap<>();
    for (NewTopic topic : new TopicSetup(SETTINGS).wanted()) {
      topics.put(topic.name(), topic.numPartitions());
    }
    return topics;
  }

  /** The topics that are written and read again: all but one are as wide as the engine. */
  private static Map<String, Integer> hops() {
    Map<String, Integer> hops = new HashMap<>();
    nodes(Sink.class)
        .map(Sink::topic)
        .filter(topic -> nodes(Source.class).anyMatch(source -> source.topicSet().contains(topic)))
        .forEach(
            topic ->
                hops.put(
                    topic,
                    topic.startsWith(MendlineTopology.COMMAND_REQUESTS)
                        ? 1
                        : SETTINGS.partitions()));
    return hops;
  }

  /** A store's changelog has as many partitions as the widest topic that its stage reads. */
  private static Map<String, Integer> changelogs() {
    Map<String, Integer> read = new HashMap<>(publicTopics());
    read.putAll(hops());
    Map<String, Integer> changelogs = new HashMap<>();
    for (Subtopology stage : TOPOLOGY.subtopologies()) {
      int widest =
          nodes(stage, Source.class)
              .flatMap(source -> source.topicSet().stream())
              .mapToInt(read::get)
              .max()
              .orElseThrow();
      nodes(stage, Processor.class)
          .flatMap(processor -> processor.stores().stream())
          .forEach(store -> changelogs.put(store + "-changelog", widest));
    }
    return changelogs;
  }

  private static Stream<Node> nodes() {
    return TOPOLOGY.subtopologies().stream().flatMap(stage -> stage.nodes().stream());
  }

  private static <T extends Node> Stream<T> nodes(Class<T> kind) {
    return nodes().filter(kind::isInstance).map(kind::cast);
  }

  private static <T extends Node> Stream<T> nodes(Subtopology stage, Class<T> kind) {
    return stage.nodes().stream().filter(kind::isInstance).map(kind::cast);
  }

  private static int sum(Map<String, Integer> counts) {
    Collection<Integer> values = counts.values();
    return values.stream().mapToInt(Integer::intValue).sum();
  }
}
