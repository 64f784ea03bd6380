package io.mendline.processors.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * Hosts a detector: finds the key of a message, fires the key's due deadlines before the message is
 * applied, fires all that is due when progress arrives, and keeps the outbox.
 *
 * <p>One get and one put per message or deadline. Progress is handed on only when everything due at
 * it has fired, so a later concern sees a watermark after all that earlier ones had to say up to
 * it.
 *
 * @param <S> the detector's state
 */
public final class KeyedStation<S> implements Station {
  private final Detector<S> detector;
  private final Store<Entry<S>> store;
  private final View view;
  private final Commits commits;
  private final Budget budget;
  private final TimerIndex timers = new TimerIndex();

  private Progress progress = Progress.NONE;
  private boolean progressHeld;

  /**
   * A station over a store.
   *
   * @param store made by the runtime with {@link EntryCodec} where it keeps bytes
   */
  public KeyedStation(
      Detector<S> detector, Store<Entry<S>> store, View view, Commits commits, Budget budget) {
    this.detector = detector;
    this.store = store;
    this.view = view;
    this.commits = commits;
    this.budget = budget;
  }

  @Override
  public void recover(Emitter out) {
    List<Output> kept = new ArrayList<>();
    store.forEach(
        (key, entry) -> {
          timers.set(key, entry.wakeAt(), detector.sources(entry.state()));
          kept.addAll(entry.outbox());
        });
    kept.forEach(out::emit);
  }

  @Override
  public void accept(Message message, Emitter out) {
    if (message instanceof Progress next) {
      progress = next;
      progressHeld = true;
      resume(out);
      return;
    }
    StateKey key = detector.keyOf(message);
    if (message instanceof Output || key == null) {
      out.emit(message);
    }
    if (key != null) {
      arrive(key, message, out);
    }
  }

  @Override
  public boolean resume(Emitter out) {
    long start = budget.ticker().getAsLong();
    for (int fired = 0; fired < budget.keys(); fired++) {
      StateKey key = timers.poll(progress);
      if (key == null) {
        if (progressHeld) {
          progressHeld = false;
          out.emit(progress);
        }
        return true;
      }
      Entry<S> entry = store.get(key);
      if (entry != null) {
        // One deadline, not all that the key has passed: over all keys they fire in event-time
        // order, so that what one key is held for another has given up by then.
        settle(key, isDue(entry) ? fireNext(key, entry, out) : entry, entry);
      }
      if (budget.ticker().getAsLong() - start > budget.nanos()) {
        return false;
      }
    }
    return false;
  }

  private void arrive(StateKey key, Message message, Emitter out) {
    Entry<S> before = store.get(key);
    Entry<S> entry = before == null ? null : fire(key, before, out);
    boolean late = message instanceof Signal signal && isLate(signal, entry);
    S state = entry == null ? null : entry.state();
    Step<S> step = detector.step(key, state, new Input.Arrived(message, late), view);
    settle(key, applied(entry, step, out), before);
  }

  /** Without a state to say what it waits for, a signal is late by its own source's watermark. */
  private boolean isLate(Signal signal, Entry<S> entry) {
    int sources = entry == null ? signal.source().bit() : detector.sources(entry.state());
    return signal.eventTime() <= progress.of(sources);
  }

  /** Fires every deadline of the key that has passed; returns what is left of it, or null. */
  private Entry<S> fire(StateKey key, Entry<S> entry, Emitter out) {
    Entry<S> now = entry;
    while (now != null && isDue(now)) {
      now = fireNext(key, now, out);
    }
    return now;
  }

  private boolean isDue(Entry<S> entry) {
    return entry.wakeAt() <= progress.of(detector.sources(entry.state()));
  }

  private Entry<S> fireNext(StateKey key, Entry<S> entry, Emitter out) {
    long at = entry.wakeAt();
    Step<S> step = detector.step(key, entry.state(), new Input.Due(at), view);
    if (step.state() != null && step.wakeAt() <= at) {
      throw new IllegalStateException(
          "the deadline " + at + " of " + key + " was left standing by " + detector.getClass());
    }
    return applied(entry, step, out);
  }

  private Entry<S> applied(Entry<S> before, Step<S> step, Emitter out) {
    step.outputs().forEach(out::emit);
    if (step.state() == null) {
      return null;
    }
    long begun = commits.begun();
    if (begun < 0) {
      return new Entry<>(step.state(), step.wakeAt(), List.of(), 0);
    }
    if (before == null || before.outbox().isEmpty()) {
      return new Entry<>(step.state(), step.wakeAt(), step.outputs(), begun);
    }
    // A count above ours is of an earlier life; what it kept was put out again when this one
    // started.
    long kept = Math.min(before.commit(), begun);
    if (begun >= kept + 2) {
      return new Entry<>(step.state(), step.wakeAt(), step.outputs(), begun);
    }
    if (step.outputs().isEmpty()) {
      return new Entry<>(step.state(), step.wakeAt(), before.outbox(), kept);
    }
    List<Output> outbox = new ArrayList<>(before.outbox());
    outbox.addAll(step.outputs());
    return new Entry<>(step.state(), step.wakeAt(), List.copyOf(outbox), begun);
  }

  private void settle(StateKey key, Entry<S> entry, Entry<S> before) {
    if (entry == null) {
      timers.set(key, Step.NEVER, 0);
      if (before != null) {
        store.put(key, null);
      }
      return;
    }
    timers.set(key, entry.wakeAt(), detector.sources(entry.state()));
    store.put(key, entry);
  }
}
