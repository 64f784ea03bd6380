package io.mendline.cli.deadletters;

import io.mendline.processors.kafka.DeadLetterHeaders;
import io.mendline.topology.Clients;
import io.mendline.topology.PlannedTopic;
import io.mendline.topology.Preflight;
import io.mendline.topology.Settings;
import io.mendline.topology.SettingsException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code mendline dead-letters replay}: the bytes of a letter go back to the topic they came from,
 * with the time of now, so that a message that was ahead of its time is taken once its time has
 * come.
 */
@Command(
    name = "replay",
    description = {
      "Sends letters back to the topics they came from, as they were received. Says what it would send;",
      "sends it with --yes. What was sent again before is left out."
    },
    mixinStandardHelpOptions = true)
final class ReplayLettersCommand implements Callable<Integer> {
  /** The header that says of which letter a message is a replay: topic, partition, offset. */
  static final String REPLAYED_FROM = "mendline-replayed-from";

  @Spec private CommandSpec spec;
  @Mixin private LetterFilter filter;

  @Option(names = "--yes", description = "Sends them.")
  private boolean yes;

  @Option(names = "--again", description = "Also what was sent again before.")
  private boolean again;

  @Option(
      names = "--internal",
      description = "Also what came from internal topics; it goes back there, to its partition.")
  private boolean internal;

  private final List<Letter> chosen = new ArrayList<>();
  private final Map<String, Integer> leftOut = new TreeMap<>();

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = Settings.load(filter.config(), System.getenv());
    Preflight preflight = new Preflight(settings);
    Set<String> own =
        preflight.plan().stream().map(PlannedTopic::name).collect(Collectors.toUnmodifiableSet());
    try (LetterTopic letters = new LetterTopic(settings, preflight)) {
      letters.read((letter, replayed) -> choose(letter, replayed, own));
      if (yes && !chosen.isEmpty()) {
        letters.note(chosen);
        send(settings);
        letters.keepNote();
      }
    }
    print(spec.commandLine().getOut());
    return 0;
  }

  private void choose(Letter letter, boolean replayed, Set<String> own) {
    if (!filter.takes(letter) || chosen.size() >= filter.limit()) {
      return;
    }
    String reason = reasonAgainst(letter, replayed, own);
    if (reason.isEmpty()) {
      chosen.add(letter);
    } else {
      leftOut.merge(reason, 1, Integer::sum);
    }
  }

  private String reasonAgainst(Letter letter, boolean replayed, Set<String> own) {
    if (replayed && !again) {
      return "sent again before (--again sends them once more)";
    }
    if (letter.topic().isEmpty()) {
      return "came of no message but of a deadline, so there is nothing to send";
    }
    if (letter.isCut()) {
      return "cut at 900 KiB, so the message is not whole; send it from its source";
    }
    if (!own.contains(letter.topic())) {
      return "came from a topic that is none of this service";
    }
    return letter.isInternal() && !internal
        ? "came from an internal topic (--internal sends them back there)"
        : "";
  }

  private void send(Settings settings) throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Clients.producer(settings), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (Letter letter : chosen) {
        sent.add(producer.send(message(letter)));
      }
      producer.flush();
      for (Future<RecordMetadata> each : sent) {
        RecordMetadata unused = each.get();
      }
    } catch (ExecutionException e) {
      throw new SettingsException(
          "not all could be sent, and none is noted as sent: "
              + e.getCause().getMessage()
              + "; run it again, ids make a second delivery harmless");
    }
  }

  private static ProducerRecord<byte[], byte[]> message(Letter letter) {
    // Within the service a partition has a meaning; outside, any will do.
    Integer partition =
        letter.isInternal() ? Integer.valueOf(letter.header(DeadLetterHeaders.PARTITION)) : null;
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            letter.topic(), partition, letter.record().key(), letter.record().value());
    message
        .headers()
        .add(
            REPLAYED_FROM,
            (letter.record().topic() + "/" + letter.place()).getBytes(StandardCharsets.UTF_8));
    return message;
  }

  private void print(PrintWriter out) {
    Map<String, Integer> counts = new TreeMap<>();
    chosen.forEach(
        letter -> counts.merge(letter.topic() + ", stage " + letter.stage(), 1, Integer::sum));
    counts.forEach(
        (what, count) -> out.println((yes ? "sent " : "would send ") + count + " to " + what));
    leftOut.forEach((why, count) -> out.println("left out " + count + ": " + why));
    if (yes) {
      out.println(chosen.size() + " sent");
    } else {
      out.println(chosen.size() + " to send" + (chosen.isEmpty() ? "" : "; add --yes"));
    }
    out.flush();
  }
}
