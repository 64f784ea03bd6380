package io.mendline.processors.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What a transport may do to messages without changing what they say. */
public final class Disorder {
  /** Second deliveries have other coordinates than first ones. */
  private static final long SECOND_DELIVERY = 1_000_000;

  private Disorder() {}

  /** Sorted by event time; of equal times, the order given. */
  public static List<Message> inOrder(List<? extends Message> messages) {
    List<Message> sorted = new ArrayList<>(messages);
    sorted.sort(Comparator.comparingLong(Disorder::eventTime));
    return sorted;
  }

  /**
   * Delays every message by chance by less than {@code lateness}, and delivers some of them twice,
   * the second time at another chance delay. No message comes to lie at or below a watermark that
   * trails the greatest event time by {@code lateness}.
   *
   * @param twice the share of messages, 0 to 1, that are delivered twice
   * @param seed equal seeds give equal disorder
   */
  public static List<Message> of(
      List<? extends Message> messages, Duration lateness, double twice, long seed) {
    Random random = new Random(seed);
    List<Delayed> delayed = new ArrayList<>();
    for (Message message : messages) {
      delayed.add(new Delayed(message, delay(message, lateness, random)));
      if (random.nextDouble() < twice) {
        delayed.add(new Delayed(again(message), delay(message, lateness, random)));
      }
    }
    // Ties are broken by chance too: the sort is stable.
    java.util.Collections.shuffle(delayed, random);
    delayed.sort(Comparator.comparingLong(Delayed::at));
    return delayed.stream().map(Delayed::message).toList();
  }

  /** The event time of a signal, or of what another concern settled. */
  static long eventTime(Message message) {
    if (message instanceof Signal signal) {
      return signal.eventTime();
    }
    if (message instanceof Output.Settled settled) {
      return settled.at();
    }
    if (message instanceof Output.Tried tried) {
      return tried.at();
    }
    if (message instanceof Output.Metered metered) {
      return metered.at();
    }
    if (message instanceof RouteHeard heard) {
      return heard.at();
    }
    throw new IllegalArgumentException("no event time is known for " + message);
  }

  private static long delay(Message message, Duration lateness, Random random) {
    return eventTime(message) + (long) (random.nextDouble() * lateness.toMillis());
  }

  private static Message again(Message message) {
    if (!(message instanceof Signal first)) {
      return message;
    }
    Coordinates at = first.at();
    return new Signal(
        first.source(),
        first.route(),
        first.subject(),
        first.eventTime(),
        first.contentId(),
        new Coordinates(at.topic(), at.partition(), at.offset() + SECOND_DELIVERY),
        first.payload());
  }

  private record Delayed(Message message, long at) {}
}
