package io.mendline.cli.bench;

import io.mendline.cli.sample.SteadyTelemetry;
import io.mendline.topology.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Telemetry at a steady rate, and how long it takes from the append of a message that tells of a
 * failed run until a consumer of what is committed has the finding.
 */
final class HalfLoad {
  /** So many that some runs among them fail, however slow the machine. */
  private static final int LEAST_BLOCKS = 50;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Telemetry telemetry;
  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final boolean enveloped;
  private final Map<String, Long> appended = new HashMap<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  HalfLoad(
      Telemetry telemetry, Producer<byte[], byte[]> producer, Topics topics, boolean enveloped) {
    this.telemetry = telemetry;
    this.producer = producer;
    this.topics = topics;
    this.enveloped = enveloped;
  }

  /**
   * Sends, and waits for every finding.
   *
   * @param eventsPerSecond records of telemetry
   * @return milliseconds of each finding
   */
  List<Long> run(double eventsPerSecond, Duration span, FindingsReader reader)
      throws InterruptedException {
    double blocksPerSecond = Pace.blocks(eventsPerSecond);
    int count = Math.max(LEAST_BLOCKS, (int) (blocksPerSecond * span.toMillis() / 1_000));
    List<SteadyTelemetry.Block> live = telemetry.live(count);
    Thread sender = new Thread(() -> send(live, blocksPerSecond), "half-load");
    sender.start();
    while (sender.isAlive()) {
      reader.poll();
    }
    sender.join();
    Telemetry.requireSent(sent);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!reader.failedRuns().keySet().containsAll(appended.keySet())) {
      if (System.nanoTime() > end) {
        throw new BenchException(
            "of "
                + appended.size()
                + " failed runs at half load only "
                + reader.failedRuns().size()
                + " were told of");
      }
      reader.poll();
    }
    return appended.entrySet().stream()
        .map(run -> reader.failedRuns().get(run.getKey()) - run.getValue())
        .toList();
  }

  private void send(List<SteadyTelemetry.Block> live, double blocksPerSecond) {
    Pace.send(blocksPerSecond, live.size(), () -> true, number -> send(live.get((int) number)));
    producer.flush();
  }

  private void send(SteadyTelemetry.Block block) {
    for (byte[] value : Telemetry.values(block, enveloped)) {
      ProducerRecord<byte[], byte[]> record = telemetry.record(topics, block.source(), value);
      sent.add(producer.send(record));
      block.failedRuns().forEach(run -> appended.putIfAbsent(run, record.timestamp()));
    }
  }
}
