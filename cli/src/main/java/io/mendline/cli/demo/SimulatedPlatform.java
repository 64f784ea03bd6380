package io.mendline.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.serdes.json.AvroJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stands around Mendline in the demo: the executor that carries commands out, the platform on
 * which they take effect, and a person who approves.
 *
 * <p>It answers as {@link PlatformScript} says. An answer is a function of the command, the time at
 * which it came, and what was told before, and a command or request that comes twice is answered
 * once.
 */
final class SimulatedPlatform {
  static final String EXECUTOR = "demo-executor";

  private static final Duration TAKES_NOTE = Duration.ofSeconds(5);
  private static final Duration ROLLBACK_TAKES = Duration.ofMinutes(6);

  private final PlatformScript script;
  private final AvroJson<Outcome> outcomes = new AvroJson<>(Outcome.class);
  private final AvroJson<Approval> approvals = new AvroJson<>(Approval.class);
  private final Set<String> answered = new HashSet<>();
  private final Map<String, JsonNode> failedRuns = new HashMap<>();
  private final List<RollUps> rolledBack = new ArrayList<>();
  private final List<MovedLoad> moved = new ArrayList<>();

  SimulatedPlatform(PlatformScript script) {
    this.script = script;
  }

  /**
   * A message of the day as it is told after all that was done up to then.
   *
   * @return the message itself, or what has become of it
   */
  Delivery tell(Delivery message) {
    if (message.source() == Source.RUNS) {
      JsonNode run = Json.read(message.value());
      if (RepairedRun.isEnded(run)) {
        failedRuns.put(run.get("run_id").asText(), run);
      }
    } else if (message.source() == Source.CACHE) {
      byte[] value = message.value();
      for (RollUps rollUps : rolledBack) {
        value = rollUps.tell(message.at(), value);
      }
      return new Delivery(message.at(), message.source(), message.key(), value);
    } else if (message.source() == Source.METRICS) {
      byte[] value = message.value();
      for (MovedLoad load : moved) {
        value = load.tell(message.at(), value);
      }
      return new Delivery(message.at(), message.source(), message.key(), value);
    }
    return message;
  }

  /**
   * Carries a command out.
   *
   * @param now when it came, epoch milliseconds
   * @return what is told of it, later than {@code now}; nothing for a dry run, a revocation, and a
   *     command that came before
   */
  List<Delivery> answer(Command command, long now) {
    // A revocation first: whoever hears of the command afterwards must not act on it any more.
    boolean first = answered.add(command.getId());
    if (!first || command.getStatus() != CommandStatus.ISSUED || command.getDryRun()) {
      return List.of();
    }
    long accepted = Math.max(now, command.getNotBefore().toEpochMilli()) + TAKES_NOTE.toMillis();
    return switch (command.getAction()) {
      case REPAIR_RUN -> repair(command, accepted);
      case REPLAY_WINDOW -> replay(command, accepted);
      case ROLLBACK_CHANGE -> rollback(command, accepted);
      case REBALANCE_POOL -> rebalance(command, accepted);
      default ->
          List.of(outcome(command, OutcomeStatus.REJECTED, accepted, "not part of the demo", null));
    };
  }

  /**
   * Answers a request for approval.
   *
   * @param now when it came, epoch milliseconds
   * @return the answer, later than {@code now}; nothing where nobody answers
   */
  List<Delivery> answer(Alert alert, long now) {
    boolean asks =
        alert.getKind() == AlertKind.APPROVAL_REQUEST
            && alert.getStatus() == AlertStatus.RAISED
            && alert.getCommand() != null;
    if (!asks || !answered.add(alert.getId())) {
      return List.of();
    }
    Command command = alert.getCommand();
    return script
        .answer(command.getAction().name())
        .map(answer -> List.of(approval(command, answer, now + answer.after().toMillis())))
        .orElse(List.of());
  }

