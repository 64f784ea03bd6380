package io.mendline.processors.incident;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Settling;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.remediation.Planner;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Approval;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Operation;
import io.mendline.schemas.OperationKind;
import io.mendline.schemas.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Tracks one incident a finding: opens it at once, then folds what happens in event-time order as
 * the watermark passes it, and asks for what {@link Planner} says.
 *
 * <p>Everything that is decided is decided in the fold, at the event time of a fact or a deadline,
 * from what had happened by then. So the order of arrival, within lateness, changes neither the
 * incident nor the commands: a success that was told late still cancels the repair that was due
 * after it. What a person sees of the finding itself (severity, cause) follows the latest telling
 * at once.
 *
 * <p>One incident is anchored on one finding: its id is the route's hash and the finding's id, and
 * every command's id begins with it, so an answer that carries only a command's id finds its
 * incident. Cost: one get and put per fact. State: bounded, see {@link IncidentState}; resolved
 * incidents are kept 30 days.
 */
public final class IncidentTracker implements Detector<IncidentState> {
  /** What people and the executor say is waited for beside the source of the finding. */
  private static final int ANSWERS =
      Source.bits(Source.OUTCOMES, Source.APPROVALS, Source.OPERATIONS);

  private static final StateCodec<IncidentState> CODEC = new IncidentCodec();

  /** The id of the incident that a finding on a route opens. */
  public static String incidentId(String route, String findingId) {
    return Routes.hash(route) + "-" + findingId;
  }

  /**
   * The id of the incident of the first of the neighbouring windows that were skipped with this
   * one; its own where it is that, or has none.
   */
  static String gapId(String route, Trouble window) {
    return incidentId(route, window.attributes().getOrDefault("gapFindingId", window.findingId()));
  }

  @Override
  public StateKey keyOf(Message message) {
    if (message instanceof Output.Found found) {
      return key(found.route(), found.finding());
    }
    if (message instanceof Output.Settled settled) {
      return key(settled.route(), settled.finding());
    }
    if (message instanceof Signal signal) {
      if (signal.payload() instanceof Payload.Reported reported) {
        return key(Planner.incidentOf(reported.outcome().getCommandId()));
      }
      if (signal.payload() instanceof Payload.Decided decided) {
        return key(Planner.incidentOf(decided.approval().getCommandId()));
      }
      if (signal.payload() instanceof Payload.Operated operated) {
        return key(operated.operation().getIncidentId());
      }
    }
    return null;
  }

  @Override
  public int sources(IncidentState state) {
    return state.sources;
  }

  @Override
  public Step<IncidentState> step(StateKey key, IncidentState before, Input input, View view) {
    if (input instanceof Input.Due due) {
      return fold(before, due.at(), view);
    }
    Message message = ((Input.Arrived) input).message();
    if (message instanceof Output.Found found) {
      return found(before, found, view);
    }
    if (before == null) {
      // An answer about an incident that is not known here, or not any more, changes nothing.
      return Step.gone();
    }
    Fact fact = fact(message);
    if (before.taken.contains(fact.identity())) {
      return Step.quiet(before, wakeAt(before));
    }
    if (before.taken.size() < IncidentState.FACTS_LIMIT) {
      before.taken.add(fact.identity());
      before.waiting.add(fact);
      return Step.quiet(before, wakeAt(before));
    }
    before.refused++;
    return new Step<>(before, refusal(before, fact), wakeAt(before));
  }

  /** Told at 1, 2, 4, 8 and so on: what overflows once overflows often. */
  private static List<Output> refusal(IncidentState state, Fact fact) {
    if (Integer.bitCount(state.refused) != 1) {
      return List.of();
    }
    return List.of(
        new Output.Noted(
            state.route,
            AuditEntry.newBuilder()
                .setAt(Instant.ofEpochMilli(fact.at()))
                .setActor("incidents")
                .setAction("DROP_FACT")
                .setResource(state.seen.subject().toResource())
                .setIncidentId(state.id)
                .setWhy("more was told of it than " + IncidentState.FACTS_LIMIT + " facts")
                .setHow("further ones are not taken")
                .setDetail(Map.of("refused", Integer.toString(state.refused)))
                .setStatus("OVERFLOW")
                .build()));
  }

  @Override
  public StateCodec<IncidentState> codec() {
    return CODEC;
  }

  private static StateKey key(String route, Finding finding) {
    return key(incidentId(route, finding.getId()));
  }

  private static StateKey key(String incidentId) {
    return Routes.isId(incidentId)
        ? new StateKey(incidentId.substring(0, Routes.HASH_LENGTH), incidentId)
        : null;
  }

