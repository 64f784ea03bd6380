package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Decodes each message once, sends its signals to the partition of their route, and tells every
 * partition how far each input partition has come.
 *
 * <p>The watermark of an input partition is its greatest event time less the source's lateness;
 * once it is read to its end, the time at which that was known less the lateness. Watermarks are
 * told every {@value #SIGNALS_BETWEEN_WATERMARKS} signals of a partition and at every {@link
 * #tick}.
 */
public final class Ingest {
  /**
   * How many signals of a partition may pass before its watermark is told again; a message without
   * any counts as one. Signals rather than messages, of which one may hold thousands: what waits
   * for the watermark is held in memory and written with its state.
   */
  static final int SIGNALS_BETWEEN_WATERMARKS = 1_000;

  /**
   * After so many ticks an unchanged watermark is told all the same, so that nobody waits for ever.
   */
  private static final int TICKS_BETWEEN_REPEATS = 10;

  private final Store<IngestMemory> store;
  private final Inputs inputs;
  private final Clock clock;
  private final ToLongFunction<Source> lateness;
  private final int partitions;
  private final Map<String, SignalRecord.Named> workspaces = new HashMap<>();
  private final Map<Source, Map<Integer, InputPartition>> progress = new EnumMap<>(Source.class);

  /**
   * An ingest over its store.
   *
   * @param lateness per source, milliseconds
   * @param partitions how many partitions the {@code signals} topic has
   */
  public Ingest(
      Store<IngestMemory> store,
      Inputs inputs,
      Clock clock,
      ToLongFunction<Source> lateness,
      int partitions) {
    this.store = store;
    this.inputs = inputs;
    this.clock = clock;
    this.lateness = lateness;
    this.partitions = partitions;
  }

  /** Deals with one message. Never throws for what is in it. */
  public void accept(RawMessage message, Consumer<IngestOutput> out) {
    accept(Decoded.of(message), out);
  }

  /** Deals with one message that was decoded before. */
  public void accept(Decoded decoded, Consumer<IngestOutput> out) {
    RawMessage message = decoded.message();
    InputPartition input = input(message.source(), message.at().partition());
    input.lastOffset = message.at().offset();
    Map<Integer, List<Signal>> byPartition = new TreeMap<>();
    for (Signal signal : decoded.signals()) {
      input.newestEvent = Math.max(input.newestEvent, signal.eventTime());
      if (signal.payload() instanceof Payload.Observed observed
          && observed.record() instanceof SentinelHealth row) {
        learnName(row, out);
      }
      byPartition.computeIfAbsent(partition(signal), any -> new ArrayList<>()).add(signal);
    }
    byPartition.forEach(
        (partition, signals) ->
            out.accept(new IngestOutput.Signals(new SignalRecord.Batch(partition, signals))));
    decoded.letters().forEach(out);
    if (decoded.policy() != null) {
      accept(decoded.policy(), out);
    }
    input.signalsSinceTold += Math.max(1, decoded.signals().size());
    if (input.signalsSinceTold >= SIGNALS_BETWEEN_WATERMARKS
        && message.source() != Source.POLICIES) {
      tell(message.source(), message.at().partition(), input, out);
    }
  }

  /**
   * Tells how far the partitions of one task have come; to be called about every second.
   *
   * @param partition the task's number: it reads this partition of every topic that has one
   */
  public void tick(int partition, Consumer<IngestOutput> out) {
    for (Source source : Source.values()) {
      if (source != Source.POLICIES && partition < inputs.partitions(source)) {
        tell(source, partition, input(source, partition), out);
      }
    }
  }

  /**
   * Tells by what name health records call a workspace, so that a change of which the Azure
   * Activity log tells finds the route of its rule: at first, and when an earlier record comes.
   */
  private void learnName(SentinelHealth row, Consumer<IngestOutput> out) {
    SignalRecord.Named known = workspaces.get(row.workspace());
    if (known != null && known.since() <= row.time()) {
      return;
    }
    StateKey key = IngestMemory.workspaceKey(row.workspace());
    if (known == null && store.get(key) instanceof IngestMemory.Workspace kept) {
      workspaces.put(row.workspace(), kept.named());
      learnName(row, out);
      return;
    }
    String path = row.workspacePath();
    if (path != null) {
      SignalRecord.Named named = new SignalRecord.Named(path, row.workspace(), row.time());
      workspaces.put(row.workspace(), named);
      store.put(key, new IngestMemory.Workspace(named));
      out.accept(new IngestOutput.Signals(named));
    }
  }

  private int partition(Signal signal) {
    if (signal.source() == Source.CHANGES || signal.isNamedByPath()) {
      return SignalRecord.ALL_PARTITIONS;
    }
    return signal.payload() instanceof Payload.Observed
        ? Routes.partition(signal.route(), partitions)
        : Routes.partitionOfHash(signal.route(), partitions);
  }

  private void tell(
      Source source, int partition, InputPartition input, Consumer<IngestOutput> out) {
    long late = lateness.applyAsLong(source);
    long endAt = inputs.readToEndAt(source, partition, input.lastOffset);
    boolean idle = endAt >= 0;
    long watermark =
        input.newestEvent == Progress.UNHEARD ? Progress.UNHEARD : input.newestEvent - late;
    if (idle && clock == Clock.WALL) {
      watermark = Math.max(watermark, endAt - late);
    }
    SignalRecord.Watermark told =
        new SignalRecord.Watermark(
            source, partition, inputs.partitions(source), input.newestEvent, watermark, idle);
    boolean quiet = told.equals(input.told) && ++input.ticksSinceTold < TICKS_BETWEEN_REPEATS;
    if (quiet) {
      return;
    }
    if (input.told == null || input.told.newestEvent() != told.newestEvent()) {
      store.put(
          IngestMemory.newestKey(source, partition), new IngestMemory.Newest(input.newestEvent));
    }
    input.told = told;
    input.ticksSinceTold = 0;
    input.signalsSinceTold = 0;
    out.accept(new IngestOutput.Signals(told));
  }

  private void accept(PolicyDocument document, Consumer<IngestOutput> out) {
    List<PolicyDocument> known =
        store.get(IngestMemory.policyKey(document.id())) instanceof IngestMemory.Versions versions
            ? versions.documents()
            : List.of();
    List<PolicyDocument> versions = PolicyBook.withVersion(known, document);
    store.put(IngestMemory.policyKey(document.id()), new IngestMemory.Versions(versions));
    out.accept(new IngestOutput.Policies(document.id(), versions));
  }

  private InputPartition input(Source source, int partition) {
    return progress
        .computeIfAbsent(source, any -> new TreeMap<>())
        .computeIfAbsent(
            partition,
            any -> {
              InputPartition input = new InputPartition();
              if (store.get(IngestMemory.newestKey(source, partition))
                  instanceof IngestMemory.Newest newest) {
                input.newestEvent = newest.eventTime();
              }
              return input;
            });
  }

  /** How far one partition of one input topic has come. */
  private static final class InputPartition {
    private long newestEvent = Progress.UNHEARD;
    private long lastOffset = -1;
    private int signalsSinceTold;
    private int ticksSinceTold;
    private SignalRecord.Watermark told;
  }
}
