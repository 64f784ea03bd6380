package io.mendline.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.Mendline;
import io.mendline.cli.broker.EmbeddedBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a broker can say of a configuration: a line each, and no start. */
class ClusterChecksTest {
  private static final String PASSWORD = "correct-horse-battery";
  private static final String WRONG = "wrong-donkey-staple";
  private static final Duration SOON = Duration.ofSeconds(20);

  private static EmbeddedBroker broker;

  @TempDir private Path folder;

  /** Takes one user with one password. */
  @BeforeAll
  static void start() {
    broker =
        EmbeddedBroker.start(
            Map.of(
                "listener.security.protocol.map",
                "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name",
                "PLAINTEXT",
                "sasl.mechanism.inter.broker.protocol",
                "PLAIN",
                "listener.name.plaintext.sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\""
                    + PASSWORD
                    + "\" user_admin=\""
                    + PASSWORD
                    + "\";"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void what_is_right_is_listed_and_ok() throws IOException {
    List<String> out = new ArrayList<>();

    assertThat(mendline(out, new ArrayList<>(), login(PASSWORD), "config", "check")).isZero();

    assertThat(out)
        .anyMatch(line -> line.startsWith("brokers: 1 answer, credentials accepted"))
        .anyMatch(line -> line.startsWith("topics: 0 of 29 are there"));
    assertThat(out).last().isEqualTo("ok");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"config check", "run", "topics check", "topics create", "dead-letters list"})
  void a_wrong_password_is_said_and_not_shown(String command) throws IOException {
    assertThat(refused(login(WRONG), command.split(" ", -1)))
        .singleElement()
        .asString()
        .startsWith("mendline: the broker refuses the credentials: ")
        .endsWith("; check kafka.sasl.mechanism and kafka.sasl.jaas.config");
  }

  @Test
  void a_mechanism_that_the_broker_does_not_take_is_said() throws IOException {
    List<String> settings = new ArrayList<>(login(PASSWORD));
    settings.set(2, "kafka.sasl.mechanism=SCRAM-SHA-512");
    settings.set(
        3,
        "kafka.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"admin\" password=\""
            + PASSWORD
            + "\";");

    assertThat(refused(settings, "config", "check"))
        .singleElement()
        .asString()
        .contains("the broker refuses the credentials", "SCRAM-SHA-512", "PLAIN");
  }

  @Test
  void a_client_without_a_login_gets_no_answer_and_is_told_where_to_look() throws IOException {
    assertThat(
            refused(
                List.of(
                    "kafka.bootstrap.servers=" + broker.bootstrapServers(),
                    "kafka.default.api.timeout.ms=2000"),
                "config",
                "check"))
        .singleElement()
        .asString()
        .startsWith("mendline: the broker does not answer at " + broker.bootstrapServers())
        .endsWith("and kafka.security.protocol");
  }

  @Test
  void topics_that_are_missing_and_may_not_be_created_are_named_one_by_one() throws IOException {
    List<String> settings = new ArrayList<>(login(PASSWORD));
    settings.add("topics.create=false");

    assertThat(refused(settings, "run"))
        .hasSize(18)
        .contains(
            "mendline: the topic \"telemetry.runs\" is missing; create it with: mendline topics"
                + " create, or set topics.create=true");
  }

  @Test
  void a_name_that_no_server_knows_is_said() throws IOException {
    assertThat(refused(List.of("kafka.bootstrap.servers=nowhere.invalid:9092"), "config", "check"))
        .singleElement()
        .asString()
        .contains("bootstrap.servers");
  }

  /** With the times of Event Hubs, which are longer than those that hold when nothing is set. */
  @Test
  @Timeout(value = 25, unit = TimeUnit.SECONDS)
  void nobody_at_the_address_stops_the_start_within_20_seconds() throws IOException {
    List<String> settings =
        List.of(
            "profile=event-hubs",
            "kafka.bootstrap.servers=localhost:" + freePort(),
            "kafka.security.protocol=SASL_SSL",
            "kafka.sasl.mechanism=PLAIN",
            login(PASSWORD).get(3));
    long start = System.nanoTime();

    assertThat(refused(settings, "run"))
        .singleElement()
        .asString()
        .startsWith("mendline: the broker does not answer at localhost:")
        .contains("check kafka.bootstrap.servers");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
  }

  private static List<String> login(String password) {
    return List.of(
        "kafka.bootstrap.servers=" + broker.bootstrapServers(),
        "kafka.security.protocol=SASL_PLAINTEXT",
        "kafka.sasl.mechanism=PLAIN",
        "kafka.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
            + " username=\"admin\" password=\""
            + password
            + "\";");
  }

  private List<String> refused(List<String> settings, String... arguments) throws IOException {
    List<String> err = new ArrayList<>();
    assertThat(mendline(new ArrayList<>(), err, settings, arguments)).isEqualTo(1);
    assertThat(err)
        .allMatch(line -> line.startsWith("mendline: "))
        .noneMatch(line -> line.contains(PASSWORD) || line.contains(WRONG))
        .noneMatch(line -> line.contains("Exception"));
    return err;
  }

  private int mendline(
      List<String> printed, List<String> told, List<String> settings, String... arguments)
      throws IOException {
    List<String> lines = new ArrayList<>(settings);
    lines.add("state.dir=" + folder.resolve("state"));
    Path file = Files.write(folder.resolve("m.properties"), lines);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", file.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Mendline.run(new PrintWriter(out), new PrintWriter(err, true), all.toArray(String[]::new));
    printed.addAll(out.toString().lines().toList());
    told.addAll(err.toString().lines().toList());
    return code;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
