package io.mendline.processors.sentinel;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the automation rules and playbooks of Microsoft Sentinel that do not do their work.
 *
 * <p><b>Method.</b> Failure and partial success begin an episode, Success ends it; one finding per
 * episode, known by the event time of its first run that was no success. It is raised at once,
 * except when a run failed because of too many requests: of the documented errors only those pass
 * by themselves, so they raise with the third such run in a row. Its cause is what the record's
 * words say in the cause catalogue, which knows every documented error.
 *
 * <p><b>Settled:</b> "in a row" and "later" need the order, so each run is judged when the
 * watermark has passed it. A late success clears if no later run is known, a late failure enriches;
 * neither raises.
 *
 * <p><b>Cost and bound.</b> A step costs O(log n) and one pass over what is due. An open finding is
 * told again when a code, a cause or a status is new, and when its failures have doubled. State per
 * automation: the runs that the watermark has not passed, under 100 bytes for a success and at most
 * {@value FactQueue#MAX_WAITING}; one episode of at most 16 codes, ten pieces of evidence and one
 * message of 300 characters. Nothing is kept of one that works; at most 50 KB of one that succeeds
 * every few seconds, at most about 250 KB of one that fails as often with another message each
 * time. An episode of which nothing is heard for 30 days is forgotten.
 */
public final class AutomationDetector extends InOrderDetector<AutomationState> {
  /** Too many requests, in so many runs in a row, do not pass by themselves. */
  static final int THROTTLED_RUNS = 3;

  private static final Pattern TOO_MANY_REQUESTS =
      Pattern.compile("(?i)too[\\s_-]*many[\\s_-]*requests");

  private final Causes causes;
  private final StateCodec<AutomationState> codec = new AutomationStateCodec();

  /**
   * A detector.
   *
   * @param catalogue what says why a run failed
   */
  public AutomationDetector(CauseCatalogue catalogue) {
    this.causes = new Causes(catalogue);
  }

  @Override
  public StateCodec<AutomationState> codec() {
    return codec;
  }

  @Override
  String actor() {
    return "automations";
  }

  @Override
  AutomationState begin() {
    return new AutomationState();
  }

  /** An automation rule and a playbook of one name are two resources, also where no id is told. */
  @Override
  String keyId(SentinelHealth row) {
    return (isPlaybook(row) ? "playbook/" : "automation/") + row.resourceId();
  }

  @Override
  boolean takes(SentinelHealth row) {
    boolean automation =
        row.resourceType() == SentinelHealth.ResourceType.AUTOMATION_RULE || isPlaybook(row);
    return automation
        && switch (row.status()) {
          case SUCCESS, PARTIAL_SUCCESS, FAILURE -> true;
          case WARNING, INFORMATIONAL, OTHER -> false;
        };
  }

  @Override
  HealthFact factOf(Signal signal, SentinelHealth row) {
    Subject subject =
        new Subject(
            isPlaybook(row) ? ResourceType.SENTINEL_PLAYBOOK : ResourceType.SENTINEL_AUTOMATION,
            row.resourceId(),
            row.name(),
            row.workspace(),
            row.tenant());
    if (row.status() == SentinelHealth.Status.SUCCESS) {
      return HealthFact.of(signal, row, HealthFact.Kind.GOOD, false, subject, null);
    }
    Cause cause = causes.of(row);
    boolean throttled = isThrottled(row, cause);
    return HealthFact.of(signal, row, HealthFact.Kind.BAD, throttled, subject, cause);
  }

  private static boolean isPlaybook(SentinelHealth row) {
    return row.resourceType() == SentinelHealth.ResourceType.PLAYBOOK;
  }

  /** Of several actions one may have failed for a reason that does not pass. */
  private static boolean isThrottled(SentinelHealth row, Cause cause) {
    boolean passes = cause == null || cause.transience() == Transience.TRANSIENT;
    return passes
        && Stream.of(row.issues(), told(row.description()), told(row.reason()))
            .flatMap(List::stream)
            .anyMatch(text -> TOO_MANY_REQUESTS.matcher(text).find());
  }

  private static List<String> told(String text) {
    return text == null ? List.of() : List.of(text);
  }

  @Override
  void judge(AutomationState state, HealthFact fact, boolean late, Verdicts verdicts) {
    if (fact.kind() == HealthFact.Kind.GOOD) {
      recover(state, fact, verdicts);
      return;
    }
    if (state.episode() == null) {
      if (late) {
        return;
      }
      state.begin(new FailingEpisode(fact.time()));
    }
    FailingEpisode episode = state.episode();
    boolean news = episode.fail(fact);
    if (episode.raised()) {
      if (news) {
        verdicts.tell(finding(episode, verdicts));
      }
    } else if (!late
        && (episode.throttled < episode.count() || episode.count() >= THROTTLED_RUNS)) {
      raise(episode, fact, verdicts);
    }
  }

  /** There are no deadlines but that of {@link HealthState#forgottenAt}. */
  @Override
  void meet(AutomationState state, long at, Verdicts verdicts) {}

  @Override
  Finding finding(FailingEpisode episode, Verdicts verdicts) {
    boolean over = episode.clearedAt != HealthState.NEVER;
    boolean playbook = episode.subject.type() == ResourceType.SENTINEL_PLAYBOOK;
    boolean partly = episode.failures == 0;
    String summary =
        (playbook ? "Playbook " : "Automation rule ")
            + FailingFindings.nameOf(episode.subject)
            + (over ? " works again and had " : " has ")
            + (partly ? "done only part of its work" : "failed")
            + " since "
            + Instant.ofEpochMilli(episode.since);
    Map<String, String> counts = new TreeMap<>();
    counts.put("failures", Long.toString(episode.failures));
    counts.put("partialSuccesses", Long.toString(episode.partialSuccesses));
    counts.put("throttledRuns", Long.toString(episode.throttled));
    return FailingFindings.of(episode, FindingKind.AUTOMATION_FAILED, summary, counts, verdicts);
  }
}
