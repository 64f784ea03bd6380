package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.Node;
import org.junit.jupiter.api.Test;

/** The bounds that the pipeline keeps with eight partitions, counted from its description. */
class TopologyBoundsTest {
  private static final Settings SETTINGS =
      Settings.of(Map.of("partitions", "8", "topics.partitions", "8"));
  private static final TopologyDescription TOPOLOGY = MendlineService.describe(SETTINGS).describe();

  private static final int MOST_PARTITIONS = 150;
  private static final int MOST_INTERNAL_TOPICS = 14;
  private static final int MOST_STORES = 9;

  private static final List<PlannedTopic> PLAN = new Preflight(SETTINGS).plan();

  @Test
  void everything_together_stays_under_150_partitions() {
    assertThat(PLAN.stream().mapToInt(PlannedTopic::partitions).sum())
        .as("partitions of %s", PLAN)
        .isLessThan(MOST_PARTITIONS);
  }

  @Test
  void at_most_14_topics_are_internal() {
    assertThat(PLAN.stream().filter(topic -> topic.kind().isInternal()))
        .hasSizeLessThanOrEqualTo(MOST_INTERNAL_TOPICS);
  }

  /** The global table of policies is not one of them: it is a copy of a topic, and restored so. */
  @Test
  void at_most_nine_stores_are_replicated_and_each_is_named_for_its_concern() {
    assertThat(names(PlannedTopic.Kind.CHANGELOG).keySet())
        .hasSizeLessThanOrEqualTo(MOST_STORES)
        .containsExactlyInAnyOrder(
            "mendline-ingest-changelog",
            "mendline-routes-changelog",
            "mendline-sentinel-changelog",
            "mendline-runs-changelog",
            "mendline-regression-changelog",
            "mendline-capacity-changelog",
            "mendline-recurrence-changelog",
            "mendline-incidents-changelog",
            "mendline-governor-changelog");
  }

  /** Before a producer sees it: under exactly-once a refused send costs the whole transaction. */
  @Test
  void an_output_that_a_broker_would_refuse_is_refused_before_it_is_sent() {
    Serializer<byte[]> bounded = MendlineTopology.bounded((topic, bytes) -> bytes);

    assertThat(bounded.serialize("findings", new byte[990_000])).hasSize(990_000);
    assertThat(bounded.serialize("findings", null)).isNull();
    assertThatThrownBy(() -> bounded.serialize("findings", new byte[990_001]))
        .isInstanceOf(RecordTooLargeException.class)
        .hasMessageContaining("findings");
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
    assertThat(names(PlannedTopic.Kind.REPARTITION))
        .isEqualTo(
            Map.of("mendline-signals-repartition", 8, "mendline-command-requests-repartition", 1));
  }

  @Test
  void the_plan_knows_every_public_topic_by_what_it_is_for() {
    Topics topics = SETTINGS.topics();
    assertThat(names(PlannedTopic.Kind.INPUT).keySet())
        .containsExactlyInAnyOrderElementsOf(topics.inputs().values());
    assertThat(names(PlannedTopic.Kind.OUTPUT).keySet())
        .containsExactlyInAnyOrder(
            topics.findings(),
            topics.incidents(),
            topics.alerts(),
            topics.audit(),
            topics.commands(),
            topics.deadLetters());
    assertThat(names(PlannedTopic.Kind.TABLE)).isEqualTo(Map.of(topics.policiesValid(), 1));
  }

  private static Map<String, Integer> names(PlannedTopic.Kind kind) {
    Map<String, Integer> names = new TreeMap<>();
    PLAN.stream()
        .filter(topic -> topic.kind() == kind)
        .forEach(topic -> names.put(topic.name(), topic.partitions()));
    return names;
  }

  private static Stream<Node> nodes() {
    return TOPOLOGY.subtopologies().stream().flatMap(stage -> stage.nodes().stream());
  }
}
