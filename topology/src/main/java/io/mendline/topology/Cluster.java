package io.mendline.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is asked of brokers before and beside running; every answer comes within seconds. */
final class Cluster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  private static final int TIMEOUT_MILLIS = 15_000;
  private static final Duration KNOWN_WITHIN = Duration.ofSeconds(15);
  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final Settings settings;
  private final Admin admin;

  private Cluster(Settings settings, Admin admin) {
    this.settings = settings;
    this.admin = admin;
  }

  /**
   * Of the brokers that settings name.
   *
   * @throws SettingsException when none are named, or a client cannot be made of the settings
   */
  static Cluster of(Settings settings) {
    try {
      return new Cluster(settings, Admin.create(client(settings)));
    } catch (KafkaException e) {
      // The cause names the setting; the exception itself says only that there is no client.
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new SettingsException(
          "a kafka.* setting cannot be taken: "
              + settings.masked(cause.getMessage())
              + "; see docs/configuration.md");
    }
  }

  private static Map<String, Object> client(Settings settings) {
    Map<String, Object> client = Clients.admin(settings);
    // A start should not wait for as long as a running service may.
    int call = said(settings, CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    int request = said(settings, CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
    client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, call);
    client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(request, call));
    return client;
  }

  private static int said(Settings settings, String name, int most) {
    Given given = settings.given(Settings.KAFKA + name);
    return given == null ? most : Math.min(most, Integer.parseInt(given.text()));
  }

  /** How many brokers there are. */
  int brokers() {
    return get(admin.describeCluster().nodes()).size();
  }

  /** Those of the topics that are there, as they are. */
  Map<String, TopicDifference.Actual> topics(Collection<String> names) {
    Set<String> there = new TreeSet<>(get(admin.listTopics().names()));
    there.retainAll(names);
    Map<String, Map<String, String>> configs = configs(there);
    Map<String, TopicDifference.Actual> actual = new HashMap<>();
    described(there)
        .forEach(
            (name, topic) ->
                actual.put(
                    name,
                    new TopicDifference.Actual(
                        topic.partitions().size(), configs.getOrDefault(name, Map.of()))));
    return actual;
  }

  /** Their settings, as far as the broker tells; some brokers do not, and some do not allow it. */
  private Map<String, Map<String, String>> configs(Set<String> names) {
    List<ConfigResource> asked =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Map<String, String>> configs = new HashMap<>();
    try {
      Map<ConfigResource, Config> answer = admin.describeConfigs(asked).all().get();
      answer.forEach(
          (topic, config) -> {
            Map<String, String> values = new HashMap<>();
            config
                .entries()
                .forEach(
                    entry -> {
                      if (entry.value() != null) {
                        values.put(entry.name(), entry.value());
                      }
                    });
            configs.put(topic.name(), values);
          });
    } catch (ExecutionException e) {
      LOG.warn(
          "the settings of topics are not compared: {}",
          settings.masked(String.valueOf(e.getCause().getMessage())));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    return configs;
  }

  /** A broker may not have heard yet of a topic that the controller has just created. */
  private Map<String, TopicDescription> described(Collection<String> names) {
    long end = System.nanoTime() + KNOWN_WITHIN.toNanos();
    while (true) {
      try {
        return admin.describeTopics(names).allTopicNames().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > end) {
          throw explained(e.getCause());
        }
        pause();
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(ASK_AGAIN.toMillis());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Creates topics and waits until they can be written. One that is there already is left as it is.
   *
   * @throws SettingsException naming every topic that could not be created
   */
  void create(List<PlannedTopic> topics) {
    if (topics.isEmpty()) {
      return;
    }
    List<String> problems = new ArrayList<>();
    admin
        .createTopics(topics.stream().map(Cluster::created).toList())
        .values()
        .forEach(
            (name, created) -> {
              try {
                var unused = created.get();
              } catch (ExecutionException e) {
                // Another instance may have been quicker.
                if (!(e.getCause() instanceof TopicExistsException)) {
                  problems.add(
                      "the topic \""
                          + name
                          + "\" cannot be created: "
                          + explained(e.getCause()).getMessage());
                }
              } catch (InterruptedException e) {
                throw interrupted(e);
              }
            });
    if (!problems.isEmpty()) {
      throw new SettingsException(problems.stream().sorted().toList());
    }
    awaitLeaders(topics.stream().map(PlannedTopic::name).toList());
  }

  private static NewTopic created(PlannedTopic topic) {
    return new NewTopic(
            topic.name(),
            Optional.of(topic.partitions()),
            topic.replication() < 0 ? Optional.empty() : Optional.of((short) topic.replication()))
        .configs(topic.configs());
  }

  /**
   * Waits until brokers lead the new partitions. A producer whose first batch meets a partition
   * without a leader, and whose second does not, sends the first one in vain for as long as it
   * lives: it is out of sequence by then.
   */
  private void awaitLeaders(Collection<String> names) {
    Map<TopicPartition, OffsetSpec> all = new HashMap<>();
    described(names)
        .forEach(
            (name, topic) -> {
              for (int i = 0; i < topic.partitions().size(); i++) {
                all.put(new TopicPartition(name, i), OffsetSpec.latest());
              }
            });
    var unused = get(admin.listOffsets(all).all());
  }

  private <T> T get(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw explained(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** What to do about a broker's answer, or about none. */
  private SettingsException explained(Throwable problem) {
    String said = settings.masked(String.valueOf(problem.getMessage())).replaceAll("\\s+", " ");
    if (problem instanceof SslAuthenticationException) {
      return new SettingsException("TLS with the broker failed: " + said + "; check kafka.ssl.*");
    }
    if (problem instanceof AuthenticationException) {
      return new SettingsException(
          "the broker refuses the credentials: "
              + said
              + "; check kafka.sasl.mechanism and kafka.sasl.jaas.config");
    }
    if (problem instanceof AuthorizationException) {
      return new SettingsException(
          "the broker does not allow it: " + said + "; grant the right to this user");
    }
    if (problem instanceof TimeoutException) {
      return new SettingsException(
          "the broker does not answer at "
              + settings.kafka().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
              + " ("
              + said
              + "); check kafka.bootstrap.servers, that it can be reached from here, and"
              + " kafka.security.protocol");
    }
    return new SettingsException(
        "the broker does not answer as it should: "
            + said
            + "; check kafka.bootstrap.servers and the credentials");
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while waiting for the broker", e);
  }

  @Override
  public void close() {
    // What is still under way is of no use to anybody.
    admin.close(Duration.ZERO);
  }
}
