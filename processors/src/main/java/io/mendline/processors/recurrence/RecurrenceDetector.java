package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Settling;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds a root cause that keeps coming back: so many distinct failures of one cause within a
 * sliding time, over all resources of a workspace; three within seven days unless policy says
 * otherwise.
 *
 * <p><b>Method.</b> A sliding-window count over what other detectors have settled: failed runs and
 * skipped windows with a known cause. A failure is a finding, not an episode: the same finding
 * failing again within the sliding time counts once, at its first. Failures wait in a list sorted
 * by event time and finding until the watermark is {@link Settling#RECURRENCE} past them, since a
 * detector may settle a failure that long after it happened, and are then judged in that order. A
 * failure that completes the number raises a finding that is anchored on the earliest failure in
 * its window and its time; further ones enrich it, the revision being the count; it is cleared at
 * the logical time at which fewer than the number remain in the window. Both bounds of the window
 * belong to it.
 *
 * <p>Beside that it counts how often trying again has helped against the cause, see {@link
 * View#repairs}. Of that it tells nothing.
 *
 * <p><b>Settled, all of it</b>: which failure is the anchor and when the count falls needs every
 * failure before. Only what arrives after its time was judged (which a detector upstream does with
 * late input) is put where it belongs and counted as of now; it never moves an anchor.
 *
 * <p><b>Limits.</b> A failure counts under the cause it was settled with; a diagnosis that is
 * revised afterwards does not move it. The policy of the failure that completed the number holds
 * until the recurrence is cleared.
 *
 * <p><b>Cost and bound.</b> A step costs O(log n) to find the place and O(n) to move what follows
 * and to recognise a finding, n being the failures of one cause within the sliding time. At most
 * {@value #MAX_WAITING} wait, which is a storm of so many within two minutes, and {@value
 * #MAX_JUDGED} judged ones are kept (or as many as the policy counts), of about 130 bytes each: 10
 * KB for a cause with 80 failures in a week, 35 KB for a steady storm, 165 KB at worst. Beyond the
 * bound the oldest judged are forgotten, which loses nothing but the recognition of the same
 * finding settled again; of those that wait the latest are dropped, and missing in the count. Both
 * are counted in the state and audited, at the first and at every doubling.
 */
public final class RecurrenceDetector implements Detector<CauseHistory> {
  /** At most so many failures of one cause wait to be judged. */
  static final int MAX_WAITING = 1_000;

  /** At most so many judged failures of one cause are kept, unless policy counts farther. */
  static final int MAX_JUDGED = 256;

  private static final String SEPARATOR = "; ";

  private final CauseHistoryCodec codec = new CauseHistoryCodec();

  @Override
  public StateKey keyOf(Message message) {
    if (message instanceof Output.Tried tried) {
      return new StateKey(tried.route(), tried.cause());
    }
    if (message instanceof Output.Settled settled) {
      Finding finding = settled.finding();
      boolean failure =
          finding.getStatus() == FindingStatus.RAISED
              && (finding.getKind() == FindingKind.RUN_FAILED
                  || finding.getKind() == FindingKind.SKIPPED_WINDOW);
      if (failure && finding.getRootCause() != null) {
        return new StateKey(settled.route(), finding.getRootCause().getKey());
      }
    }
    return null;
  }

  @Override
  public int sources(CauseHistory state) {
    return state.sources();
  }

  @Override
  public StateCodec<CauseHistory> codec() {
    return codec;
  }

  @Override
  public Step<CauseHistory> step(StateKey key, CauseHistory state, Input input, View view) {
    if (input instanceof Input.Due due) {
      return due(key, state, due.at(), view);
    }
    Message message = ((Input.Arrived) input).message();
    if (message instanceof Output.Tried tried) {
      CauseHistory history =
          state == null ? new CauseHistory(tried.sources(), FindingKind.RUN_FAILED) : state;
      history.repairs().add(tried);
      return Step.quiet(history, wakeAt(history, view));
    }
    Output.Settled settled = (Output.Settled) message;
    CauseHistory history =
        state == null ? new CauseHistory(settled.sources(), settled.finding().getKind()) : state;
    List<Output> outputs = new ArrayList<>();
    if (CauseHistory.insert(history.pending(), Failure.of(settled.at(), settled.finding()))
        && history.pending().size() > MAX_WAITING) {
      history.pending().remove(history.pending().size() - 1);
      drop(key, history, settled.at(), outputs);
    }
    return new Step<>(history, outputs, wakeAt(history, view));
  }

  private static Step<CauseHistory> due(StateKey key, CauseHistory state, long at, View view) {
    long upTo = at - Settling.RECURRENCE.toMillis();
    List<Output> outputs = new ArrayList<>();
    boolean more = true;
    while (more) {
      Failure next = state.pending().isEmpty() ? null : state.pending().get(0);
      boolean failed = next != null && next.at() <= upTo;
      long clearsAt = clearsAt(state);
      // A failure at the very instant at which the count would fall keeps it up.
      if (clearsAt <= upTo && (!failed || clearsAt < next.at())) {
        clear(key, state, clearsAt, outputs, view);
      } else if (failed) {
        state.pending().remove(0);
        judge(key, state, next, outputs, view);
      } else {
        more = false;
      }
    }
    state.judgedUpTo(upTo);
    long within = within(state, view);
    state.judged().removeIf(failure -> failure.at() + within < upTo);
    state.repairs().forget(upTo);
    if (state.isEmpty()) {
      return outputs.isEmpty() ? Step.gone() : new Step<>(state, outputs, at + 1);
    }
    return new Step<>(state, outputs, wakeAt(state, view));
  }

  private static void judge(
      StateKey key, CauseHistory state, Failure failure, List<Output> outputs, View view) {
    Policy.Recurrence policy = view.policy(failure.at()).recurrence();
    long within = policy.within().toMillis();
    long now = Math.max(failure.at(), state.judgedUpTo());
    if (failure.at() + within < now || isKnown(state, failure, within)) {
      return;
    }
    CauseHistory.insert(state.judged(), failure);
    if (state.open() != null) {
      state.open().add(failure);
      outputs.add(found(key, state, FindingStatus.RAISED, view));
    } else {
      raise(key, state, policy, now, outputs, view);
    }
    int kept = Math.max(MAX_JUDGED, Math.max(policy.failures(), threshold(state)));
    if (state.judged().size() > kept) {
      state.judged().remove(0);
      drop(key, state, failure.at(), outputs);
    }
  }

  private static boolean isKnown(CauseHistory state, Failure failure, long within) {
    for (Failure known : state.judged()) {
      if (known.findingId().equals(failure.findingId())
          && Math.abs(failure.at() - known.at()) <= within) {
        return true;
      }
    }
    return false;
  }

  private static void raise(
      StateKey key,
      CauseHistory state,
      Policy.Recurrence policy,
      long now,
      List<Output> outputs,
      View view) {
    long within = policy.within().toMillis();
    List<Failure> live = state.judged().stream().filter(one -> one.at() + within >= now).toList();
    if (live.size() < policy.failures()) {
      return;
    }
    Cluster cluster = new Cluster(policy.failures(), within, live.get(live.size() - 1).at());
    live.forEach(cluster::add);
    state.open(cluster);
    Output.Found found = found(key, state, FindingStatus.RAISED, view);
    outputs.add(found);
    outputs.add(
        new Output.Settled(key.route(), cluster.completedAt(), state.sources(), found.finding()));
  }

  private static int threshold(CauseHistory state) {
    return state.open() == null ? 0 : state.open().threshold();
  }

  /** When fewer failures than the threshold remain; {@link Step#NEVER} while none is open. */
  private static long clearsAt(CauseHistory state) {
    Cluster open = state.open();
    if (open == null) {
      return Step.NEVER;
    }
    int lastNeeded = state.judged().size() - open.threshold();
    long at = lastNeeded < 0 ? open.completedAt() : state.judged().get(lastNeeded).at();
    return at + open.withinMillis() + 1;
  }

  private static void clear(
      StateKey key, CauseHistory state, long at, List<Output> outputs, View view) {
    Output.Found found = found(key, state, FindingStatus.CLEARED, view);
    outputs.add(found);
    outputs.add(new Output.Settled(key.route(), at, state.sources(), found.finding()));
    state.open(null);
  }

  private static long within(CauseHistory state, View view) {
    long within = 0;
    if (!state.judged().isEmpty()) {
      Failure last = state.judged().get(state.judged().size() - 1);
      within = view.policy(last.at()).recurrence().within().toMillis();
    }
    return state.open() == null ? within : Math.max(within, state.open().withinMillis());
  }

  private static long wakeAt(CauseHistory state, View view) {
    long wakeAt = clearsAt(state);
    if (!state.pending().isEmpty()) {
      wakeAt = Math.min(wakeAt, state.pending().get(0).at());
    }
    if (!state.judged().isEmpty()) {
      Failure last = state.judged().get(state.judged().size() - 1);
      wakeAt = Math.min(wakeAt, last.at() + within(state, view) + 1);
    }
    if (!state.repairs().isEmpty()) {
      wakeAt = Math.min(wakeAt, state.repairs().forgottenAt());
    }
    return wakeAt == Step.NEVER ? Step.NEVER : wakeAt + Settling.RECURRENCE.toMillis();
  }

  private static Output.Found found(
      StateKey key, CauseHistory state, FindingStatus status, View view) {
    Cluster cluster = state.open();
    boolean cleared = status == FindingStatus.CLEARED;
    RootCause cause = cluster.anchor().cause();
    boolean named = !cause.getKey().startsWith("unknown/");
    Finding finding =
        Findings.begin(
                Findings.id(
                    FindingKind.RECURRING_ROOT_CAUSE,
                    key.route(),
                    key.id(),
                    anchor(cluster.anchor())),
                FindingKind.RECURRING_ROOT_CAUSE,
                workspace(key, state),
                cluster.completedAt(),
                view)
            .setStatus(status)
            .setRevision(cluster.count() + (cleared ? 1 : 0))
            .setWindowStart(Instant.ofEpochMilli(cluster.anchor().at()))
            .setWindowEnd(Instant.ofEpochMilli(cluster.lastAt()))
            .setSeverity(Severity.HIGH)
            .setConfidence(named ? Confidence.HIGH : Confidence.MEDIUM)
            .setRootCause(cause)
            .setSummary(summary(cluster, cause, cleared))
            .setAttributes(attributes(state, cause))
            .setEvidence(
                cluster.evidence().stream()
                    .filter(failure -> failure.evidence() != null)
                    .map(failure -> Findings.evidence(failure.evidence(), failure.ref()))
                    .toList())
            .build();
    return new Output.Found(key.route(), finding);
  }

  /** With its time, since one run may fail again weeks later and begin a recurrence again. */
  private static String anchor(Failure failure) {
    return failure.findingId() + "@" + failure.at();
  }

  private static Subject workspace(StateKey key, CauseHistory state) {
    String id = key.route().substring(key.route().indexOf(':') + 1);
    ResourceType type =
        state.kind() == FindingKind.RUN_FAILED
            ? ResourceType.DATABRICKS_WORKSPACE
            : ResourceType.SENTINEL_WORKSPACE;
    return new Subject(type, id, null, id, null);
  }

  private static Map<String, String> attributes(CauseHistory state, RootCause cause) {
    Cluster cluster = state.open();
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("count", Integer.toString(cluster.count()));
    attributes.put("category", cause.getCategory());
    attributes.put(
        state.kind() == FindingKind.RUN_FAILED ? "runs" : "windows",
        joined(cluster, Failure::label));
    attributes.put("findings", joined(cluster, Failure::findingId));
    attributes.put("resources", String.join(SEPARATOR, cluster.resources()));
    return attributes;
  }

  private static String joined(Cluster cluster, Function<Failure, String> of) {
    return cluster.named().stream().map(of).collect(Collectors.joining(SEPARATOR));
  }

  private static String summary(Cluster cluster, RootCause cause, boolean cleared) {
    return (cleared ? "No longer recurring: " : "Recurring: ")
        + cause.getTitle()
        + ", "
        + cluster.count()
        + " failures from "
        + Instant.ofEpochMilli(cluster.anchor().at())
        + " to "
        + Instant.ofEpochMilli(cluster.lastAt());
  }

  private static void drop(StateKey key, CauseHistory state, long at, List<Output> outputs) {
    state.drop();
    if (Long.bitCount(state.dropped()) != 1) {
      return;
    }
    outputs.add(
        new Output.Noted(
            key.route(),
            AuditEntry.newBuilder()
                .setAt(Instant.ofEpochMilli(at))
                .setActor("recurrence")
                .setAction("DROP_STATE")
                .setResource(workspace(key, state).toResource())
                .setWhy("more failures of one cause than are kept")
                .setHow("the oldest judged ones, and the latest of those that wait, are dropped")
                .setDetail(
                    Map.of(
                        "cause", key.id(),
                        "dropped", Long.toString(state.dropped()),
                        "maxWaiting", Integer.toString(MAX_WAITING),
                        "maxJudged", Integer.toString(MAX_JUDGED)))
                .setStatus("OVERFLOW")
                .build()));
  }
}
