package io.mendline.databricks.poller;

import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is remembered of an update of a pipeline, and of the events of it that were told. */
final class TrackedUpdate {
  /**
   * So many events are remembered of one update; with more of them within the overlap, the first
   * are told again.
   */
  static final int MAX_EVENTS = 2_000;

  /** How closely an update is followed. */
  enum Phase {
    /** It has not ended. */
    ACTIVE,
    /** It ended, and the event log does not say so yet. */
    ENDED,
    /** It ended, and everything was told. */
    SETTLED
  }

  final String id;

  /** When it was made, milliseconds since 1970. */
  final long created;

  /** Its events are read from here on, milliseconds since 1970. */
  final long eventsFrom;

  Phase phase = Phase.ACTIVE;

  /** The version that was last told; {@link TrackedRun#NONE} before. */
  long told = TrackedRun.NONE;

  /** When it was last seen active, milliseconds since 1970; 0 if never. */
  long seenActive;

  /** When it was first seen ended, milliseconds since 1970; 0 before. */
  long seenEnded;

  /** The time of each event that was told, by its version. */
  final Map<Long, Long> events = new LinkedHashMap<>();

  /** How often in a row it was not found. */
  int misses;

  /** When it is due to be looked at; not kept over a restart, which looks at all at once. */
  long due;

  TrackedUpdate(String id, long created, long eventsFrom) {
    this.id = id;
    this.created = created;
    this.eventsFrom = eventsFrom;
  }

  /** Whether it is no longer looked for though nobody has seen its end. */
  boolean wasMissed() {
    return phase == Phase.SETTLED && told != TrackedRun.NONE && seenEnded == 0;
  }

  /** From when on its events have to be read again. */
  long readFrom(long overlap) {
    return events.isEmpty()
        ? eventsFrom
        : Math.max(eventsFrom, Collections.max(events.values()) - overlap);
  }

  /** Forgets events that will not be read again, and what is too much. */
  void prune(long overlap) {
    if (phase == Phase.SETTLED) {
      events.clear();
      return;
    }
    long from = readFrom(overlap);
    events.values().removeIf(at -> at < from);
    Iterator<Long> eldest = events.values().iterator();
    for (int excess = events.size() - MAX_EVENTS; excess > 0; excess--) {
      eldest.next();
      eldest.remove();
    }
  }
}
