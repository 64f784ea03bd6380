package io.mendline.topology;

import io.mendline.processors.cause.CatalogueException;
import io.mendline.processors.cause.CauseCatalogue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Everything that is checked before the service runs, so that a wrong setting stops the start with
 * a line that says what to do. {@code mendline config check} does the same without running, and
 * {@code mendline topics} the part about topics.
 */
public final class Preflight {
  /** Java's own way to name a file of logins. */
  private static final String JAAS_FILE = "java.security.auth.login.config";

  private final Settings settings;
  private final TopologyDescription topology;

  /** Checks of these settings. */
  public Preflight(Settings settings) {
    this.settings = settings;
    this.topology = MendlineService.describe(settings).describe();
  }

  /** All topics of the service as it would create them; no broker is asked. */
  public List<PlannedTopic> plan() {
    return TopicPlan.of(settings, topology, Map.of());
  }

  /**
   * Checks what can be checked without a broker.
   *
   * @return what was checked, one line each
   * @throws SettingsException with all that is wrong
   */
  public List<String> checkOffline() {
    List<String> problems = new ArrayList<>();
    checkServers(problems);
    checkLogin(problems);
    checkStateDir(problems);
    checkApi(problems);
    refuse(problems);
    List<String> checked = new ArrayList<>();
    checked.add("settings: profile " + settings.profile().label() + ", all values taken");
    checked.add("state.dir: " + settings.get(Setting.STATE_DIR) + " can be written");
    if (!settings.get(Setting.CAUSES).isEmpty()) {
      checked.add("causes.file: " + settings.get(Setting.CAUSES) + " is a catalogue");
    }
    return checked;
  }

  /**
   * Checks the cluster and its topics, and changes nothing.
   *
   * @return what was checked, one line each
   * @throws SettingsException with all that is wrong
   */
  public List<String> checkCluster() {
    try (Cluster cluster = Cluster.of(settings)) {
      List<String> checked = new ArrayList<>();
      checked.add("brokers: " + cluster.brokers() + " answer, credentials accepted");
      Found found = find(cluster);
      List<PlannedTopic> missing = found.missing();
      refuse(found.essential());
      checked.add(
          "topics: "
              + (found.plan().size() - missing.size())
              + " of "
              + found.plan().size()
              + " are there and as they must be, "
              + missing.size()
              + " will be created");
      return checked;
    }
  }

  /**
   * Checks all, and creates public topics that are missing if settings say so.
   *
   * @return how many partitions each public topic has, by name
   * @throws SettingsException with all that is wrong
   */
  Map<String, Integer> prepare() {
    checkOffline();
    try (Cluster cluster = Cluster.of(settings)) {
      Found found = find(cluster);
      refuse(found.essential());
      if (settings.get(Setting.TOPICS_CREATE)) {
        cluster.create(
            found.missing().stream().filter(topic -> !topic.kind().isOfKafkaStreams()).toList());
      }
      Map<String, Integer> partitions = new HashMap<>();
      found.plan().forEach(topic -> partitions.put(topic.name(), topic.partitions()));
      return partitions;
    }
  }

  /**
   * Creates every topic that is missing, internal ones too. Doing it again changes nothing.
   *
   * @return those that were created
   * @throws SettingsException when one could not be created
   */
  public List<PlannedTopic> create() {
    try (Cluster cluster = cluster()) {
      List<PlannedTopic> missing = find(cluster).missing();
      cluster.create(missing);
      return missing;
    }
  }

  /** Every difference between the plan and the cluster, one line each. */
  public List<String> differences() {
    try (Cluster cluster = cluster()) {
      Found found = find(cluster);
      List<String> lines = new ArrayList<>();
      found.missing().forEach(topic -> lines.add(absent(topic)));
      found.differences().forEach(difference -> lines.add(difference.line()));
      return lines;
    }
  }

  /**
   * How many partitions a topic has.
   *
   * @throws SettingsException when it is not there, or no broker answers
   */
  public int partitions(String topic) {
    try (Cluster cluster = cluster()) {
      TopicDifference.Actual actual = cluster.topics(List.of(topic)).get(topic);
      if (actual == null) {
        throw new SettingsException(
            "the topic \"" + topic + "\" is missing; create it with: mendline topics create");
      }
      return actual.partitions();
    }
  }

  private Cluster cluster() {
    List<String> problems = new ArrayList<>();
    checkServers(problems);
    refuse(problems);
    return Cluster.of(settings);
  }

