package io.mendline.cli.sample;

import io.mendline.cli.sample.Draws.Question;
import io.mendline.processors.pipeline.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * What transport does to messages: puts them out of order and delivers them twice. Pure functions
 * of the messages, a seed and a bound.
 */
public final class Disorder {
  private Disorder() {}

  /**
   * Puts messages out of order, each source as far as its lateness allows and no further: whenever
   * a message comes, its earliest record is behind the latest record of that source so far by less
   * than the lateness.
   *
   * <p>Each message is sorted by its event time plus a delay drawn from 0 to the lateness, less the
   * time that its own records span. A message that comes before another has the smaller sum, so its
   * event time exceeds the other's by less than the other's delay. Messages may be in any order
   * before; the lateness they had is forgotten.
   *
   * @param lateness per source; a source that is not named keeps its order
   */
  public static List<SampleMessage> shuffle(
      List<SampleMessage> messages, long seed, Map<Source, Duration> lateness) {
    Draws draws = new Draws(seed);
    List<Delayed> delayed = new ArrayList<>(messages.size());
    for (SampleMessage message : messages) {
      delayed.add(Delayed.of(message, delayed.size(), draws, lateness));
    }
    delayed.sort(null);
    return delayed.stream().map(Delayed::message).toList();
  }

  /**
   * As {@link #shuffle(List, long, Map)}, with the same result, for messages in order of event
   * time; keeps only those in memory that lie within the largest lateness.
   *
   * <p>The iterator throws {@link IllegalArgumentException} where the messages are not in order.
   */
  public static Iterator<SampleMessage> shuffle(
      Iterator<SampleMessage> messages, long seed, Map<Source, Duration> lateness) {
    return new Shuffled(messages, new Draws(seed), Map.copyOf(lateness));
  }

  /**
   * Delivers the given share of the messages a second time, right behind the first; shuffle
   * afterwards to move them apart.
   */
  public static List<SampleMessage> duplicate(
      List<SampleMessage> messages, long seed, double share) {
    List<SampleMessage> all = new ArrayList<>((int) (messages.size() * (1 + share)) + 1);
    duplicate(messages.iterator(), seed, share).forEachRemaining(all::add);
    return all;
  }

  /** As {@link #duplicate(List, long, double)}, for any number of messages. */
  public static Iterator<SampleMessage> duplicate(
      Iterator<SampleMessage> messages, long seed, double share) {
    return new Duplicated(messages, new Draws(seed), share);
  }

  private record Delayed(long due, long position, SampleMessage message)
      implements Comparable<Delayed> {
    static Delayed of(
        SampleMessage message, long position, Draws draws, Map<Source, Duration> lateness) {
      long span = message.eventTime() - message.earliest();
      long most = lateness.getOrDefault(message.source(), Duration.ZERO).toMillis() - span;
      long delay = draws.between(Question.JITTER, position, 0, most);
      return new Delayed(message.eventTime() + delay, position, message);
    }

    @Override
    public int compareTo(Delayed other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(position, other.position);
    }
  }

  private static final class Shuffled implements Iterator<SampleMessage> {
    private final Iterator<SampleMessage> messages;
    private final Draws draws;
    private final Map<Source, Duration> lateness;
    private final PriorityQueue<Delayed> held = new PriorityQueue<>();
    private long position;
    private long reached = Long.MIN_VALUE;

    Shuffled(Iterator<SampleMessage> messages, Draws draws, Map<Source, Duration> lateness) {
      this.messages = messages;
      this.draws = draws;
      this.lateness = lateness;
    }

    @Override
    public boolean hasNext() {
      return !held.isEmpty() || messages.hasNext();
    }

    @Override
    public SampleMessage next() {
      // What is yet to come is due at its event time at the earliest.
      while (messages.hasNext() && (held.isEmpty() || held.peek().due() > reached)) {
        SampleMessage message = messages.next();
        if (message.eventTime() < reached) {
          throw new IllegalArgumentException("the messages are not in order of event time");
        }
        reached = message.eventTime();
        held.add(Delayed.of(message, position++, draws, lateness));
      }
      if (held.isEmpty()) {
        throw new NoSuchElementException();
      }
      return held.remove().message();
    }
  }

  private static final class Duplicated implements Iterator<SampleMessage> {
    private final Iterator<SampleMessage> messages;
    private final Draws draws;
    private final double share;
    private long position;
    private SampleMessage again;

    Duplicated(Iterator<SampleMessage> messages, Draws draws, double share) {
      this.messages = messages;
      this.draws = draws;
      this.share = share;
    }

    @Override
    public boolean hasNext() {
      return again != null || messages.hasNext();
    }

    @Override
    public SampleMessage next() {
      if (again != null) {
        SampleMessage second = again;
        again = null;
        return second;
      }
      SampleMessage first = messages.next();
      if (draws.chance(Question.RECORD, position++, share)) {
        again = first;
      }
      return first;
    }
  }
}
