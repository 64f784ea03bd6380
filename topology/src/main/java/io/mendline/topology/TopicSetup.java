package io.mendline.topology;

import io.mendline.processors.pipeline.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes sure that the public topics are there, with the settings the pipeline needs. */
final class TopicSetup {
  /** Topics that carry few messages. */
  private static final int FEW = 1;

  private static final Set<Source> TELEMETRY = Set.of(Source.SENTINEL, Source.RUNS, Source.CACHE);

  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(15);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final Settings settings;
  private final Topics topics;

  TopicSetup(Settings settings) {
    this.settings = settings;
    this.topics = settings.topics();
  }

  /**
   * Checks that every public topic is there and creates those that are not, if settings say so.
   *
   * @throws SettingsException when topics are missing and may not be created; names them
   */
  void ensure(Admin admin) {
    Set<String> existing = call(() -> admin.listTopics().names().get());
    List<NewTopic> missing = new ArrayList<>();
    for (NewTopic topic : wanted()) {
      if (!existing.contains(topic.name())) {
        missing.add(topic);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    if (!settings.get(Setting.TOPICS_CREATE)) {
      throw new SettingsException(
          "topics are missing: "
              + new TreeSet<>(missing.stream().map(NewTopic::name).toList())
              + "; create them, or set topics.create=true");
    }
    try {
      admin.createTopics(missing).all().get();
    } catch (ExecutionException e) {
      // Another instance may have been quicker.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new SettingsException("topics cannot be created: " + e.getCause().getMessage());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    awaitLeaders(admin, missing.stream().map(NewTopic::name).toList());
  }

  /**
   * Waits until brokers lead the new partitions. A producer whose first batch meets a partition
   * without a leader, and whose second does not, sends the first one in vain for as long as it
   * lives: it is out of sequence by then.
   */
  private static void awaitLeaders(Admin admin, Collection<String> names) {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    partitions(admin, names)
        .forEach(
            (name, count) -> {
              for (int i = 0; i < count; i++) {
                all.put(new TopicPartition(name, i), OffsetSpec.latest());
              }
            });
    var unused = call(() -> admin.listOffsets(all).all().get());
  }

  /** How many partitions each of these topics has. */
  static Map<String, Integer> partitions(Admin admin, Collection<String> names) {
    Map<String, Integer> partitions = new HashMap<>();
    call(() -> described(admin, names))
        .forEach((name, topic) -> partitions.put(name, topic.partitions().size()));
    return partitions;
  }

  /** A broker may not have heard yet of a topic that the controller has just created. */
  private static Map<String, TopicDescription> described(Admin admin, Collection<String> names)
      throws ExecutionException, InterruptedException {
    long end = System.nanoTime() + KNOWN_WITHIN.toNanos();
    while (true) {
      try {
        return admin.describeTopics(names).allTopicNames().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(ASK_AGAIN.toMillis());
      }
    }
  }

  /** Every public topic, as it would be created. */
  List<NewTopic> wanted() {
    int many = settings.get(Setting.TOPICS_PARTITIONS);
    Map<String, NewTopic> wanted = new LinkedHashMap<>();
    topics
        .inputs()
        .forEach(
            (source, name) ->
                wanted.put(name, topic(name, TELEMETRY.contains(source) ? many : FEW, false)));
    for (String name :
        List.of(
            topics.findings(),
            topics.alerts(),
            topics.audit(),
            topics.commands(),
            topics.deadLetters())) {
      wanted.put(name, topic(name, FEW, false));
    }
    wanted.put(topics.incidents(), topic(topics.incidents(), FEW, true));
    wanted.put(topics.policiesValid(), topic(topics.policiesValid(), FEW, true));
    return List.copyOf(wanted.values());
  }

  private NewTopic topic(String name, int partitions, boolean compacted) {
    int replication = settings.get(Setting.TOPICS_REPLICATION);
    Map<String, String> configs = new HashMap<>();
    // Event Hubs would stamp messages itself otherwise.
    configs.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
    configs.put(
        TopicConfig.CLEANUP_POLICY_CONFIG,
        compacted ? TopicConfig.CLEANUP_POLICY_COMPACT : TopicConfig.CLEANUP_POLICY_DELETE);
    return new NewTopic(
            name,
            Optional.of(partitions),
            replication < 0 ? Optional.empty() : Optional.of((short) replication))
        .configs(configs);
  }

  private static <T> T call(Call<T> call) {
    try {
      return call.get();
    } catch (ExecutionException e) {
      throw new SettingsException(
          "the broker does not answer as it should: "
              + e.getCause().getMessage()
              + "; check kafka.bootstrap.servers and the credentials");
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for the broker", e);
  }

  private interface Call<T> {
    T get() throws ExecutionException, InterruptedException;
  }
}