  private Found find(Cluster cluster) {
    List<String> names = plan().stream().map(PlannedTopic::name).toList();
    Map<String, TopicDifference.Actual> actual = cluster.topics(names);
    Map<String, Integer> partitions = new TreeMap<>();
    actual.forEach((name, topic) -> partitions.put(name, topic.partitions()));
    return new Found(TopicPlan.of(settings, topology, partitions), actual);
  }

  private static String absent(PlannedTopic topic) {
    return "the topic \"" + topic.name() + "\" is missing; create it with: mendline topics create";
  }

  /** The plan, given the partitions of public topics that are there, and what is there. */
  private final class Found {
    private final List<PlannedTopic> plan;
    private final Map<String, TopicDifference.Actual> actual;

    Found(List<PlannedTopic> plan, Map<String, TopicDifference.Actual> actual) {
      this.plan = plan;
      this.actual = actual;
    }

    List<PlannedTopic> plan() {
      return plan;
    }

    List<PlannedTopic> missing() {
      return plan.stream().filter(topic -> !actual.containsKey(topic.name())).toList();
    }

    List<TopicDifference> differences() {
      return plan.stream()
          .filter(topic -> actual.containsKey(topic.name()))
          .flatMap(topic -> TopicDifference.of(topic, actual.get(topic.name())).stream())
          .toList();
    }

    /** What the service must not run with. */
    List<String> essential() {
      List<String> lines = new ArrayList<>();
      if (!settings.get(Setting.TOPICS_CREATE)) {
        for (PlannedTopic topic : missing()) {
          // Kafka creates what Kafka Streams asks for; Event Hubs refuses some of it.
          if (!topic.kind().isOfKafkaStreams() || settings.profile() == Profile.EVENT_HUBS) {
            lines.add(absent(topic) + ", or set topics.create=true");
          }
        }
      }
      differences().stream()
          .filter(TopicDifference::essential)
          .forEach(difference -> lines.add(difference.line()));
      return lines;
    }
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }

  private void checkServers(List<String> problems) {
    if (!settings.kafka().containsKey(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)) {
      problems.add("\"kafka.bootstrap.servers\" is missing; set it to the brokers, as host:9092");
    }
  }

  private void checkApi(List<String> problems) {
    try {
      HostInfo unused = ApiAddress.of(settings, settings.get(Setting.API_PORT));
    } catch (SettingsException e) {
      problems.addAll(e.problems());
    }
  }

  /** Here and not among the settings, so that a plan can be made without secrets. */
  private void checkLogin(List<String> problems) {
    String protocol =
        settings.kafka().getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "");
    if (protocol.toUpperCase(Locale.ROOT).startsWith("SASL")
        && !settings.kafka().containsKey(SaslConfigs.SASL_JAAS_CONFIG)
        && System.getProperty(JAAS_FILE) == null) {
      problems.add(
          settings.located(
              "kafka.security.protocol",
              "\"kafka.sasl.jaas.config\" is missing, which "
                  + protocol
                  + " needs; set it, best from a secret: ${file:PATH} or"
                  + " MENDLINE_KAFKA_SASL_JAAS_CONFIG"));
    }
  }

  /** What is not there yet is created at start, so the nearest folder that is there counts. */
  private void checkStateDir(List<String> problems) {
    String name = settings.get(Setting.STATE_DIR);
    Path path = Path.of(name).toAbsolutePath();
    while (path != null && !Files.exists(path)) {
      path = path.getParent();
    }
    if (path == null || !Files.isDirectory(path) || !Files.isWritable(path)) {
      problems.add(
          settings.located(
              Setting.STATE_DIR.key(),
              "\"state.dir\" cannot be \""
                  + name
                  + "\": "
                  + path
                  + (path != null && Files.isDirectory(path)
                      ? " cannot be written by this user"
                      : " is no folder")
                  + "; name a folder of the service's own"));
    }
  }

  /**
   * The catalogue of causes that settings name.
   *
   * @throws SettingsException when it cannot be read
   */
  static CauseCatalogue causes(Settings settings) {
    String file = settings.get(Setting.CAUSES);
    try {
      return file.isEmpty()
          ? CauseCatalogue.bundled()
          : CauseCatalogue.bundled().with(Path.of(file));
    } catch (CatalogueException e) {
      throw new SettingsException(
          settings.located(
              Setting.CAUSES.key(),
              "\""
                  + Setting.CAUSES.key()
                  + "\" names a catalogue that cannot be taken; mend it: "
                  + e.getMessage().replaceAll("\\s+", " ")));
    }
  }
}
