package io.mendline.processors.governor;

import io.mendline.processors.governor.GovernorMemory.Epoch;
import io.mendline.processors.governor.GovernorMemory.Group;
import io.mendline.processors.governor.GovernorMemory.InFlight;
import io.mendline.processors.governor.GovernorMemory.Phase;
import io.mendline.processors.governor.GovernorMemory.Releases;
import io.mendline.processors.governor.GovernorMemory.Tracked;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Emitter;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.policy.Mode;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Action;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Decision;
import io.mendline.schemas.OutcomeStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * Releases commands to the executor, or holds them: the one writer of every limit that spans
 * resources.
 *
 * <p>What is checked, in this order: expiry, kill switch, mode and approval, one in flight per
 * resource, backfills in flight per dataset and layer, a cap per action and hour. The kill switch
 * and the mode are read at every release, from the policy in force then. What is held is audited
 * once per reason and looked at again whenever something may have given way; of backfills those of
 * the oldest partitions first.
 */
public final class Governor {
  /** At most so many releases in one go. */
  static final int RELEASES_PER_SLICE = 200;

  /** A command that is over is remembered so long, so that a request told twice acts once. */
  static final long ENDED_KEPT_MILLIS = Duration.ofDays(8).toMillis();

  private final Store<GovernorMemory> store;
  private final PolicyBook policies;
  private final Clock clock;
  private final LongSupplier wall;
  private final boolean redeliver;
  private final TreeSet<Turn> waiting = new TreeSet<>();
  private final Lanes lanes = new Lanes();
  private final TreeSet<Ended> ended = new TreeSet<>();

  private long latest = Long.MIN_VALUE;
  private long epoch;

  /**
   * A governor over its store.
   *
   * @param wall the wall clock, epoch milliseconds; read on {@link Clock#WALL} only
   * @param redeliver whether outputs may be lost in a crash that keeps the state, and so are told
   *     again: under at-least-once
   */
  public Governor(
      Store<GovernorMemory> store,
      PolicyBook policies,
      Clock clock,
      LongSupplier wall,
      boolean redeliver) {
    this.redeliver = redeliver;
    this.store = store;
    this.policies = policies;
    this.clock = clock;
    this.wall = wall;
  }

  /** Finds out what waits and begins a new epoch. Called once, at start. */
  public void recover(Emitter out) {
    List<Tracked> known = new ArrayList<>();
    Map<StateKey, Group> groups = new TreeMap<>();
    store.forEach(
        (key, memory) -> {
          if (memory instanceof Tracked tracked) {
            known.add(tracked);
          } else if (memory instanceof Group group) {
            groups.put(key, group);
          } else if (memory instanceof InFlight inFlight) {
            lanes.put(key, inFlight);
          }
        });
    known.forEach(this::index);
    groups.forEach(this::index);
    if (redeliver) {
      known.forEach(tracked -> tellAgain(tracked, out));
      groups.forEach((key, group) -> out.emit(AlertGroups.told(key, group)));
    }
    epoch = (store.get(GovernorMemory.EPOCH) instanceof Epoch last ? last.number() : 0) + 1;
    store.put(GovernorMemory.EPOCH, new Epoch(epoch));
  }

  /** Deals with what the engine says. */
  public void accept(Request request, Emitter out) {
    latest = Math.max(latest, request.at());
    if (request instanceof Request.Tell tell) {
      tell(tell, out);
    } else if (request instanceof Request.OfCommand ofCommand) {
      accept(ofCommand, out);
    }
  }

  private void accept(Request.OfCommand request, Emitter out) {
    Tracked tracked = tracked(request.commandId());
    if (request instanceof Request.Release release) {
      if (tracked == null) {
        Tracked fresh =
            new Tracked(
                Phase.WAITING,
                release.command(),
                release.owner(),
                release.escalateTo(),
                null,
                null,
                false,
                null,
                now(release));
        put(fresh);
        if (lanes.laneOf(fresh.command()) == null) {
          examine(fresh, now(release), out);
        } else {
          examineLane(fresh, now(release), out);
        }
      } else if (redeliver) {
        tellAgain(tracked, out);
      }
    } else if (tracked != null) {
      if (request instanceof Request.Decide decide) {
        decide(tracked, decide, out);
      } else if (request instanceof Request.Report report) {
        report(tracked, report, out);
      } else if (request instanceof Request.Withdraw withdraw) {
        withdraw(tracked, withdraw, out);
      }
    }
  }

