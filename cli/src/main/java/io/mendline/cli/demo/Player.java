package io.mendline.cli.demo;

import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Plays a day to the pipeline: a discrete-event simulation whose clock is the input's.
 *
 * <p>The service's clock is the newest event it has seen, so nothing may be told before all that
 * came earlier has had its effect, or what the platform answers would come too late. So it goes
 * step by step: what is told within a few seconds is sent, and with it a change of no consequence,
 * which every partition hears of and which moves the clock on; then the pipeline comes to rest;
 * then the platform answers what it was asked; only then comes the next step. Between messages the
 * clock moves on in short steps, so that what falls due does so about when it should.
 */
final class Player {
  /** The key of what only moves the clock on. */
  static final String TICK = "demo-clock";

  private static final Duration TOGETHER = Duration.ofSeconds(45);
  private static final Duration STEP = Duration.ofMinutes(10);

  /** Longer than what outcomes and runs may be late, so that an answer shows by itself. */
  private static final Duration ANSWER_SHOWS = Duration.ofSeconds(61);

  /** Longer than it takes until a finding has settled and what is asked for about it is due. */
  private static final Duration FINDING_SHOWS = Duration.ofSeconds(135);

  private static final Duration LAST_STEPS = Duration.ofMinutes(15);
  private static final Duration AFTER_THE_END = Duration.ofHours(3);

  private final LivePipeline pipeline;
  private final SimulatedPlatform platform;
  private final Story story;
  private final PriorityQueue<Queued> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Queued queued) -> queued.delivery().at())
              .thenComparingLong(Queued::number));
  private long numbers;
  private long now;

  private record Queued(Delivery delivery, long number) {}

  Player(LivePipeline pipeline, SimulatedPlatform platform, Story story) {
    this.pipeline = pipeline;
    this.platform = platform;
    this.story = story;
  }

  /** Plays all of it, and on until nothing more falls due. */
  void play(List<Delivery> day) {
    day.forEach(this::enqueue);
    long last = day.get(day.size() - 1).at();
    long end = last + AFTER_THE_END.toMillis();
    now = queue.peek().delivery().at() - 1;
    while (!queue.isEmpty() || now < end) {
      step(now < last ? STEP : LAST_STEPS);
    }
  }

  /** Sends what is told next, or only moves the clock on, and lets it take effect. */
  private void step(Duration most) {
    long until = now + most.toMillis();
    if (!queue.isEmpty() && queue.peek().delivery().at() <= until) {
      until = queue.peek().delivery().at() + TOGETHER.toMillis();
      boolean more = true;
      while (more && !queue.isEmpty() && queue.peek().delivery().at() <= until) {
        Delivery next = queue.poll().delivery();
        send(platform.tell(next));
        more = !TICK.equals(next.key());
      }
    } else {
      now = until;
    }
    pipeline.send(tick(now));
    List<Output> outputs = pipeline.settle();
    story.tell(now, outputs);
    for (Output output : outputs) {
      if (output instanceof Output.Commanded commanded) {
        answer(platform.answer(commanded.command(), now));
      } else if (output instanceof Output.Told told) {
        answer(platform.answer(told.alert(), now));
      } else if (output instanceof Output.Found) {
        enqueue(tick(now + FINDING_SHOWS.toMillis()));
      }
    }
  }

  private void send(Delivery message) {
    now = Math.max(now, message.at());
    pipeline.send(message);
    story.sent(message);
  }

  private void answer(List<Delivery> answers) {
    for (Delivery answer : answers) {
      enqueue(answer);
      enqueue(tick(answer.at() + ANSWER_SHOWS.toMillis()));
    }
  }

  private void enqueue(Delivery message) {
    queue.add(new Queued(message, numbers++));
  }

  /** Something harmless happens to nobody's service. */
  private static Delivery tick(long at) {
    String change =
        """
        {"id":"demo-clock","at":"%s","service":"demo-clock","kind":"setting","title":"The clock moves on"}"""
            .formatted(Instant.ofEpochMilli(at));
    return new Delivery(at, Source.CHANGES, TICK, change.getBytes(StandardCharsets.UTF_8));
  }
}
