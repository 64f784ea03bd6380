package io.mendline.processors.sentinel;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Finds the data connectors of Microsoft Sentinel that fetch nothing: those that say so, and those
 * that say nothing any more.
 *
 * <p><b>Failing.</b> The latest state of a connector is its state, as the reference of the health
 * table has it. Failure begins an episode, Success ends it; one finding per episode, known by the
 * event time of its first failure. Failure summaries neither raise nor clear; their codes and
 * messages tell why, also where they come up to {@link #LEADING} before the failure, as errors that
 * may pass are told as a failure only after an hour. Warning and partial success are not documented
 * for connectors and are taken in the same way: some data comes, not all of it.
 *
 * <p><b>Silent.</b> A steady state is logged every hour. A connector that was heard at that pace
 * three times, works, and is then not heard for four hours in which its workspace was heard, is
 * silent: a finding with the attribute {@code reason=SILENT}, which the next record of any kind
 * clears. Hours in which the workspace was not heard either are unknown and count for nothing, so a
 * workspace that comes back after an outage has four hours to bring its connectors back. When a
 * workspace was heard is remembered for eight days, and what was not counted by then stays unknown.
 *
 * <p><b>Settled</b>, both: the latest state needs the order, and silence needs the whole set. Facts
 * and deadlines are judged when the watermark has passed them. A late record may clear or enrich if
 * it is the newest of its connector; it never raises.
 *
 * <p><b>Cost and bound.</b> A step costs O(log n) and one pass over what is due. An open finding is
 * told again when a code, a cause or a status is new, and when its failures have doubled. State per
 * connector: the records of the last hours that the watermark has not passed, usually 2 to 5 of
 * under 100 bytes and never more than {@value FactQueue#MAX_WAITING}; one episode of at most 16
 * codes, ten pieces of evidence and one message of 300 characters. Usually under 1 KB, at most
 * about 250 KB, when as many failures wait as may and each has another message. A connector that
 * was not heard for 30 days is forgotten.
 */
public final class ConnectorDetector extends InOrderDetector<ConnectorState> {
  /** How long before a failure a summary of errors is still taken to lead to it. */
  static final Duration LEADING = Duration.ofHours(2);

  private final Causes causes;
  private final StateCodec<ConnectorState> codec = new ConnectorStateCodec();

  /**
   * A detector.
   *
   * @param catalogue what says why a connector failed
   */
  public ConnectorDetector(CauseCatalogue catalogue) {
    this.causes = new Causes(catalogue);
  }

  @Override
  public StateCodec<ConnectorState> codec() {
    return codec;
  }

  @Override
  String actor() {
    return "connectors";
  }

  @Override
  ConnectorState begin() {
    return new ConnectorState();
  }

  @Override
  String keyId(SentinelHealth row) {
    return row.resourceId();
  }

  @Override
  boolean takes(SentinelHealth row) {
    return row.resourceType() == SentinelHealth.ResourceType.CONNECTOR;
  }

  @Override
  HealthFact factOf(Signal signal, SentinelHealth row) {
    HealthFact.Kind kind = kind(row);
    Subject subject =
        new Subject(
            ResourceType.SENTINEL_CONNECTOR,
            row.resourceId(),
            row.name(),
            row.workspace(),
            row.tenant());
    Cause cause = kind == HealthFact.Kind.GOOD ? null : causes.of(row);
    return HealthFact.of(signal, row, kind, false, subject, cause);
  }

  /** An operation that is not known is taken for a state: spellings drift. */
  private static HealthFact.Kind kind(SentinelHealth row) {
    if (row.operation() == SentinelHealth.Operation.DATA_FETCH_FAILURE_SUMMARY) {
      return HealthFact.Kind.NOTE;
    }
    return switch (row.status()) {
      case SUCCESS -> HealthFact.Kind.GOOD;
      case FAILURE -> HealthFact.Kind.BAD;
      case PARTIAL_SUCCESS, WARNING, INFORMATIONAL, OTHER -> HealthFact.Kind.NOTE;
    };
  }

  @Override
  void judge(ConnectorState state, HealthFact fact, boolean late, Verdicts verdicts) {
    if (state.silentAt != HealthState.NEVER) {
      endSilence(state, fact, verdicts);
    }
    switch (fact.kind()) {
      case GOOD -> {
        state.recent = null;
        recover(state, fact, verdicts);
      }
      case NOTE -> note(state, fact, verdicts);
      case BAD -> fail(state, fact, late, verdicts);
    }
    state.hear(fact);
  }

  private void note(ConnectorState state, HealthFact fact, Verdicts verdicts) {
    if (state.episode() == null) {
      state.recent = fact;
    } else if (state.episode().enrich(fact)) {
      verdicts.tell(finding(state.episode(), verdicts));
    }
  }

  private void fail(ConnectorState state, HealthFact fact, boolean late, Verdicts verdicts) {
    FailingEpisode episode = state.episode();
    if (episode != null) {
      if (episode.fail(fact)) {
        verdicts.tell(finding(episode, verdicts));
      }
    } else if (!late) {
      episode = new FailingEpisode(fact.time());
      episode.fail(fact);
      HealthFact recent = state.recent;
      if (recent != null && fact.time() - recent.time() <= LEADING.toMillis()) {
        episode.enrich(recent);
      }
      state.recent = null;
      state.begin(episode);
      raise(episode, fact, verdicts);
    }
  }

  @Override
  void meet(ConnectorState state, long at, Verdicts verdicts) {
    while (state.checkAt <= at) {
      long hour = state.checkAt;
      state.check(verdicts.view.presence(verdicts.key.route(), Source.SENTINEL));
      if (state.missing >= ConnectorState.MISSING_HOURS) {
        state.silentAt = hour;
        state.checkAt = HealthState.NEVER;
        verdicts.settle(hour, silent(state, null, verdicts));
      }
    }
  }

  private static void endSilence(ConnectorState state, HealthFact fact, Verdicts verdicts) {
    // A late record may lie before the silence was found; its end is not before its beginning.
    long at = Math.max(fact.time(), state.silentAt + 1);
    verdicts.settle(at, silent(state, fact, verdicts));
    state.silentAt = HealthState.NEVER;
  }

  @Override
  Finding finding(FailingEpisode episode, Verdicts verdicts) {
    boolean over = episode.clearedAt != HealthState.NEVER;
    String since = " data since " + Instant.ofEpochMilli(episode.since);
    String summary =
        "Connector "
            + FailingFindings.nameOf(episode.subject)
            + (over ? " works again and had not fetched" : " has not fetched")
            + since;
    return FailingFindings.of(
        episode,
        FindingKind.CONNECTOR_FAILING,
        summary,
        Map.of("reason", "FAILURE", "failures", Long.toString(episode.failures)),
        verdicts);
  }

  /**
   * The finding about a silence.
   *
   * @param next the record that ended it; null while it lasts
   */
  private static Finding silent(ConnectorState state, HealthFact next, Verdicts verdicts) {
    Subject connector = state.subject();
    Instant since = Instant.ofEpochMilli(state.heard.time());
    String id =
        Findings.id(
            FindingKind.CONNECTOR_FAILING,
            verdicts.key.route(),
            connector.id(),
            "silent@" + state.heard.time());
    String name = FailingFindings.nameOf(connector);
    return Findings.begin(
            id, FindingKind.CONNECTOR_FAILING, connector, state.silentAt, verdicts.view)
        .setStatus(next == null ? FindingStatus.RAISED : FindingStatus.CLEARED)
        .setRevision(next == null ? 1 : 2)
        .setWindowStart(since)
        .setWindowEnd(next == null ? null : Instant.ofEpochMilli(next.time()))
        .setSeverity(Severity.MEDIUM)
        .setConfidence(Confidence.MEDIUM)
        .setSummary(
            next == null
                ? "Connector " + name + " has told no state since " + since
                : "Connector " + name + " is heard again and had told no state since " + since)
        .setAttributes(
            Map.of(
                "reason",
                "SILENT",
                "lastStatus",
                state.heard.status().name(),
                "missingHours",
                Integer.toString(state.missing)))
        .setEvidence(List.of(Findings.evidence(state.heard.at(), state.heard.ref())))
        .build();
  }
}
