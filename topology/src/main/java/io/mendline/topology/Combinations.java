package io.mendline.topology;

import io.mendline.processors.pipeline.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/** What settings add up to: values that are sound each by itself and wrong together. */
final class Combinations {
  /** What Kafka Streams gives a transaction when nothing is said. */
  private static final long TRANSACTION_MILLIS = 10_000;

  private static final long HEARTBEAT_MILLIS = 3_000;
  private static final long SESSION_MILLIS = 45_000;

  private final Settings settings;
  private final Map<String, String> kafka;
  private final List<String> problems = new ArrayList<>();

  private Combinations(Settings settings) {
    this.settings = settings;
    this.kafka = settings.kafka();
  }

  /** One line each; empty when there is nothing wrong. */
  static List<String> problems(Settings settings) {
    Combinations all = new Combinations(settings);
    all.topicNames();
    all.addresses();
    all.credentials();
    all.times();
    all.sizes();
    if (settings.profile() == Profile.EVENT_HUBS) {
      new EventHubsLimits(settings, all.problems).check();
    }
    return all.problems;
  }

  private void topicNames() {
    Topics topics = settings.topics();
    Map<String, String> keys = new TreeMap<>();
    for (String own :
        List.of(
            topics.findings(),
            topics.incidents(),
            topics.alerts(),
            topics.audit(),
            topics.commands(),
            topics.deadLetters(),
            topics.policiesValid())) {
      keys.put(sameAs(own), "the service writes");
    }
    for (Source source : saidLast()) {
      String key = Setting.topic(source).key();
      String name = topics.inputs().get(source);
      if (name.length() > Setting.TOPIC_NAME_LENGTH) {
        add(
            key,
            "makes a name of more than %d characters with \"topics.prefix\"; shorten one of them",
            Setting.TOPIC_NAME_LENGTH);
      }
      String other = keys.putIfAbsent(sameAs(name), "\"" + key + "\" names");
      if (other != null) {
        add(key, "names the topic \"%s\", which %s too; name another", name, other);
      } else if (name.startsWith(settings.applicationId() + "-")
          && name.matches(".*-(repartition|changelog)")) {
        add(key, "names \"%s\", which is how internal topics are called; name another", name);
      }
    }
  }

  /** Of two topics with one name, the one that somebody named is the one to change. */
  private List<Source> saidLast() {
    return Arrays.stream(Source.values())
        .sorted(Comparator.comparing(source -> settings.given(Setting.topic(source).key()) != null))
        .toList();
  }

  /** Brokers refuse names that differ in nothing but dots and underscores. */
  private static String sameAs(String topic) {
    return topic.replace('.', '_');
  }

  private void addresses() {
    String servers = kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
    if (servers == null) {
      return;
    }
    for (String server : servers.split(",", -1)) {
      String trimmed = server.trim();
      int colon = trimmed.lastIndexOf(':');
      String port = trimmed.substring(colon + 1);
      if (colon < 1
          || !port.matches("[0-9]{1,5}")
          || Integer.parseInt(port) < 1
          || Integer.parseInt(port) > 65_535
          || trimmed.matches(".*[\\s/@].*")) {
        add(
            "kafka.bootstrap.servers",
            "holds \"%s\", which is no host:port; write host:9092, several with commas between",
            trimmed.contains("@") ? "***" : trimmed);
      }
    }
  }

  private void credentials() {
    String protocol = kafka.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "PLAINTEXT");
    boolean sasl = protocol.toUpperCase(Locale.ROOT).startsWith("SASL");
    Given login = settings.given("kafka.sasl.jaas.config");
    if (!sasl && login != null) {
      add(
          "kafka.sasl.jaas.config",
          "is not used, as \"kafka.security.protocol\" is %s; set that to SASL_SSL",
          protocol);
    }
    if (login != null && !login.text().endsWith(";")) {
      add("kafka.sasl.jaas.config", "has no semicolon at its end; add one");
    } else if (login != null
        && !login.text().matches("(?s)\\S+\\s+(required|requisite|sufficient|optional)\\b.*")) {
      add(
          "kafka.sasl.jaas.config",
          "is no login; write CLASS required username=\"...\" password=\"...\";");
    }
  }

  private void times() {
    long commit = settings.get(Setting.COMMIT_INTERVAL).toMillis();
    long transaction =
        Math.max(
            number(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS),
            number("producer." + ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 0));
    if (settings.get(Setting.EXACTLY_ONCE) && commit >= transaction) {
      add(
          Setting.COMMIT_INTERVAL.key(),
          "of %d ms is no shorter than a transaction may last (%d ms); lower it, or raise"
              + " \"kafka.transaction.timeout.ms\"",
          commit,
          transaction);
    }
    long session = number(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
    long heartbeat = number(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
    if (heartbeat >= session) {
      add(
          settings.given("kafka.heartbeat.interval.ms") == null
              ? "kafka.session.timeout.ms"
              : "kafka.heartbeat.interval.ms",
          "leaves no heartbeat (%d ms) within a session (%d ms); make the session three times as long",
          heartbeat,
          session);
    }
    long request = number(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 0);
    long call = number(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 60_000);
    if (request > call) {
      add(
          "kafka.request.timeout.ms",
          "of %d ms is longer than a call of several may last (%d ms); raise"
              + " \"kafka.default.api.timeout.ms\" to it",
          request,
          call);
    }
  }

  private void sizes() {
    for (String name : List.of("max.request.size", "producer.max.request.size")) {
      if (kafka.containsKey(name) && number(name, 0) < StreamsProperties.REQUEST_BYTES) {
        add(
            Settings.KAFKA + name,
            "of %d bytes is smaller than what is written, dead letters above all; set at least %d",
            number(name, 0),
            StreamsProperties.REQUEST_BYTES);
      }
    }
  }

  private long number(String name, long byDefault) {
    return number(kafka, name, byDefault);
  }

  /** A number that is passed through; what is no number was told before. */
  static long number(Map<String, String> kafka, String name, long byDefault) {
    String text = kafka.get(name);
    return text != null && text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : byDefault;
  }

  private void add(String key, String format, Object... values) {
    problems.add(
        settings.located(key, "\"" + key + "\" " + String.format(Locale.ROOT, format, values)));
  }
}