  /** Looks again at what waits, and forgets what is long over. To be called about every second. */
  public void tick(Emitter out) {
    long now = clock == Clock.WALL ? wall.getAsLong() : latest;
    while (!ended.isEmpty() && ended.first().at() + ENDED_KEPT_MILLIS < now) {
      forget(ended.pollFirst());
    }
    int released = 0;
    for (Turn turn : List.copyOf(waiting)) {
      Tracked tracked = tracked(turn.commandId());
      long then = clock == Clock.WALL ? now : Math.min(now, expiry(tracked.command()));
      if (examine(tracked, then, out) && ++released >= RELEASES_PER_SLICE) {
        return;
      }
    }
  }

  /**
   * Examines a backfill that came, behind the older ones of its dataset and layer that wait. Where
   * no further one may run, those need not be looked at.
   */
  private void examineLane(Tracked fresh, long now, Emitter out) {
    String lane = lanes.laneOf(fresh.command());
    int atOnce = policies.at(now).partitions().atOnce();
    for (Turn turn : List.copyOf(waiting)) {
      if (lanes.inFlight(lane, now) >= atOnce) {
        break;
      }
      if (lane.equals(turn.lane())) {
        examine(tracked(turn.commandId()), now, out);
      }
    }
    Tracked still = tracked(fresh.command().getId());
    if (still.phase() == Phase.WAITING) {
      examine(still, now, out);
    }
  }

  /** How many commands wait to be released. */
  public int waiting() {
    return waiting.size();
  }

  /** What a command is to do; {@code UNKNOWN} where the command is not known, or not any more. */
  public Action action(String commandId) {
    Tracked tracked = tracked(commandId);
    return tracked == null ? Action.UNKNOWN : tracked.command().getAction();
  }

  /** Releases, holds or drops a waiting command; returns whether it was released. */
  private boolean examine(Tracked tracked, long now, Emitter out) {
    Command command = tracked.command();
    Policy policy = policies.at(now);
    if (now > expiry(command)) {
      drop(tracked, "EXPIRED", now, "it could not be released in time", out);
      return false;
    }
    if (policy.killSwitch()) {
      hold(tracked, Hold.KILL_SWITCH.text(), now, out);
      return false;
    }
    Mode mode = policy.mode(command);
    if (mode == Mode.OFF) {
      drop(tracked, "OFF", now, "policy switches " + command.getAction() + " off", out);
      return false;
    }
    if (mode == Mode.DRY_RUN) {
      release(tracked, true, now, "dry run", out);
      return true;
    }
    if (mode == Mode.APPROVAL && tracked.approvedBy() == null) {
      hold(tracked, Notices.AWAITING_APPROVAL, now, out);
      return false;
    }
    String limit = limit(command, policy, now);
    if (limit != null) {
      hold(tracked, limit, now, out);
      return false;
    }
    release(
        tracked,
        false,
        now,
        tracked.approvedBy() == null ? "policy allows it" : "approved by " + tracked.approvedBy(),
        out);
    return true;
  }

  /** The limit that stands in the way of a release, or null. */
  private String limit(Command command, Policy policy, long now) {
    if (store.get(GovernorMemory.inFlightKey(command)) instanceof InFlight inFlight
        && inFlight.until() >= now) {
      return Hold.IN_FLIGHT.text();
    }
    String lane = lanes.laneOf(command);
    int atOnce = policy.partitions().atOnce();
    if (lane != null && lanes.inFlight(lane, now) >= atOnce) {
      return Hold.AT_ONCE.text() + atOnce + " backfills at once of " + lane + " is reached";
    }
    int cap = policy.rules(command.getAction()).capPerHour();
    if (releases(command).around(now) >= cap) {
      return Hold.CAP.text() + cap + " " + command.getAction() + " an hour is reached";
    }
    return null;
  }

