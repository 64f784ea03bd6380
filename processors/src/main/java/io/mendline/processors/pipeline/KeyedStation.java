package io.mendline.processors.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Hosts a detector: finds the key of a message, fires the key's due deadlines before the message is
 * applied (but see {@link Detector#firesInOrder}), fires all that is due when progress arrives, and
 * keeps the outbox.
 *
 * <p>The outbox holds what was put out until it can no longer be lost, see {@link Commits}. It
 * outlives its key: of a key that is gone the outbox alone is kept on, and taken away when its time
 * has come.
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
  private final Consumer<Source> late;
  private final int clocks;
  private final boolean inOrder;
  private final long soon;
  private final TimerIndex timers = new TimerIndex();
  private final StandingTimers standing = new StandingTimers();

  /** Keys that are gone and whose outbox is still kept, in the order in which it may go. */
  private final ArrayDeque<Gone> gone = new ArrayDeque<>();

  private Progress progress = Progress.NONE;
  private boolean progressHeld;

  /** Whether due deadlines were left standing for want of budget. */
  private boolean behind;

  /** How many commits had begun when this life put out again what an earlier one had kept. */
  private long recoveredAt;

  /**
   * A station over a store.
   *
   * @param store made by the runtime with {@link EntryCodec} where it keeps bytes
   */
  public KeyedStation(
      Detector<S> detector, Store<Entry<S>> store, View view, Commits commits, Budget budget) {
    this(detector, store, view, commits, budget, source -> {});
  }

  /**
   * A station over a store, which says what comes late.
   *
   * @param late told of every signal that comes after the watermark it is judged by
   */
  public KeyedStation(
      Detector<S> detector,
      Store<Entry<S>> store,
      View view,
      Commits commits,
      Budget budget,
      Consumer<Source> late) {
    this.detector = detector;
    this.clocks = detector.clocks();
    this.inOrder = detector.firesInOrder();
    this.soon = detector.soon().toMillis();
    this.store = store;
    this.view = view;
    this.commits = commits;
    this.budget = budget;
    this.late = late;
  }

  @Override
  public void recover(Emitter out) {
    recoveredAt = Math.max(0, commits.begun());
    List<Output> kept = new ArrayList<>();
    Map<StateKey, Entry<S>> orphans = new LinkedHashMap<>();
    store.forEach(
        (key, entry) -> {
          if (entry.state() == null) {
            orphans.put(key, Entry.gone(entry.outbox(), recoveredAt));
          } else {
            timers.set(key, entry.wakeAt(), detector.sources(entry.state()));
          }
          kept.addAll(entry.outbox());
        });
    kept.forEach(out::emit);
    // Without an outbox of its own this life has nothing to wait for.
    orphans.forEach((key, entry) -> settle(key, commits.begun() < 0 ? null : entry, entry));
  }

  @Override
  public void accept(Message message, Emitter out) {
    forgetGone();
    if (message instanceof Progress next) {
      progress = next;
      progressHeld = true;
      standing.release(route -> reached(route, clocks) + soon, timers);
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
    forgetGone();
    behind = true;
    long start = budget.ticker().getAsLong();
    for (int fired = 0; fired < budget.keys(); fired++) {
      StateKey key = timers.poll(progress);
      if (key == null) {
        if (progressHeld) {
          progressHeld = false;
          out.emit(progress);
        }
        behind = false;
        return true;
      }
      Entry<S> entry = store.get(key);
      Input.Due due = due(key, entry);
      if (due != null) {
        // One deadline, not all that the key has passed: over all keys they fire in event-time
        // order, so that what one key is held for another has given up by then.
        settle(key, fire(key, entry, due, out), entry);
      } else if (entry != null && entry.state() != null) {
        int sources = detector.sources(entry.state());
        standing.put(key, entry.wakeAt(), sources);
        timers.set(key, aloneAt(entry.state()), sources);
      }
      if (budget.ticker().getAsLong() - start > budget.nanos()) {
        return false;
      }
    }
    return false;
  }

  /** How many keys have a deadline. */
  public int timers() {
    return timers.size() + standing.size();
  }

  /** How many of them have passed and still wait, for want of budget. */
  public int due() {
    return behind ? timers.due(progress) : 0;
  }

  private void arrive(StateKey key, Message message, Emitter out) {
    Entry<S> before = store.get(key);
    Entry<S> entry = before == null || inOrder ? before : fire(key, before, out);
    S state = entry == null ? null : entry.state();
    boolean isLate = message instanceof Signal signal && isLate(signal, state);
    if (isLate) {
      late.accept(((Signal) message).source());
    }
    Step<S> step = detector.step(key, state, new Input.Arrived(message, isLate), view);
    settle(key, applied(entry, step, out), before);
  }

  /** Without a state to say what it waits for, a signal is late by its own source's watermark. */
  private boolean isLate(Signal signal, S state) {
    int sources = state == null ? signal.source().bit() : detector.sources(state);
    return signal.eventTime() <= progress.of(sources)
        && signal.eventTime() <= reached(signal.route(), sources);
  }

  /** How far the time of a route has come, by these sources. */
  private long reached(String route, int sources) {
    long reached = progress.of(sources);
    for (int rest = sources & clocks; rest != 0; rest &= rest - 1) {
      Source source = Source.ofCode(Integer.numberOfTrailingZeros(rest));
      reached = Math.min(reached, view.clock(route, source, progress.of(source)));
    }
    return reached;
  }

  /** Fires every deadline of the key that has passed; returns what is left of it, or null. */
  private Entry<S> fire(StateKey key, Entry<S> entry, Emitter out) {
    Entry<S> now = entry;
    for (Input.Due due = due(key, now); due != null; due = due(key, now)) {
      now = fire(key, now, due, out);
    }
    return now;
  }

  /** The deadline of a key that has passed, or null. */
  private Input.Due due(StateKey key, Entry<S> entry) {
    if (entry == null || entry.state() == null) {
      return null;
    }
    int sources = detector.sources(entry.state());
    long passed = progress.of(sources);
    if (entry.wakeAt() > passed) {
      return null;
    }
    if (entry.wakeAt() <= reached(key.route(), sources) + soon) {
      return new Input.Due(entry.wakeAt());
    }
    long alone = aloneAt(entry.state());
    return alone <= passed ? new Input.Due(alone, true) : null;
  }

  private long aloneAt(S state) {
    return clocks == 0 ? Step.NEVER : detector.aloneAt(state);
  }

  private Entry<S> fire(StateKey key, Entry<S> entry, Input.Due due, Emitter out) {
    Step<S> step = detector.step(key, entry.state(), due, view);
    if (step.state() != null && (due.alone() ? aloneAt(step.state()) : step.wakeAt()) <= due.at()) {
      throw new IllegalStateException(
          "the deadline "
              + due.at()
              + " of "
              + key
              + " was left standing by "
              + detector.getClass());
    }
    return applied(entry, step, out);
  }

  /** What becomes of an entry by a step; null when nothing is left of it. */
  private Entry<S> applied(Entry<S> before, Step<S> step, Emitter out) {
    step.outputs().forEach(out::emit);
    long begun = commits.begun();
    if (begun < 0) {
      return step.state() == null ? null : new Entry<>(step.state(), step.wakeAt(), List.of(), 0);
    }
    boolean keeps = before != null && !before.outbox().isEmpty() && begun < safeAt(before.commit());
    List<Output> outbox = step.outputs();
    long commit = begun;
    if (keeps && outbox.isEmpty()) {
      outbox = before.outbox();
      commit = keptSince(before.commit());
    } else if (keeps) {
      outbox = new ArrayList<>(before.outbox());
      outbox.addAll(step.outputs());
      outbox = List.copyOf(outbox);
    }
    if (step.state() != null) {
      return new Entry<>(step.state(), step.wakeAt(), outbox, commit);
    }
    return outbox.isEmpty() ? null : Entry.gone(outbox, commit);
  }

  /** The count of commits begun at which an outbox of this count can no longer be lost. */
  private long safeAt(long commit) {
    return keptSince(commit) + 2;
  }

  /**
   * Counts of an earlier life say nothing in this one: what that life kept was put out again when
   * this one recovered, and a count above ours can only be of an earlier one.
   */
  private long keptSince(long commit) {
    return Math.max(recoveredAt, Math.min(commit, commits.begun()));
  }

  private void settle(StateKey key, Entry<S> entry, Entry<S> before) {
    standing.remove(key);
    if (entry == null || entry.state() == null) {
      timers.set(key, Step.NEVER, 0);
      if (entry != null) {
        store.put(key, entry);
        gone.add(new Gone(key, keptSince(entry.commit())));
      } else if (before != null) {
        store.put(key, null);
      }
      return;
    }
    timers.set(key, entry.wakeAt(), detector.sources(entry.state()));
    store.put(key, entry);
  }

  /** Takes away what is left of keys that are gone, once it can no longer be lost. */
  private void forgetGone() {
    while (!gone.isEmpty() && commits.begun() >= gone.peek().commit() + 2) {
      StateKey key = gone.poll().key();
      Entry<S> entry = store.get(key);
      // The key may have come back meanwhile, or come back and gone once more.
      if (entry != null && entry.state() == null && commits.begun() >= safeAt(entry.commit())) {
        store.put(key, null);
      }
    }
  }

  /** A key that is gone, and the commit count that its outbox is kept since. */
  private record Gone(StateKey key, long commit) {}
}
