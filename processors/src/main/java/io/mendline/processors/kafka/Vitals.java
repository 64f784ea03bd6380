package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.Progress;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * What one processor of one task says of itself. Its own thread takes the figures every {@link
 * #EVERY}, for nobody else may look into a store or an index; any thread may read them.
 */
public final class Vitals {
  /** How old a figure may be. */
  public static final Duration EVERY = Duration.ofSeconds(5);

  private final String name;
  private final Observer observer;
  private volatile long entries;
  private volatile long timers;
  private volatile long due;
  private volatile long waiting;
  private volatile Progress progress;

  private Vitals(String name, Observer observer) {
    this.name = name;
    this.observer = observer;
  }

  /**
   * Begins to take figures; to be called in {@code init}.
   *
   * @param name the processor's store
   * @param entries how many entries it has, about
   */
  static Vitals open(
      String name, ProcessorContext<?, ?> context, Observer observer, LongSupplier entries) {
    return open(name, context, observer, entries, () -> 0, () -> 0, () -> 0);
  }

  static Vitals open(
      String name,
      ProcessorContext<?, ?> context,
      Observer observer,
      LongSupplier entries,
      LongSupplier timers,
      LongSupplier due,
      LongSupplier waiting) {
    Vitals vitals = new Vitals(name, observer);
    vitals.entries = entries.getAsLong();
    context.schedule(
        EVERY,
        PunctuationType.WALL_CLOCK_TIME,
        now -> {
          vitals.entries = entries.getAsLong();
          vitals.timers = timers.getAsLong();
          vitals.due = due.getAsLong();
          vitals.waiting = waiting.getAsLong();
        });
    observer.opened(vitals);
    return vitals;
  }

  /** Ends it; to be called in {@code close}. */
  void close() {
    observer.closed(this);
  }

  void reached(Progress now) {
    progress = now;
  }

  /** The store of the processor, which is named for its concern. */
  public String name() {
    return name;
  }

  /** How many entries the store has, as near as it knows. */
  public long entries() {
    return entries;
  }

  /** How many keys have a deadline; 0 for what is no concern. */
  public long timers() {
    return timers;
  }

  /** How many of them have passed and still wait to be dealt with. */
  public long due() {
    return due;
  }

  /** How many commands wait to be released; 0 but for the governor. */
  public long waiting() {
    return waiting;
  }

  /** How far event time has come; null before anything was heard, and but for the intake. */
  public Progress progress() {
    return progress;
  }
}
