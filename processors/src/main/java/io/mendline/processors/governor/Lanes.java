package io.mendline.processors.governor;

import io.mendline.processors.governor.GovernorMemory.InFlight;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.Action;
import io.mendline.schemas.Command;
import io.mendline.schemas.ResourceType;
import java.util.HashMap;
import java.util.Map;

/**
 * The backfills in flight of each dataset and layer. Nothing here is kept: it is an index of what
 * the store holds as {@link InFlight}, made anew at start. As large as that.
 */
final class Lanes {
  private static final String PARTITION = ResourceType.DATASET_PARTITION + "/";

  private final Map<String, Map<StateKey, InFlight>> inFlight = new HashMap<>();

  /** The dataset and layer that a command backfills a partition of; null for all else. */
  String laneOf(Command command) {
    return command.getAction() == Action.BACKFILL_PARTITION
        ? laneOf(command.getTarget().getId())
        : null;
  }

  /** Where a command stands among those that wait: the older the partition, the sooner. */
  Turn turnOf(Command command) {
    String lane = laneOf(command);
    String date = lane == null ? "" : command.getTarget().getId().substring(lane.length() + 1);
    return new Turn(lane, date, command.getId());
  }

  /** How many backfills are in flight, and not lost. */
  int inFlight(String lane, long now) {
    int count = 0;
    for (InFlight each : inFlight.getOrDefault(lane, Map.of()).values()) {
      count += each.until() >= now ? 1 : 0;
    }
    return count;
  }

  /** A command is in flight. */
  void put(StateKey key, InFlight command) {
    if (key.id().startsWith(PARTITION)) {
      inFlight.computeIfAbsent(laneOf(id(key)), any -> new HashMap<>()).put(key, command);
    }
  }

  /** Nothing is in flight under a key any more. */
  void remove(StateKey key) {
    if (key.id().startsWith(PARTITION)) {
      inFlight.computeIfPresent(
          laneOf(id(key)),
          (lane, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
  }

  private static String id(StateKey key) {
    return key.id().substring(PARTITION.length());
  }

  /** A partition's id without its day. */
  private static String laneOf(String partition) {
    return partition.substring(0, Math.max(0, partition.lastIndexOf('/')));
  }
}