  private void release(Tracked tracked, boolean dryRun, long now, String why, Emitter out) {
    Command command =
        Command.newBuilder(tracked.command())
            .setDryRun(dryRun)
            .setCreatedAt(Instant.ofEpochMilli(now))
            .setEpoch(epoch)
            .build();
    if (!dryRun) {
      store.put(GovernorMemory.actionKey(command), releases(command).and(now));
      occupy(command, expiry(command));
    }
    put(tracked.moved(dryRun ? Phase.ENDED : Phase.RELEASED, command, now));
    out.emit(new Output.Commanded(route(command), command));
    out.emit(Notices.audit(tracked, "RELEASE", now, why, dryRun ? "DRY_RUN" : "ISSUED"));
    if (tracked.asked()) {
      out.emit(Notices.approval(tracked, AlertStatus.CLEARED, now));
    }
  }

  private void decide(Tracked tracked, Request.Decide decide, Emitter out) {
    boolean inTime = decide.at() <= expiry(tracked.command());
    if (tracked.phase() != Phase.WAITING || !inTime) {
      return;
    }
    if (decide.decision() == Decision.APPROVED) {
      Tracked approved = tracked.approved(decide.by());
      put(approved);
      examine(approved, now(decide), out);
    } else if (decide.decision() == Decision.DENIED) {
      drop(tracked, "DENIED", now(decide), "denied by " + decide.by(), out);
    }
  }

  private void report(Tracked tracked, Request.Report report, Emitter out) {
    if (report.status() == OutcomeStatus.UNKNOWN) {
      return;
    }
    Tracked called = tracked.called(report.externalRef());
    if (report.status() == OutcomeStatus.ACCEPTED) {
      put(called);
      occupy(tracked, now(report));
      return;
    }
    if (tracked.phase() == Phase.RELEASED) {
      put(called.ended("reported " + report.status().name().toLowerCase(Locale.ROOT), now(report)));
    }
    free(tracked.command(), now(report), out);
  }

  /**
   * A command that was taken may go on for longer than the time within which it had to be: it
   * counts as lost only when nothing can be expected of it any more.
   */
  private void occupy(Tracked tracked, long now) {
    Command command = tracked.command();
    var key = GovernorMemory.inFlightKey(command);
    if (store.get(key) instanceof InFlight inFlight
        && inFlight.commandId().equals(command.getId())) {
      long expected = policies.at(now).rules(command.getAction()).verifyWithin().toMillis();
      occupy(command, Math.max(inFlight.until(), now + expected));
    }
  }

  private void occupy(Command command, long until) {
    StateKey key = GovernorMemory.inFlightKey(command);
    InFlight inFlight = new InFlight(command.getId(), until);
    store.put(key, inFlight);
    lanes.put(key, inFlight);
  }

  private void withdraw(Tracked tracked, Request.Withdraw withdraw, Emitter out) {
    long now = now(withdraw);
    if (tracked.phase() == Phase.WAITING) {
      drop(tracked, "WITHDRAWN", now, withdraw.why(), out);
    } else if (tracked.phase() == Phase.RELEASED) {
      Command revoked =
          Command.newBuilder(tracked.command())
              .setStatus(CommandStatus.REVOKED)
              .setReason(withdraw.why())
              .build();
      put(tracked.moved(Phase.ENDED, revoked, now));
      out.emit(new Output.Commanded(route(revoked), revoked));
      out.emit(Notices.audit(tracked, "REVOKE", now, withdraw.why(), "REVOKED"));
      free(revoked, now, out);
    }
  }

  /** The resource may take the next command. */
  private void free(Command command, long now, Emitter out) {
    StateKey key = GovernorMemory.inFlightKey(command);
    if (vacate(command)) {
      String lane = lanes.laneOf(command);
      for (Turn turn : List.copyOf(waiting)) {
        Tracked next = tracked(turn.commandId());
        boolean mayGo =
            lane == null
                ? GovernorMemory.inFlightKey(next.command()).equals(key)
                : lane.equals(turn.lane());
        if (mayGo && examine(next, now, out)) {
          return;
        }
      }
    }
  }

  /** The command is not in flight any more; returns whether it was. */
  private boolean vacate(Command command) {
    StateKey key = GovernorMemory.inFlightKey(command);
    boolean was =
        store.get(key) instanceof InFlight inFlight && inFlight.commandId().equals(command.getId());
    if (was) {
      store.put(key, null);
      lanes.remove(key);
    }
    return was;
  }

  private void hold(Tracked tracked, String reason, long now, Emitter out) {
    if (reason.equals(tracked.heldFor())) {
      return;
    }
    put(tracked.held(reason));
    out.emit(Notices.audit(tracked, "HOLD", now, reason, "HELD"));
    if (reason.equals(Notices.AWAITING_APPROVAL)) {
      out.emit(Notices.approval(tracked, AlertStatus.RAISED, now));
    }
  }

