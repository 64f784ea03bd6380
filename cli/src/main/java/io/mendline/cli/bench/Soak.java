package io.mendline.cli.bench;

import io.mendline.cli.sample.SteadyTelemetry;
import io.mendline.processors.pipeline.Source;
import io.mendline.topology.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The service under a steady load for long: whether its memory stays what it is, and whether it
 * keeps up. Event time runs so much faster than the clock that all that is ever forgotten, resolved
 * incidents after a month the last of it, is forgotten within the soak.
 */
final class Soak {
  private static final double MEBI = 1024.0 * 1024;

  /** By so much the last quarter may be above the second; the first is the warming up. */
  private static final double MOST_GROWTH = 1.15;

  /** Seconds of load that may wait at most, once warm. */
  private static final double MOST_WAITING = 5;

  private final Telemetry telemetry;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Topics topics;
  private final WorkerProcess worker;
  private final Progress progress;
  private final double eventsPerSecond;
  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicReference<RuntimeException> failure = new AtomicReference<>();

  /**
   * A soak of a service that runs.
   *
   * @param progress of that service
   */
  Soak(
      Telemetry telemetry,
      KafkaProducer<byte[], byte[]> producer,
      Topics topics,
      WorkerProcess worker,
      Progress progress,
      double eventsPerSecond) {
    this.telemetry = telemetry;
    this.producer = producer;
    this.topics = topics;
    this.worker = worker;
    this.progress = progress;
    this.eventsPerSecond = eventsPerSecond;
  }

  /**
   * How it was at one time.
   *
   * @param heap bytes left by a collection
   * @param rss bytes
   * @param waiting messages that were sent and are not committed
   * @param watermarkBehind by how much the runs' watermark is behind the newest event, beyond the
   *     lateness: seconds of event time, of which a second of the clock holds some 225
   */
  private record Sample(
      long second, double rate, long heap, long rss, long waiting, double watermarkBehind) {}

  /**
   * Runs.
   *
   * @return whether memory stayed flat and what waited bounded
   */
  boolean run(Duration span, Duration every, PrintWriter out)
      throws IOException, InterruptedException {
    Thread sender = new Thread(() -> send(span), "soak");
    sender.start();
    out.println("   minute   events/s   heap MiB    RSS MiB    waiting   watermark behind");
    List<Sample> samples = new ArrayList<>();
    long start = System.nanoTime();
    long before = 0;
    long sampledAt = start;
    while (sender.isAlive()) {
      sender.join(every.toMillis());
      worker.requireAlive();
      long nanos = System.nanoTime();
      long now = sent.get();
      double rate = (now - before) * 1e9 / (nanos - sampledAt);
      // First, or it would have caught up while the heap is collected.
      long waiting = now - progress.committedInput();
      double behind = watermarkBehind();
      Sample sample =
          new Sample(
              (nanos - start) / 1_000_000_000,
              rate,
              worker.ask("heap"),
              worker.rss(),
              waiting,
              behind);
      before = now;
      sampledAt = nanos;
      samples.add(sample);
      out.printf(
          Locale.ROOT,
          "%9.1f %,10.0f %10.0f %10.0f %,10d %,12.0f s%n",
          sample.second / 60.0,
          sample.rate,
          sample.heap / MEBI,
          sample.rss / MEBI,
          sample.waiting,
          sample.watermarkBehind);
      out.flush();
    }
    if (failure.get() != null) {
      throw failure.get();
    }
    return judge(samples, out);
  }

  private boolean judge(List<Sample> samples, PrintWriter out) {
    int quarter = samples.size() / 4;
    if (quarter == 0) {
      out.println("too short to say whether anything grows");
      return false;
    }
    List<Sample> second = samples.subList(quarter, 2 * quarter);
    List<Sample> last = samples.subList(samples.size() - quarter, samples.size());
    double heap = median(last, Sample::heap) / median(second, Sample::heap);
    double rss = median(last, Sample::rss) / median(second, Sample::rss);
    double waiting =
        samples.subList(quarter, samples.size()).stream()
                .mapToDouble(Sample::waiting)
                .max()
                .orElse(0)
            / eventsPerSecond;
    out.printf(
        Locale.ROOT,
        "last quarter by second quarter: heap %.2f, RSS %.2f; waiting at most %.1f s of load%n",
        heap,
        rss,
        waiting);
    return heap <= MOST_GROWTH && rss <= MOST_GROWTH && waiting <= MOST_WAITING;
  }

  private static double median(List<Sample> samples, Function<Sample, Long> of) {
    return Quantiles.of(samples.stream().map(of).toList()).median();
  }

  /** How many blocks of telemetry a soak sends. */
  static long blocks(double eventsPerSecond, Duration span) {
    return (long) (Pace.blocks(eventsPerSecond) * span.toSeconds());
  }

  private void send(Duration span) {
    try {
      long blocks = blocks(eventsPerSecond, span);
      Pace.send(
          Pace.blocks(eventsPerSecond),
          blocks,
          worker::alive,
          number -> send(telemetry.live(number, blocks)));
      producer.flush();
    } catch (RuntimeException e) {
      failure.set(e);
    }
  }

  private void send(SteadyTelemetry.Block live) {
    for (byte[] value : Telemetry.values(live, false)) {
      var unused =
          producer.send(
              telemetry.record(topics, live.source(), value),
              (metadata, problem) -> {
                if (problem != null) {
                  failure.compareAndSet(null, new BenchException("cannot be sent", problem));
                }
              });
      sent.incrementAndGet();
    }
  }

  private double watermarkBehind() throws IOException, InterruptedException {
    long port = worker.ask("port");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    String text = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    String source = "source=\"" + Source.RUNS.label() + "\"";
    for (String line : text.lines().toList()) {
      if (line.startsWith("mendline_watermark_lag_seconds{") && line.contains(source)) {
        double lag = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        return lag - Source.RUNS.defaultLateness().toSeconds();
      }
    }
    throw worker.failed("it tells no watermark lag");
  }
}