  private static Step<IncidentState> found(IncidentState before, Output.Found found, View view) {
    Finding finding = found.finding();
    Trouble trouble = Trouble.of(finding);
    IncidentState state = before;
    if (state == null) {
      state =
          new IncidentState(
              incidentId(found.route(), finding.getId()),
              found.route(),
              sources(finding, found.route()) | ANSWERS);
      state.changedAt = trouble.occurredAt();
    } else if (trouble.revision() <= state.seen.revision()) {
      return Step.quiet(state, wakeAt(state));
    }
    state.seen = trouble;
    state.finding = IncidentDocument.kept(finding);
    state.cleared = finding.getStatus() == FindingStatus.CLEARED;
    if (state.settled == null) {
      state.openedAt = trouble.occurredAt();
      state.discover(trouble.summary());
    }
    return new Step<>(
        state,
        List.of(new Output.Tracked(state.route, IncidentDocument.told(state, view))),
        wakeAt(state));
  }

  private static Step<IncidentState> fold(IncidentState state, long at, View view) {
    if (state.forgotten) {
      return Step.gone();
    }
    Fold fold = new Fold(state, view);
    fold.upTo(at - settling(state));
    return new Step<>(state, fold.outputs(), wakeAt(state));
  }

  private static long wakeAt(IncidentState state) {
    long settling = settling(state);
    return Math.min(Fold.wakeAt(state), Step.NEVER - settling) + settling;
  }

  /**
   * How long after it happened a failure may still be settled, milliseconds: a run's waits for its
   * evidence, a recurrence for the failures it is made of. The fold stays so far behind the
   * watermark. Else a step that is due meanwhile would be taken before the failure that it has to
   * start from is heard of, and how finely the watermark moves on would decide which.
   */
  private static long settling(IncidentState state) {
    return switch (state.seen.kind()) {
      case RUN_FAILED, RUN_SKIPPED -> Settling.RUN.toMillis();
      case RECURRING_ROOT_CAUSE -> Settling.RECURRENCE.toMillis();
      default -> 0;
    };
  }

  private static Fact fact(Message message) {
    if (message instanceof Output.Settled settled) {
      return settled.finding().getStatus() == FindingStatus.CLEARED
          ? new Fact.Recovered(settled.at(), settled.finding().getSummary())
          : new Fact.Struck(settled.at(), Trouble.of(settled.finding()));
    }
    Payload payload = ((Signal) message).payload();
    if (payload instanceof Payload.Reported reported) {
      Outcome outcome = reported.outcome();
      return new Fact.Reported(
          millis(outcome.getAt()),
          outcome.getCommandId(),
          outcome.getStatus(),
          outcome.getDetail(),
          outcome.getExternalRef(),
          outcome.getActor());
    }
    if (payload instanceof Payload.Decided decided) {
      Approval approval = decided.approval();
      return new Fact.Decided(
          millis(approval.getAt()),
          approval.getCommandId(),
          approval.getDecision(),
          approval.getBy(),
          approval.getComment());
    }
    Operation operation = ((Payload.Operated) payload).operation();
    return new Fact.Operated(
        millis(operation.getAt()),
        operation.getId(),
        operation.getKind(),
        operation.getBy(),
        operation.getUntil() == null ? Trouble.NONE : millis(operation.getUntil()),
        operation.getComment(),
        fix(operation));
  }

  private static String fix(Operation operation) {
    boolean said =
        operation.getKind() == OperationKind.VERDICT
            && operation.getVerdict() != null
            && operation.getVerdict().getFix() != null
            && !operation.getVerdict().getFix().isBlank();
    return said ? operation.getVerdict().getFix().strip() : null;
  }

  /** The sources whose watermark settles findings of this kind. */
  private static int sources(Finding finding, String route) {
    return switch (finding.getKind()) {
      case CACHE_REGRESSION -> Source.bits(Source.CACHE, Source.CHANGES);
      case RECURRING_ROOT_CAUSE ->
          route.startsWith(Routes.sentinel("")) ? Source.SENTINEL.bit() : Source.RUNS.bit();
      case SKIPPED_WINDOW,
          RULE_DELAYED,
          RULE_DEGRADED,
          RULE_QUIET,
          RULE_AUTO_DISABLED,
          RULE_DISABLED,
          RULE_DELETED,
          CONNECTOR_FAILING,
          AUTOMATION_FAILED ->
          Source.SENTINEL.bit();
      case CHECK_FAILED ->
          finding.getAttributes().containsKey(Trouble.BUILT_IN)
              ? Source.RUNS.bit()
              : Source.CHECKS.bit();
      case PARTITION_MISSING -> Source.PARTITIONS.bit();
      // They share their states, and so their deadlines, with regressions of metrics.
      case METRIC_REGRESSION, HOT_NODE, LOAD_SKEW, METRIC_BREACHED ->
          Source.bits(Source.METRICS, Source.CHANGES);
      case SOURCE_SILENT -> Source.SENTINEL.silenceBit();
      default -> Source.RUNS.bit();
    };
  }

  private static long millis(Instant instant) {
    return instant.toEpochMilli();
  }
}
