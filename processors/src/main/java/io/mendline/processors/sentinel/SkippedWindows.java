package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.RuleProfile;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Writes the finding of one skipped window. Its content is a function of the set of records: what
 * several of them tell is taken from the first that tells it, by event time and content.
 */
final class SkippedWindows {
  private SkippedWindows() {}

  /** The id of the finding about a window of a rule. */
  static String id(StateKey rule, WindowKey window) {
    return Findings.id(FindingKind.SKIPPED_WINDOW, rule.route(), rule.id(), window);
  }

  /**
   * The finding as records up to an instant tell it.
   *
   * @param window a skipped one as of that instant
   * @param upTo event time up to which records count, epoch milliseconds
   */
  static Finding asOf(StateKey key, TroubledWindow window, long upTo, View view) {
    List<RunFact> facts = window.factsUpTo(upTo);
    FindingStatus status =
        facts.stream().anyMatch(RunFact::ran) ? FindingStatus.CLEARED : FindingStatus.RAISED;
    RuleProfile profile = profile(key, window, view);
    return finding(key, window, facts, upTo, status, facts.size(), profile, view);
  }

  /**
   * The finding as it was raised, of a window that is known to have been looked at after all: the
   * revision before the one that clears it.
   */
  static Finding raised(StateKey key, TroubledWindow window, View view) {
    List<RunFact> facts = window.facts();
    RuleProfile profile = profile(key, window, view);
    return finding(
        key, window, facts, Long.MAX_VALUE, FindingStatus.RAISED, facts.size() - 1, profile, view);
  }

  /** What the rule was when the window was given up; final when the watermark has passed that. */
  static RuleProfile profile(StateKey key, TroubledWindow window, View view) {
    return view.ruleProfile(key.route(), key.id(), window.skippedAt());
  }

  /**
   * Whether the finding is told once more when it is settled: what is known of the rule may have
   * come meanwhile, and which windows it follows on is not known before.
   */
  static boolean isToldAgain(StateKey key, TroubledWindow window, View view) {
    return window.gapPlace > 1 || !profile(key, window, view).isBlank();
  }

  private static Finding finding(
      StateKey key,
      TroubledWindow window,
      List<RunFact> facts,
      long upTo,
      FindingStatus status,
      int records,
      RuleProfile profile,
      View view) {
    List<RunFact> troubles = facts.stream().filter(RunFact::nonSuccess).toList();
    boolean consolidated = troubles.stream().anyMatch(RunFact::consolidated);
    String name = first(troubles, fact -> fact.rule().name());
    Window span = troubles.stream().min(TroubledWindow.SUREST_WINDOW).orElseThrow().window();
    Cause cause = bestCause(troubles);
    Subject rule =
        new Subject(
            ResourceType.SENTINEL_RULE,
            key.id(),
            name,
            first(troubles, fact -> fact.rule().workspace()),
            first(troubles, fact -> fact.rule().tenant()));
    String shown = name == null ? key.id() : name;
    long uncovered = window.uncoveredSeconds(upTo);
    Map<String, String> attributes = attributes(shown, troubles, consolidated, span, uncovered);
    profile.putInto(attributes);
    if (window.gapPlace > 1) {
      attributes.put("gapFindingId", id(key, window.gap));
      attributes.put("gapPlace", Integer.toString(window.gapPlace));
    }
    int again = window.failureSettled() && isToldAgain(key, window, view) ? 1 : 0;
    int revision = records + again + (window.isLookedBackOn(upTo) ? 1 : 0);
    return Findings.begin(
            id(key, window.key()), FindingKind.SKIPPED_WINDOW, rule, window.skippedAt(), view)
        .setStatus(status)
        .setRevision(revision)
        .setWindowStart(instant(span.start()))
        .setWindowEnd(instant(span.end()))
        .setSeverity(uncovered == 0 ? Severity.LOW : severity(cause, profile))
        .setConfidence(confidence(consolidated, span))
        .setRootCause(cause == null ? null : cause.toRootCause())
        .setSummary(summary(shown, span, cause, status))
        .setAttributes(attributes)
        .setEvidence(
            Findings.limited(
                facts.stream().map(fact -> Findings.evidence(fact.at(), fact.ref())).toList()))
        .build();
  }

  private static Map<String, String> attributes(
      String name, List<RunFact> troubles, boolean consolidated, Window span, long uncovered) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("detectedBy", consolidated ? "CONSOLIDATED" : "SIX_ATTEMPTS");
    attributes.put("ruleName", name);
    attributes.put("nonSuccessRecords", Integer.toString(troubles.size()));
    attributes.put("windowIdentity", span.told().name());
    if (uncovered >= 0) {
      attributes.put("uncoveredSeconds", Long.toString(uncovered));
    }
    put(
        attributes,
        "queryFrequency",
        first(troubles, fact -> length(fact.rule().frequencyMillis())));
    put(attributes, "queryPeriod", first(troubles, fact -> length(fact.rule().periodMillis())));
    return attributes;
  }

  private static void put(Map<String, String> attributes, String key, Duration value) {
    if (value != null) {
      attributes.put(key, value.toString());
    }
  }

  private static Duration length(long millis) {
    return millis > 0 ? Duration.ofMillis(millis) : null;
  }

  private static Cause bestCause(List<RunFact> troubles) {
    // The list is in order and min takes the first of equals, so ties go by event time and content.
    return troubles.stream()
        .map(RunFact::cause)
        .filter(Objects::nonNull)
        .min(Causes.BEST)
        .orElse(null);
  }

  private static Severity severity(Cause cause, RuleProfile profile) {
    boolean passing = cause != null && cause.transience() == Transience.TRANSIENT;
    return passing && !profile.isHigh() ? Severity.MEDIUM : Severity.HIGH;
  }

  private static Confidence confidence(boolean consolidated, Window span) {
    return switch (span.told()) {
      case EXPLICIT -> Confidence.HIGH;
      case DERIVED, RUN_TIME -> consolidated ? Confidence.MEDIUM : Confidence.HIGH;
      case RECORD_TIME -> Confidence.LOW;
    };
  }

  private static String summary(String name, Window span, Cause cause, FindingStatus status) {
    StringBuilder text = new StringBuilder("Rule ").append(name).append(": ");
    if (span.start() >= 0 && span.end() >= 0) {
      text.append("window ")
          .append(instant(span.start()))
          .append(" to ")
          .append(instant(span.end()));
    } else if (span.start() >= 0) {
      text.append("window from ").append(instant(span.start()));
    } else {
      text.append("window of the run at ").append(instant(span.end()));
    }
    text.append(
        status == FindingStatus.CLEARED ? " was skipped and has been run since" : " was skipped");
    return cause == null ? text.toString() : text.append(": ").append(cause.title()).toString();
  }

  private static Instant instant(long millis) {
    return millis < 0 ? null : Instant.ofEpochMilli(millis);
  }

  private static <T> T first(List<RunFact> facts, Function<RunFact, T> of) {
    for (RunFact fact : facts) {
      T told = of.apply(fact);
      if (told != null) {
        return told;
      }
    }
    return null;
  }
}