  private List<Delivery> repair(Command command, long accepted) {
    String runId = command.getParameters().get("runId");
    JsonNode failed = failedRuns.get(runId);
    if (failed == null) {
      return List.of(
          outcome(command, OutcomeStatus.REJECTED, accepted, "there is no such run", null));
    }
    PlatformScript.Repair repair = script.repair(runId);
    boolean succeeds = command.getAttempt() >= repair.recoversAtAttempt();
    long tasksEnded = accepted + repair.runsFor().toMillis();
    long ended = tasksEnded + (succeeds ? repair.cleanUp().toMillis() : 0);
    RepairedRun run =
        new RepairedRun(failed, command.getAttempt(), accepted, tasksEnded, ended, succeeds);
    JsonNode repaired = run.object();
    failedRuns.put(runId, repaired);
    // The executor watches the tasks: it knows of a success before the run's clusters are gone, and
    // of a failure when there is nothing left to run.
    Delivery report =
        succeeds
            ? outcome(
                command,
                OutcomeStatus.SUCCEEDED,
                tasksEnded,
                "every task has succeeded",
                run.repairId())
            : outcome(
                command,
                OutcomeStatus.FAILED,
                ended + TAKES_NOTE.toMillis(),
                run.failure(),
                run.repairId());
    return List.of(
        outcome(command, OutcomeStatus.ACCEPTED, accepted, null, run.repairId()),
        report,
        new Delivery(ended, Source.RUNS, null, Json.write(repaired)));
  }

  private List<Delivery> replay(Command command, long accepted) {
    ReplayedWindow window = new ReplayedWindow(command);
    PlatformScript.Replay replay = script.replay(window.ruleGuid(), window.start());
    List<Delivery> told = new ArrayList<>();
    told.add(outcome(command, OutcomeStatus.ACCEPTED, accepted, null, null));
    long done = accepted + ReplayedWindow.TAKES.toMillis();
    if (replay.succeeds()) {
      long at = done + replay.after().toMillis();
      told.add(outcome(command, OutcomeStatus.SUCCEEDED, done, "the rule ran again", null));
      told.add(new Delivery(at, Source.SENTINEL, null, Json.write(window.success(at))));
    } else {
      told.add(outcome(command, OutcomeStatus.FAILED, done, "the rule failed again", null));
    }
    return told;
  }

  private List<Delivery> rollback(Command command, long accepted) {
    String changeId = command.getParameters().get("changeId");
    long done = accepted + ROLLBACK_TAKES.toMillis();
    script
        .rollback(changeId)
        .ifPresent(
            rollback ->
                rolledBack.add(
                    new RollUps(
                        rollback.scope(), done + rollback.after().toMillis(), rollback.ratio())));
    return List.of(
        outcome(command, OutcomeStatus.ACCEPTED, accepted, null, null),
        outcome(command, OutcomeStatus.SUCCEEDED, done, "reverted and deployed", null));
  }

  /** The steps of the plan, one after the other. */
  private List<Delivery> rebalance(Command command, long accepted) {
    Map<String, String> wanted = command.getParameters();
    PlatformScript.Rebalance rebalance = script.rebalance(wanted.get("pool")).orElse(null);
    List<String> targets = new ArrayList<>();
    if (wanted.containsKey("plan")) {
      Json.read(wanted.get("plan").getBytes(StandardCharsets.UTF_8))
          .findValues("to")
          .forEach(to -> targets.add(to.asText()));
    }
    if (rebalance == null || targets.isEmpty()) {
      return List.of(
          outcome(command, OutcomeStatus.REJECTED, accepted, "nobody knows whom to move", null));
    }
    long done = accepted + rebalance.takes().toMillis();
    moved.add(
        new MovedLoad(
            wanted.get("pool"),
            wanted.get("metric"),
            wanted.get("hotNode"),
            targets,
            done,
            rebalance.keeps()));
    return List.of(
        outcome(command, OutcomeStatus.ACCEPTED, accepted, null, null),
        outcome(
            command,
            OutcomeStatus.SUCCEEDED,
            done,
            targets.size() + " members moved off " + wanted.get("hotNode"),
            null));
  }

  private Delivery outcome(
      Command command, OutcomeStatus status, long at, String detail, String externalRef) {
    Outcome outcome =
        Outcome.newBuilder()
            .setCommandId(command.getId())
            .setStatus(status)
            .setAt(Instant.ofEpochMilli(at))
            .setDetail(detail)
            .setExternalRef(externalRef)
            .setActor(EXECUTOR)
            .build();
    return new Delivery(at, Source.OUTCOMES, command.getId(), outcomes.write(outcome));
  }

  private Delivery approval(Command command, PlatformScript.Answer answer, long at) {
    Approval approval =
        Approval.newBuilder()
            .setCommandId(command.getId())
            .setDecision(answer.decision())
            .setBy(answer.by())
            .setAt(Instant.ofEpochMilli(at))
            .setComment(answer.comment())
            .build();
    return new Delivery(at, Source.APPROVALS, command.getId(), approvals.write(approval));
  }
}
