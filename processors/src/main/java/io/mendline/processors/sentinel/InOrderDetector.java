package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the detectors have in common that judge the health records of one resource in the order of
 * event time: each fact waits until the watermark has passed it. A late fact is judged at once: it
 * may clear or enrich if it is the newest, and raises nothing.
 *
 * <p>More than {@value FactQueue#MAX_WAITING} facts do not wait; then the oldest is judged before
 * its time, which is counted, and audited at the first and then at every doubling. Nothing is lost
 * by that, but a fact that comes after it and lies before it counts as late.
 */
abstract class InOrderDetector<S extends HealthState> implements Detector<S> {
  /**
   * A resource of which nothing was heard for so long is forgotten, and its open finding is neither
   * enriched nor cleared any more: its incident has been closed by then.
   */
  static final Duration MEMORY = Duration.ofDays(30);

  static final int SOURCES = Source.SENTINEL.bit();

  /** Whether a record is for this detector. */
  abstract boolean takes(SentinelHealth row);

  /** The fact that such a record tells. */
  abstract HealthFact factOf(Signal signal, SentinelHealth row);

  /** The name by which this detector stands in the audit. */
  abstract String actor();

  /** The state of a resource of which nothing is known. */
  abstract S begin();

  /**
   * Judges the next fact in order.
   *
   * @param late the watermark had passed it when it arrived: it may not raise
   */
  abstract void judge(S state, HealthFact fact, boolean late, Verdicts verdicts);

  /** The next revision of the finding about the episode of a state. */
  abstract Finding finding(FailingEpisode episode, Verdicts verdicts);

  /** Meets the deadlines up to an instant; all facts up to it have been judged. */
  abstract void meet(S state, long at, Verdicts verdicts);

  /** The part of the key that names the resource. */
  abstract String keyId(SentinelHealth row);

  @Override
  public final StateKey keyOf(Message message) {
    SentinelHealth row = row(message);
    return row != null && takes(row) ? new StateKey(((Signal) message).route(), keyId(row)) : null;
  }

  @Override
  public final int sources(S state) {
    return SOURCES;
  }

  @Override
  public final int clocks() {
    return SOURCES;
  }

  @Override
  public final Step<S> step(StateKey key, S before, Input input, View view) {
    S state = before == null ? begin() : before;
    Verdicts verdicts = new Verdicts(key, view);
    long at;
    if (input instanceof Input.Due due) {
      at = due.at();
      for (HealthFact next = state.queue().pollUpTo(at);
          next != null;
          next = state.queue().pollUpTo(at)) {
        judge(state, next, false, verdicts);
      }
      meet(state, at, verdicts);
      if (state.forgottenAt() <= at) {
        state.forget();
      }
    } else {
      Input.Arrived arrived = (Input.Arrived) input;
      Signal signal = (Signal) arrived.message();
      HealthFact fact = factOf(signal, row(signal));
      at = fact.time();
      arrive(state, fact, arrived.late(), verdicts);
    }
    if (!state.isOver()) {
      return new Step<>(state, verdicts.outputs, state.wakeAt());
    }
    return verdicts.outputs.isEmpty() ? Step.gone() : new Step<>(state, verdicts.outputs, at + 1);
  }

  private void arrive(S state, HealthFact fact, boolean late, Verdicts verdicts) {
    if (state.queue().isBehind(fact)) {
      enrich(state, fact, verdicts);
    } else if (late) {
      state.queue().judged(fact);
      judge(state, fact, true, verdicts);
    } else {
      state.queue().add(fact);
      HealthFact next = state.queue().pollEarly();
      if (next != null) {
        judge(state, next, false, verdicts);
        overflow(state, fact, verdicts);
      }
    }
  }

  /** A late fact that lies before others that have been judged may still say why. */
  private void enrich(S state, HealthFact older, Verdicts verdicts) {
    FailingEpisode episode = state.episode();
    if (episode != null
        && older.kind() != HealthFact.Kind.GOOD
        && older.time() >= episode.since
        && episode.enrich(older)
        && episode.raised()) {
      verdicts.tell(finding(episode, verdicts));
    }
  }

  /** The resource works: what it failed at is over, and cleared if it was raised. */
  final void recover(S state, HealthFact good, Verdicts verdicts) {
    FailingEpisode episode = state.episode();
    if (episode != null && episode.raised()) {
      episode.clearedAt = good.time();
      verdicts.settle(good.time(), finding(episode, verdicts));
    }
    state.end();
  }

  /** The episode is worth a finding from this fact on. */
  final void raise(FailingEpisode episode, HealthFact bad, Verdicts verdicts) {
    episode.raisedAt = bad.time();
    verdicts.settle(bad.time(), finding(episode, verdicts));
  }

  /** Told at 1, 2, 4, 8 and so on: what overflows once overflows often. */
  private void overflow(S state, HealthFact fact, Verdicts verdicts) {
    if (Long.bitCount(state.queue().early()) != 1) {
      return;
    }
    verdicts.outputs.add(
        new Output.Noted(
            verdicts.key.route(),
            AuditEntry.newBuilder()
                .setAt(Instant.ofEpochMilli(fact.time()))
                .setActor(actor())
                .setAction("JUDGE_EARLY")
                .setResource(fact.subject().toResource())
                .setWhy("more records of one resource than may wait for the watermark")
                .setHow("the oldest is judged before the watermark has passed it")
                .setDetail(
                    Map.of(
                        "judgedEarly", Long.toString(state.queue().early()),
                        "maxWaiting", Integer.toString(FactQueue.MAX_WAITING)))
                .setStatus("OVERFLOW")
                .build()));
  }

  private static SentinelHealth row(Message message) {
    return message instanceof Signal signal
            && signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof SentinelHealth row
        ? row
        : null;
  }

  /** Collects what one step puts out. */
  static final class Verdicts {
    final StateKey key;
    final View view;
    private final List<Output> outputs = new ArrayList<>();

    private Verdicts(StateKey key, View view) {
      this.key = key;
      this.view = view;
    }

    /** Tells a finding. */
    void tell(Finding finding) {
      outputs.add(new Output.Found(key.route(), finding));
    }

    /** Tells a finding that was raised or cleared at an instant, which is settled with that. */
    void settle(long at, Finding finding) {
      tell(finding);
      outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
    }
  }
}
