package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.KeyedStation;
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
  private final LongSupplier entriesNow;
  private KeyedStation<?> station;
  private LongSupplier waitingNow;
  private Observer observer;
  private volatile long entries;
  private volatile long timers;
  private volatile long due;
  private volatile long waiting;
  private volatile Progress progress;

  /**
   * Of a processor that has not begun.
   *
   * @param name the processor's store
   * @param entries how many entries it has, about
   */
  Vitals(String name, LongSupplier entries) {
    this.name = name;
    this.entriesNow = entries;
  }

  /** Of a concern, which has deadlines. */
  Vitals of(KeyedStation<?> concern) {
    station = concern;
    return this;
  }

  /** Of the governor, with which commands wait. */
  Vitals ofGovernor(LongSupplier commandsWaiting) {
    waitingNow = commandsWaiting;
    return this;
  }

  /** Of the intake, which knows how far event time has come. */
  Vitals ofIntake() {
    progress = Progress.NONE;
    return this;
  }

  /** Begins to take figures; to be called in {@code init}. */
  Vitals open(ProcessorContext<?, ?> context, Observer told) {
    observer = told;
    take();
    context.schedule(EVERY, PunctuationType.WALL_CLOCK_TIME, now -> take());
    observer.opened(this);
    return this;
  }

  /** Ends it; to be called in {@code close}. */
  void close() {
    observer.closed(this);
  }

  void reached(Progress now) {
    progress = now;
  }

  private void take() {
    entries = entriesNow.getAsLong();
    if (station != null) {
      timers = station.timers();
      due = station.due();
    }
    if (waitingNow != null) {
      waiting = waitingNow.getAsLong();
    }
  }

  /** The store of the processor, which is named for its concern. */
  public String name() {
    return name;
  }

  /** Whether it is a concern of the line, and so has deadlines. */
  public boolean isConcern() {
    return station != null;
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

  /** Whether it is the intake, which knows how far event time has come. */
  public boolean hasProgress() {
    return progress != null;
  }

  /** How far event time has come; null but for the intake. */
  public Progress progress() {
    return progress;
  }
}
