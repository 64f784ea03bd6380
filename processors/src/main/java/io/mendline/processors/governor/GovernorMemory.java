package io.mendline.processors.governor;

import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.Command;
import io.mendline.schemas.Resource;
import io.mendline.schemas.Severity;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the {@code governor} store holds. All of it is replicated: no limit is forgotten in a
 * restart.
 */
public sealed interface GovernorMemory {
  /** Where a command stands. */
  enum Phase {
    /** It waits for approval or for a limit to give way. */
    WAITING,
    /** It was sent to the executor; nothing final is known of it. */
    RELEASED,
    /** It is over. Kept so that a request told twice acts once. */
    ENDED
  }

  /**
   * One command.
   *
   * @param command as it will leave or has left
   * @param owner who owns the resource; may be null
   * @param escalateTo whom to ask for approval
   * @param approvedBy who approved it; null while nobody has
   * @param heldFor the reason last audited for holding it; once it is over, why it was dropped or
   *     how it was reported to end; null when there is none
   * @param asked whether a person was asked to approve it, and so is told when that is over
   * @param externalRef what the executor calls it, as the id of the run it started; null where it
   *     has not said
   * @param changedAt when the phase last changed, epoch milliseconds
   */
  record Tracked(
      Phase phase,
      Command command,
      String owner,
      String escalateTo,
      String approvedBy,
      String heldFor,
      boolean asked,
      String externalRef,
      long changedAt)
      implements GovernorMemory {

    Tracked held(String reason) {
      boolean asks = asked || reason.equals(Notices.AWAITING_APPROVAL);
      return new Tracked(
          phase, command, owner, escalateTo, approvedBy, reason, asks, externalRef, changedAt);
    }

    Tracked approved(String by) {
      return new Tracked(
          phase, command, owner, escalateTo, by, heldFor, asked, externalRef, changedAt);
    }

    Tracked moved(Phase next, Command as, long at) {
      return new Tracked(next, as, owner, escalateTo, approvedBy, null, asked, externalRef, at);
    }

    Tracked ended(String how, long at) {
      return new Tracked(
          Phase.ENDED, command, owner, escalateTo, approvedBy, how, asked, externalRef, at);
    }

    /** The same, as the executor calls it; what it does not say stays as it was. */
    Tracked called(String ref) {
      return ref == null
          ? this
          : new Tracked(
              phase, command, owner, escalateTo, approvedBy, heldFor, asked, ref, changedAt);
    }

    /** Whether the executor would not do it. */
    public boolean refused() {
      return phase == Phase.ENDED && REFUSED.equals(heldFor);
    }
  }

  /**
   * The command in flight on a resource.
   *
   * @param until after this it counts as lost and the resource is free again, epoch milliseconds
   */
  record InFlight(String commandId, long until) implements GovernorMemory {}

  /**
   * When commands of an action were released: how many in each minute, by minutes since 1970.
   * Bounded by the minutes of a day.
   */
  record Releases(SortedMap<Long, Integer> perMinute) implements GovernorMemory {
    static final Releases NONE = new Releases(new TreeMap<>());

    private static final long MINUTE_MILLIS = 60_000;
    private static final long HOUR = 60;
    private static final long KEPT = 24 * HOUR;

    /** How many were released within an hour of a time, before it or, out of order, after it. */
    int around(long at) {
      long minute = at / MINUTE_MILLIS;
      return perMinute.subMap(minute - HOUR, minute + HOUR + 1).values().stream()
          .mapToInt(Integer::intValue)
          .sum();
    }

    /** These and one more. */
    Releases and(long at) {
      SortedMap<Long, Integer> more = new TreeMap<>(perMinute);
      more.merge(at / MINUTE_MILLIS, 1, Integer::sum);
      more.headMap(more.lastKey() - KEPT).clear();
      return new Releases(more);
    }
  }

  /**
   * What people were told of incidents that are one to them, see {@link Request.Tell}.
   *
   * @param first the alert of the first of them
   * @param severity the highest of them
   * @param windowStart of the first window, epoch milliseconds; negative where it is not known
   * @param windowEnd of the last window, epoch milliseconds; negative where it is not known
   * @param open the findings of those that are not cleared, by the ids of their alerts; empty once
   *     all of it is over
   * @param count how many there were
   * @param told how many there were when people were told last
   * @param at when it changed last, epoch milliseconds
   */
  record Group(
      Alert first,
      Severity severity,
      long windowStart,
      long windowEnd,
      SortedMap<String, String> open,
      int count,
      int told,
      long at)
      implements GovernorMemory {}

  /** How often a governor has started; an executor refuses commands of an earlier one. */
  record Epoch(long number) implements GovernorMemory {}

  /** How a command ends that the executor would not do. */
  String REFUSED = "reported rejected";

  /** The key of the {@link Epoch}. */
  StateKey EPOCH = new StateKey("epoch", "");

  /** What stands for the route in keys of {@link Tracked}. */
  String COMMAND = "command";

  /** The key of {@link Tracked}. */
  static StateKey commandKey(String commandId) {
    return new StateKey(COMMAND, commandId);
  }

  /**
   * The key of {@link InFlight}: the resource of a command, and of a replay its window as well, as
   * replays of several windows of a rule do not get in each other's way.
   */
  static StateKey inFlightKey(Command command) {
    Resource resource = command.getTarget();
    String id = resource.getType() + "/" + resource.getId();
    String window =
        command.getAction() == Action.REPLAY_WINDOW
            ? command.getParameters().get("windowEnd")
            : null;
    return new StateKey("resource", window == null ? id : id + "@" + window);
  }

  /** The key of {@link Group}, which ends with the alert's dedup key. */
  static StateKey groupKey(String id, AlertKind kind) {
    return new StateKey("group", id + "/" + kind);
  }

  /** The key of {@link Releases}. */
  static StateKey actionKey(Command command) {
    return new StateKey("action", command.getAction().name());
  }
}