  private void drop(Tracked tracked, String status, long now, String why, Emitter out) {
    put(tracked.ended(status.toLowerCase(Locale.ROOT) + ": " + why, now));
    out.emit(Notices.audit(tracked, "DROP", now, why, status));
    if (tracked.asked()) {
      out.emit(Notices.approval(tracked, AlertStatus.CLEARED, now));
    }
  }

  /** Tells what may have been lost: the executor acts once on a command told twice. */
  private void tellAgain(Tracked tracked, Emitter out) {
    Command command = tracked.command();
    boolean left =
        tracked.phase() == Phase.RELEASED
            || command.getDryRun()
            || command.getStatus() == CommandStatus.REVOKED;
    if (left) {
      out.emit(new Output.Commanded(route(command), command));
    }
    if (tracked.asked()) {
      boolean waits = tracked.phase() == Phase.WAITING && tracked.approvedBy() == null;
      out.emit(
          Notices.approval(
              tracked, waits ? AlertStatus.RAISED : AlertStatus.CLEARED, tracked.changedAt()));
    }
  }

  private Releases releases(Command command) {
    return store.get(GovernorMemory.actionKey(command)) instanceof Releases releases
        ? releases
        : Releases.NONE;
  }

  private Tracked tracked(String commandId) {
    return store.get(GovernorMemory.commandKey(commandId)) instanceof Tracked tracked
        ? tracked
        : null;
  }

  private void put(Tracked tracked) {
    store.put(GovernorMemory.commandKey(tracked.command().getId()), tracked);
    index(tracked);
  }

  private void index(Tracked tracked) {
    String commandId = tracked.command().getId();
    StateKey key = GovernorMemory.commandKey(commandId);
    if (tracked.phase() == Phase.WAITING) {
      waiting.add(lanes.turnOf(tracked.command()));
    } else {
      waiting.remove(lanes.turnOf(tracked.command()));
    }
    if (tracked.phase() == Phase.ENDED) {
      ended.add(new Ended(tracked.changedAt(), key));
    } else if (tracked.phase() == Phase.RELEASED) {
      // Nobody may ever report on it.
      ended.add(new Ended(Math.max(tracked.changedAt(), expiry(tracked.command())), key));
    }
  }

  /** Forgets what is long over, unless it has begun anew. */
  private void forget(Ended over) {
    GovernorMemory memory = store.get(over.key());
    if (memory instanceof Tracked tracked) {
      waiting.remove(lanes.turnOf(tracked.command()));
      vacate(tracked.command());
    } else if (memory instanceof Group group && group.at() != over.at()) {
      return;
    }
    store.put(over.key(), null);
  }

  private void tell(Request.Tell tell, Emitter out) {
    StateKey key = GovernorMemory.groupKey(tell.id(), tell.alert().getKind());
    Group before = store.get(key) instanceof Group known ? known : null;
    Group group = AlertGroups.with(before, tell);
    if (Objects.equals(group, before)) {
      if (redeliver && before != null) {
        out.emit(AlertGroups.told(key, before));
      }
      return;
    }
    if (AlertGroups.isNews(before, group)) {
      group = AlertGroups.nowTold(group);
      out.emit(AlertGroups.told(key, group));
    }
    store.put(key, group);
    index(key, group);
  }

  private void index(StateKey key, Group group) {
    if (group.open().isEmpty()) {
      ended.add(new Ended(group.at(), key));
    }
  }

  /**
   * When a request counts as made. On the wall clock that is now, so an old backlog expires instead
   * of acting. On the input's clock history runs as it ran: each request is judged at its own time,
   * for those of one task may run ahead of those of another, and expiry is what the engine says.
   */
  private long now(Request request) {
    return clock == Clock.WALL ? wall.getAsLong() : request.at();
  }

  private static long expiry(Command command) {
    return command.getExpiresAt().toEpochMilli();
  }

  private static String route(Command command) {
    return command.getId().substring(0, Routes.HASH_LENGTH);
  }

  private record Ended(long at, StateKey key) implements Comparable<Ended> {
    @Override
    public int compareTo(Ended other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : key.compareTo(other.key);
    }
  }
}
