package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.governor.GovernorCodec;
import io.mendline.processors.governor.GovernorMemory;
import io.mendline.processors.governor.GovernorMemory.Phase;
import io.mendline.processors.governor.GovernorMemory.Tracked;
import io.mendline.processors.kafka.StoreKeys;
import io.mendline.schemas.Action;
import io.mendline.serdes.binary.BinaryReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads commands, issued or held and why, from the governor's store. */
final class CommandReaders {
  /** The parameters of {@code /commands}. */
  static final Set<String> PARAMETERS =
      Set.of("id", "phase", "action", "incident", "resource", "held");

  private static final GovernorCodec CODEC = new GovernorCodec();

  private CommandReaders() {}

  /**
   * Reads the filter once, before partitions do.
   *
   * @throws Problem when it cannot be meant
   */
  static void check(Map<String, String> filter) {
    Set<Phase> unusedPhases = Parameters.symbols(filter, "phase", Phase.class);
    Set<Action> unusedActions = Parameters.symbols(filter, "action", Action.class);
    String held = filter.getOrDefault("held", "true");
    if (!held.equals("true") && !held.equals("false")) {
      throw Problem.badRequest("\"held\" is true or false");
    }
  }

  static List<PartitionReader.Candidate> commands(StoreReader store, Question question)
      throws StoreReader.NotHere {
    List<PartitionReader.Candidate> found = new ArrayList<>();
    Map<String, String> filter = question.filter();
    Set<Phase> phases = Parameters.symbols(filter, "phase", Phase.class);
    Set<Action> actions = Parameters.symbols(filter, "action", Action.class);
    store.range(
        StoreKeys.firstOf(GovernorMemory.COMMAND, ""),
        StoreKeys.endOf(GovernorMemory.COMMAND),
        (key, value) -> {
          if (CODEC.read(new BinaryReader(value)) instanceof Tracked tracked
              && (phases.isEmpty() || phases.contains(tracked.phase()))
              && (actions.isEmpty() || actions.contains(tracked.command().getAction()))
              && takes(filter, tracked)) {
            RowKey place = new RowKey(tracked.changedAt(), tracked.command().getId());
            if (place.compareTo(question.after()) > 0) {
              found.add(new PartitionReader.Candidate(place, () -> document(tracked)));
            }
          }
          return true;
        });
    return found;
  }

  private static boolean takes(Map<String, String> filter, Tracked tracked) {
    return takes(filter, "id", tracked.command().getId())
        && takes(filter, "incident", tracked.command().getIncidentId())
        && takes(filter, "resource", tracked.command().getTarget().getId())
        && takes(filter, "held", Boolean.toString(held(tracked)));
  }

  private static boolean takes(Map<String, String> filter, String name, String value) {
    return !filter.containsKey(name) || filter.get(name).equals(value);
  }

  private static boolean held(Tracked tracked) {
    return tracked.phase() == Phase.WAITING && tracked.heldFor() != null;
  }

  private static ObjectNode document(Tracked tracked) {
    ObjectNode document =
        Json.object()
            .put("phase", tracked.phase().name())
            .put("heldFor", held(tracked) ? tracked.heldFor() : null)
            .put("approvedBy", tracked.approvedBy())
            .put("owner", tracked.owner())
            .put("escalateTo", tracked.escalateTo())
            .put("changedAt", Instant.ofEpochMilli(tracked.changedAt()).toString());
    document.set("command", Json.of(tracked.command()));
    return document;
  }
}
