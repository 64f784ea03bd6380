package io.mendline.databricks.poller;

import io.mendline.databricks.api.ApiException.Kind;
import io.mendline.databricks.poller.TrackedUpdate.Phase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far the updates of a pipeline have been read. */
final class TrackedPipeline {
  final String id;

  /** As a list last showed it; nullable. */
  String name;

  /** Every update that was made until then has been seen, milliseconds since 1970. */
  long position;

  /** By id: those that have not ended, and those that a list of updates shows again. */
  final Map<String, TrackedUpdate> updates = new HashMap<>();

  /** What the list of pipelines showed of its latest updates; not kept over a restart. */
  long shown;

  /** When its updates are due to be listed; not kept over a restart. */
  long listDue;

  /** Whether the list of pipelines does not show it any more; not kept over a restart. */
  boolean unlisted;

  /** What may not be read of it, by the call; not kept over a restart, which says it again. */
  final Map<String, Kind> refused = new HashMap<>();

  /**
   * A pipeline of which nothing has been read.
   *
   * @param position where to begin
   */
  TrackedPipeline(String id, long position) {
    this.id = id;
    this.position = position;
  }

  /** Where a list of updates has to begin. */
  long listFrom(long overlap) {
    return position - overlap;
  }

  /** Those that are looked at one by one. */
  List<TrackedUpdate> followed() {
    return updates.values().stream().filter(update -> update.phase != Phase.SETTLED).toList();
  }

  /** When there is something to do. */
  long due() {
    long due = listDue;
    for (TrackedUpdate update : updates.values()) {
      if (update.phase != Phase.SETTLED) {
        due = Math.min(due, update.due);
      }
    }
    return due;
  }

  /** Forgets what no list is asked for any more. */
  void prune(long overlap) {
    long from = listFrom(overlap);
    updates.values().removeIf(update -> update.phase == Phase.SETTLED && update.created < from);
  }

  @Override
  public String toString() {
    return name == null ? id : name + " (" + id + ")";
  }
}
