package io.mendline.cli.bench;

import io.mendline.cli.sample.SteadyTelemetry;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * The input of the benchmark: a backlog of telemetry that lies in the topics before anything is
 * measured, and live telemetry that goes on where it ends.
 *
 * <p>In the backlog each resource is told of every quarter of an hour. It ends a week ago, so that
 * there is room for the live telemetry's event times before the present: at half load a second
 * holds more of it than such resources have to tell in a day.
 */
final class Telemetry {
  /** In how many partitions each input topic lies: the default of {@code topics.partitions}. */
  static final int PARTITIONS = 8;

  private static final long SEED = 20_260_610;
  private static final long EVERY = Duration.ofMinutes(15).toMillis();
  private static final long LIVE_SPAN = Duration.ofDays(7).toMillis();

  private final SteadyTelemetry telemetry;
  private final int resources;
  private final int blocks;
  private final long every;
  private final long liveSpan;
  private final long end;
  private int next;

  /**
   * For a backlog of so many blocks.
   *
   * @param now the time, epoch milliseconds
   */
  Telemetry(int resources, int blocks, long now) {
    this(resources, blocks, EVERY, LIVE_SPAN, now);
  }

  private Telemetry(int resources, int blocks, long every, long liveSpan, long now) {
    this.telemetry = new SteadyTelemetry(SEED, resources);
    this.resources = resources;
    this.blocks = blocks;
    this.every = every;
    this.liveSpan = liveSpan;
    this.end = now - liveSpan;
  }

  /**
   * Without a backlog, for so many live blocks up to the present.
   *
   * @param every how often each resource is told of, milliseconds of event time
   */
  static Telemetry live(int resources, long blocks, Duration every, long now) {
    long span = every.toMillis() * (blocks + 1) * SteadyTelemetry.BLOCK / resources;
    return new Telemetry(resources, 0, every.toMillis(), span, now);
  }

  /** The topics that hold telemetry. */
  static List<String> topics(Topics topics) {
    return List.of(
        topics.inputs().get(Source.SENTINEL),
        topics.inputs().get(Source.RUNS),
        topics.inputs().get(Source.CACHE));
  }

  /** The topic that the pass-through writes. */
  static String passedThrough(Topics topics) {
    String findings = topics.findings();
    return findings.substring(0, findings.length() - "findings".length()) + "passed-through";
  }

  /**
   * What a backlog holds.
   *
   * @param messages how many messages
   * @param failedRuns runs that failed
   * @param skippedWindows windows that were given up
   */
  record Content(long messages, Set<String> failedRuns, int skippedWindows) {}

  /** Writes the backlog, and returns when it is all there. */
  Content load(Producer<byte[], byte[]> producer, Topics topics, boolean enveloped) {
    long messages = 0;
    Set<String> failedRuns = new HashSet<>();
    int skippedWindows = 0;
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    long from = end - every * blocks * SteadyTelemetry.BLOCK / resources;
    for (int i = 0; i < blocks; i++) {
      SteadyTelemetry.Block block =
          telemetry.block(i, from + every * i * SteadyTelemetry.BLOCK / resources);
      for (byte[] value : values(block, enveloped)) {
        sent.add(producer.send(record(topics, block.source(), value)));
        messages++;
      }
      failedRuns.addAll(block.failedRuns());
      skippedWindows += block.skippedWindows();
    }
    producer.flush();
    requireSent(sent);
    return new Content(messages, failedRuns, skippedWindows);
  }

  /** Makes the live telemetry. */
  List<SteadyTelemetry.Block> live(int count) {
    List<SteadyTelemetry.Block> live = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      live.add(live(i, count));
    }
    return live;
  }

  /** The how-manieth block of so many of live telemetry. */
  SteadyTelemetry.Block live(long number, long count) {
    long apart = Math.min(every * SteadyTelemetry.BLOCK / resources, liveSpan / (count + 1));
    return telemetry.block(blocks + number, end + apart * number);
  }

  /** The messages of a block. */
  static List<byte[]> values(SteadyTelemetry.Block block, boolean enveloped) {
    return enveloped ? List.of(block.envelope()) : block.records();
  }

  /** A message without a key, for the next partition. */
  ProducerRecord<byte[], byte[]> record(Topics topics, Source source, byte[] value) {
    return new ProducerRecord<>(
        topics.inputs().get(source), next++ % PARTITIONS, System.currentTimeMillis(), null, value);
  }

  /** Fails unless all of it was acknowledged. */
  static void requireSent(List<Future<RecordMetadata>> sent) {
    for (Future<RecordMetadata> each : sent) {
      try {
        each.get();
      } catch (ExecutionException e) {
        throw new BenchException("the input cannot be written", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BenchException("interrupted", e);
      }
    }
  }
}
