package io.mendline.processors.kafka;

import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongSupplier;

/** What all processors of one application share. */
public final class Application {
  /** Enough for tests. */
  private static final long FEW_STATES = 16 << 20;

  private final Map<String, Source> sources;
  private final int partitions;
  private final Map<Source, Long> lateness;
  private final Clock clock;
  private final LongSupplier wall;
  private final Inputs inputs;
  private final Budget budget;
  private final boolean outbox;
  private final Observer observer;
  private final byte[] life;
  private final PolicyBook policies = new PolicyBook();
  private final TaskStore.Registry stores;

  /**
   * What an application's processors share.
   *
   * @param sources the source of each input topic, by the topic's name
   * @param partitions how many partitions the {@code signals} topic has
   * @param lateness per source, milliseconds
   * @param clock what the time is taken to be
   * @param wall the wall clock, epoch milliseconds
   * @param inputs what is known of the input topics
   * @param budget how much due work is done at once
   * @param outbox whether outputs are kept in the state until they cannot be lost: under
   *     at-least-once
   */
  public Application(
      Map<String, Source> sources,
      int partitions,
      Map<Source, Long> lateness,
      Clock clock,
      LongSupplier wall,
      Inputs inputs,
      Budget budget,
      boolean outbox) {
    this(
        sources,
        partitions,
        lateness,
        clock,
        wall,
        inputs,
        budget,
        outbox,
        FEW_STATES,
        Observer.NONE);
  }

  /**
   * What the processors of an application that is observed share.
   *
   * @param heldStates bytes of heap, by estimate, for states that are held decoded
   * @param observer told what the processors do; the rest as above
   */
  public Application(
      Map<String, Source> sources,
      int partitions,
      Map<Source, Long> lateness,
      Clock clock,
      LongSupplier wall,
      Inputs inputs,
      Budget budget,
      boolean outbox,
      long heldStates,
      Observer observer) {
    this.sources = Map.copyOf(sources);
    this.partitions = partitions;
    this.lateness = Map.copyOf(lateness);
    this.clock = clock;
    this.wall = wall;
    this.inputs = inputs;
    this.budget = budget;
    this.outbox = outbox;
    this.observer = observer;
    this.stores = new TaskStore.Registry(new HeldStates(heldStates, System::nanoTime));
    this.life = Long.toString(wall.getAsLong()).getBytes(StandardCharsets.UTF_8);
  }

  /** The policies, filled from the {@code policies-valid} topic. */
  public PolicyBook policies() {
    return policies;
  }

  /** Tells this life of the application from earlier ones, whose messages may still be unread. */
  byte[] life() {
    return life;
  }

  Map<String, Source> sources() {
    return sources;
  }

  int partitions() {
    return partitions;
  }

  long lateness(Source source) {
    return lateness.get(source);
  }

  Clock clock() {
    return clock;
  }

  LongSupplier wall() {
    return wall;
  }

  Inputs inputs() {
    return inputs;
  }

  Budget budget() {
    return budget;
  }

  boolean outbox() {
    return outbox;
  }

  Observer observer() {
    return observer;
  }

  TaskStore.Registry stores() {
    return stores;
  }
}
