package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.processors.policy.PolicyException;
import java.util.EnumMap;
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
 * told every {@value #MESSAGES_BETWEEN_WATERMARKS} messages of a partition and at every {@link
 * #tick}.
 */
public final class Ingest {
  /** An event time further ahead of its transport time than this moves nothing (law 2). */
  public static final long AHEAD_LIMIT_MILLIS = 10 * 60_000L;

  /** How many messages of a partition may pass before its watermark is told again. */
  static final int MESSAGES_BETWEEN_WATERMARKS = 1_000;

  /**
   * After so many ticks an unchanged watermark is told all the same, so that nobody waits for ever.
   */
  private static final int TICKS_BETWEEN_REPEATS = 10;

  private final Store<IngestMemory> store;
  private final Inputs inputs;
  private final Clock clock;
  private final ToLongFunction<Source> lateness;
  private final int partitions;
  private final Map<Source, Map<Integer, InputPartition>> progress = new EnumMap<>(Source.class);
  private final Map<Source, MessageReader> readers = MessageReader.all();

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
    InputPartition input = input(message.source(), message.at().partition());
    input.lastOffset = message.at().offset();
    if (message.source() == Source.POLICIES) {
      acceptPolicy(message, out);
      return;
    }
    Refusals refusals = new Refusals(message);
    Batches batches = new Batches();
    readers
        .get(message.source())
        .read(
            message,
            new MessageReader.Sink() {
              @Override
              public void signal(int index, Signal signal) {
                take(message, index, signal, batches, refusals, input);
              }

              @Override
              public void refuse(int index, String stage, String error) {
                refusals.add(index, stage, error);
              }
            });
    batches.flush(out);
    refusals.flush(out);
    if (++input.messagesSinceTold >= MESSAGES_BETWEEN_WATERMARKS) {
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

  private void take(
      RawMessage message,
      int index,
      Signal signal,
      Batches batches,
      Refusals refusals,
      InputPartition input) {
    if (signal.eventTime() > message.transportTime() + AHEAD_LIMIT_MILLIS) {
      refusals.add(
          index,
          "time",
          "the event time "
              + java.time.Instant.ofEpochMilli(signal.eventTime())
              + " lies more than 10 minutes ahead of its transport time");
      return;
    }
    int partition = partition(signal);
    if (partition < SignalRecord.ALL_PARTITIONS) {
      refusals.add(index, "route", "the id names no command or incident of Mendline");
      return;
    }
    input.newestEvent = Math.max(input.newestEvent, signal.eventTime());
    batches.add(partition, signal);
  }

  private int partition(Signal signal) {
    if (signal.source() == Source.CHANGES) {
      return SignalRecord.ALL_PARTITIONS;
    }
    if (signal.payload() instanceof Payload.Observed) {
      return Routes.partition(signal.route(), partitions);
    }
    int partition = Routes.partitionOfId(signal.route() + "-", partitions);
    return partition < 0 ? SignalRecord.ALL_PARTITIONS - 1 : partition;
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
    input.messagesSinceTold = 0;
    out.accept(new IngestOutput.Signals(told));
  }

  private void acceptPolicy(RawMessage message, Consumer<IngestOutput> out) {
    PolicyDocument document;
    try {
      if (message.value() == null) {
        throw new PolicyException("an empty message is not a policy");
      }
      document = Policies.parse(name(message), message.value());
    } catch (PolicyException e) {
      out.accept(new DeadLetter(message, "policy", e.getMessage(), List.of()));
      return;
    }
    List<PolicyDocument> known =
        store.get(IngestMemory.policyKey(document.id())) instanceof IngestMemory.Versions versions
            ? versions.documents()
            : List.of();
    List<PolicyDocument> versions = PolicyBook.withVersion(known, document);
    store.put(IngestMemory.policyKey(document.id()), new IngestMemory.Versions(versions));
    out.accept(new IngestOutput.Policies(document.id(), versions));
  }

  private static String name(RawMessage message) {
    return message.key() == null || message.key().length == 0
        ? "policy"
        : new String(message.key(), java.nio.charset.StandardCharsets.UTF_8);
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
    private int messagesSinceTold;
    private int ticksSinceTold;
    private SignalRecord.Watermark told;
  }
}
