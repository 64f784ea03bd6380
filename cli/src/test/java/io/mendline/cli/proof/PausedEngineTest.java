package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.sample.Disorder;
import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.engine.Pipeline.Concern;
import io.mendline.processors.governor.Governor;
import io.mendline.processors.ingest.Ingest;
import io.mendline.processors.ingest.IngestOutput;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Emitter;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.Intake;
import io.mendline.processors.pipeline.KeyedStation;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Station;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.pipeline.StoreView;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Ingest runs on, on the wall clock, while the engine stands still for days: by then every
 * watermark has passed everything. The engine must not take what it has yet to read for silence.
 */
class PausedEngineTest {

  /** How far the wall clock is behind what happened: lateness, and the way to the broker. */
  private static final long TRANSPORT_MILLIS = Duration.ofSeconds(3).toMillis();

  /** That a workspace is silent is a judgement on arrival, which a pause does change. */
  private static final byte[] NO_SILENCE =
      "sentinel: {silence: P365D}".getBytes(StandardCharsets.UTF_8);

  private long wall = InProcess.FROM.toEpochMilli();

  @Test
  void an_engine_that_was_paused_finds_what_one_that_kept_up_finds() {
    List<SampleMessage> messages = messages();

    List<SignalRecord> log = new ArrayList<>();
    CanonicalResult keptUp = new CanonicalResult();
    Engine engine = new Engine(keptUp);
    ingest(
        messages,
        record -> {
          log.add(record);
          engine.accept(record);
        });

    // The wall clock stands weeks later now, and so do the last watermarks in the log.
    CanonicalResult paused = new CanonicalResult();
    Engine late = new Engine(paused);
    log.forEach(late::accept);

    assertThat(keptUp.lines()).anyMatch(line -> line.contains("\"CACHE_REGRESSION\""));
    assertThat(CanonicalResult.difference(keptUp.lines(), paused.lines())).isEmpty();
    // And both find what a replay of the same messages finds, which knows no wall clock.
    assertThat(
            CanonicalResult.difference(
                withoutCommands(InProcess.run(ended(messages))), withoutCommands(paused)))
        .isEmpty();
  }

  /** Shows that the other test can fail: this is what a table of watermarks beside the log does. */
  @Test
  void watermarks_that_overtake_the_log_would_change_what_is_found() {
    CanonicalResult keptUp = new CanonicalResult();
    Engine engine = new Engine(keptUp);
    List<SignalRecord> watermarks = new ArrayList<>();
    List<SignalRecord> signals = new ArrayList<>();
    ingest(
        messages(),
        record -> {
          engine.accept(record);
          (record instanceof SignalRecord.Watermark ? watermarks : signals).add(record);
        });

    CanonicalResult overtaken = new CanonicalResult();
    Engine late = new Engine(overtaken);
    watermarks.forEach(late::accept);
    signals.forEach(late::accept);

    assertThat(CanonicalResult.difference(keptUp.lines(), overtaken.lines())).isNotEmpty();
  }

  private static List<SampleMessage> messages() {
    List<SampleMessage> inOrder = InProcess.twoDays();
    return Disorder.shuffle(
        inOrder,
        3,
        Map.of(
            Source.SENTINEL, Duration.ofHours(1),
            Source.RUNS, Duration.ofSeconds(30),
            Source.CACHE, Duration.ofMinutes(2),
            Source.CHANGES, Duration.ofMinutes(2)));
  }

  private static List<SampleMessage> ended(List<SampleMessage> messages) {
    List<SampleMessage> ended = new ArrayList<>(messages);
    ended.add(InProcess.END);
    return ended;
  }

  /** Commands leave from the governor, which has no part in this but for the alerts of gaps. */
  private static List<String> withoutCommands(CanonicalResult result) {
    return result.lines().stream()
        .filter(line -> !line.startsWith("command ") && !line.contains("APPROVAL_REQUEST"))
        .toList();
  }

  private void ingest(List<SampleMessage> messages, Consumer<SignalRecord> to) {
    Ingest ingest =
        new Ingest(
            new MemoryStore<>(),
            new AllRead(),
            Clock.WALL,
            source -> source.defaultLateness().toMillis(),
            1);
    Consumer<IngestOutput> out =
        output -> {
          if (output instanceof IngestOutput.Signals signals) {
            to.accept(signals.record());
          }
        };
    long offset = 0;
    for (SampleMessage message : messages) {
      for (long now = message.eventTime() + TRANSPORT_MILLIS; wall < now; ) {
        wall = Math.min(now, wall + Duration.ofMinutes(1).toMillis());
        ingest.tick(0, out);
      }
      ingest.accept(
          new RawMessage(
              message.source(),
              new Coordinates(message.source().label(), 0, offset++),
              wall,
              null,
              message.value()),
          out);
    }
    for (long end = InProcess.END.eventTime(); wall < end; ) {
      wall += Duration.ofHours(1).toMillis();
      ingest.tick(0, out);
    }
  }

  /** Every partition is read to its end at every moment, as of a wall clock that a test moves. */
  private final class AllRead implements Inputs {
    @Override
    public int partitions(Source source) {
      return 1;
    }

    @Override
    public long readToEndAt(Source source, int partition, long lastOffset) {
      return wall;
    }
  }

  /** The engine on its own, fed with the records of the {@code signals} topic. */
  private final class Engine {
    private final Store<RouteMemory> routes = new MemoryStore<>();
    private final Intake intake =
        new Intake(
            routes,
            Clock.WALL,
            () -> wall,
            source -> source.defaultLateness().toMillis(),
            new PolicyBook()::at,
            route -> true);
    private final Map<String, Store<? extends Entry<?>>> states = new HashMap<>();
    private final Emitter line;

    Engine(CanonicalResult result) {
      PolicyBook policies = new PolicyBook();
      policies.put(Policies.parse("proof", InProcess.POLICY));
      policies.put(Policies.parse("silence", NO_SILENCE));
      Governor governor = new Governor(new MemoryStore<>(), policies, Clock.INPUT, () -> 0, false);
      List<Concern<?>> concerns = Pipeline.line(CauseCatalogue.bundled());
      Emitter next =
          message -> {
            if (message instanceof Output.Asked asked
                && asked.request() instanceof Request.Tell tell) {
              governor.accept(tell, told -> result.take((Output) told));
            } else if (message instanceof Output output) {
              result.take(output);
            }
          };
      for (int i = concerns.size() - 1; i >= 0; i--) {
        Station station = station(concerns.get(i), policies);
        Emitter after = next;
        next = message -> station.accept(message, after);
      }
      line = next;
    }

    void accept(SignalRecord record) {
      intake.accept(record, line);
    }

    private <S> Station station(Concern<S> concern, PolicyBook policies) {
      Store<Entry<S>> store = new MemoryStore<>();
      states.put(concern.name(), store);
      StoreView view =
          new StoreView(
              routes,
              policies,
              () -> wall,
              (route, cause, at) ->
                  Pipeline.repairs(states.get(Pipeline.RECURRENCE), route, cause, at),
              store);
      return new KeyedStation<>(
          concern.detector().get(), store, view, Commits.ATOMIC, Budget.UNLIMITED);
    }
  }
}
