package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.RuleProfile;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Writes the findings about a rule's health. */
final class RuleFindings {
  private RuleFindings() {}

  /**
   * The id of an episode: by the issue, and by the episode's first record. Its time alone would not
   * do, as a thing may be told of, mended and told of again within one instant.
   */
  static String id(StateKey rule, RuleTrouble trouble) {
    String first = trouble.since + "/" + Long.toHexString(trouble.first);
    return Findings.id(trouble.kind, rule.route(), rule.id(), trouble.issue + '@' + first);
  }

  /**
   * The finding as it stands.
   *
   * @param clearedBy the record that clears it; null while none does
   */
  static Finding of(
      StateKey key, RuleTrouble trouble, FindingStatus status, RuleRun clearedBy, View view) {
    RuleRun.Rule rule = trouble.rule;
    Subject subject =
        new Subject(
            ResourceType.SENTINEL_RULE, key.id(), rule.name(), rule.workspace(), rule.tenant());
    long asOf = clearedBy == null ? trouble.last : clearedBy.time();
    RuleProfile profile = view.ruleProfile(key.route(), key.id(), asOf);
    Map<String, String> attributes = attributes(key, trouble, clearedBy, view);
    profile.putInto(attributes);
    Finding.Builder finding =
        Findings.begin(id(key, trouble), trouble.kind, subject, trouble.raisedAt, view)
            .setStatus(status)
            .setRevision(trouble.revision)
            .setSeverity(severity(trouble, profile))
            .setConfidence(trouble.confidence)
            .setRootCause(trouble.cause == null ? null : trouble.cause.toRootCause())
            .setSummary(summary(key, trouble, clearedBy))
            .setAttributes(attributes)
            .setEvidence(
                trouble.proofs.stream()
                    .map(proof -> Findings.evidence(proof.at(), proof.ref()))
                    .toList());
    if (trouble.lateFrom >= 0) {
      finding
          .setWindowStart(Instant.ofEpochMilli(trouble.lateFrom))
          .setWindowEnd(Instant.ofEpochMilli(trouble.lateUntil));
    }
    return finding.build();
  }

  /** That a rule of high severity detects nothing is worse than of another. */
  private static Severity severity(RuleTrouble trouble, RuleProfile profile) {
    boolean gone =
        trouble.kind == FindingKind.RULE_DISABLED || trouble.kind == FindingKind.RULE_DELETED;
    return gone && profile.isHigh() ? Severity.HIGH : trouble.severity;
  }

  private static Map<String, String> attributes(
      StateKey key, RuleTrouble trouble, RuleRun clearedBy, View view) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("ruleName", name(key, trouble));
    attributes.put("since", Instant.ofEpochMilli(trouble.since).toString());
    if (clearedBy != null) {
      attributes.put("until", Instant.ofEpochMilli(clearedBy.happenedAt()).toString());
    }
    switch (trouble.kind) {
      case RULE_DELAYED -> {
        Policy.Sentinel rules = view.policy(trouble.last).sentinel();
        attributes.put("delaySeconds", Long.toString(trouble.delay() / 1_000L));
        attributes.put("warnSeconds", Long.toString(rules.delayWarning().toSeconds()));
        attributes.put("thresholdSeconds", Long.toString(rules.delay().toSeconds()));
        if (trouble.failures > 0) {
          attributes.put("failedRuns", Integer.toString(trouble.failures));
        }
      }
      case RULE_DEGRADED -> {
        attributes.put("issueCode", trouble.code == null ? trouble.issue : trouble.code);
        attributes.put("runs", Integer.toString(trouble.runs));
        if (trouble.failures > 0) {
          attributes.put("consecutiveFailures", Integer.toString(trouble.failures));
        }
      }
      default -> {
        if (trouble.told != null) {
          put(attributes, "reason", trouble.told.reason());
          put(attributes, "description", trouble.told.description());
        }
        change(attributes, trouble);
        if (clearedBy != null && clearedBy.turn() != null && clearedBy.turn().enables()) {
          put(attributes, "enabledBy", clearedBy.turn().by());
        }
      }
    }
    return attributes;
  }

  private static void change(Map<String, String> attributes, RuleTrouble trouble) {
    if (trouble.turn != null) {
      attributes.put("changedAt", Instant.ofEpochMilli(trouble.turn.at()).toString());
      put(attributes, "changedBy", trouble.turn.by());
      put(attributes, "changedFrom", trouble.turn.from());
      put(attributes, "correlationId", trouble.turn.correlation());
    }
    if (trouble.mended != null) {
      attributes.put("editedAt", Instant.ofEpochMilli(trouble.mended.at()).toString());
      put(attributes, "editedBy", trouble.mended.by());
    }
  }

  private static void put(Map<String, String> attributes, String key, String value) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  private static String summary(StateKey key, RuleTrouble trouble, RuleRun clearedBy) {
    String name = name(key, trouble);
    if (clearedBy != null && clearedBy.turn() != null && clearedBy.turn().isDeletion()) {
      return summary(key, trouble, (RuleRun) null) + "; it was deleted" + by(clearedBy.turn());
    }
    boolean cleared = clearedBy != null;
    String why = trouble.cause == null ? "" : ": " + trouble.cause.title();
    return switch (trouble.kind) {
      case RULE_DELAYED -> delayed(name, trouble) + (cleared ? "; it is in time again" : why);
      case RULE_DEGRADED ->
          degraded(name, trouble) + why + (cleared ? "; it has run without this since" : "");
      case RULE_AUTO_DISABLED ->
          "Sentinel has disabled rule "
              + name
              + why
              + (cleared
                  ? "; it is enabled again" + by(clearedBy.turn())
                  : trouble.mended == null
                      ? "; it detects nothing until it is enabled"
                      : "; it was changed" + by(trouble.mended) + " and is not enabled yet");
      case RULE_DELETED ->
          "Rule "
              + name
              + " was deleted"
              + by(trouble.turn)
              + (cleared ? "; it is there again" : "; it detects nothing any more");
      default -> disabled(name, trouble) + (cleared ? again(clearedBy) : unclear(trouble));
    };
  }

  private static String disabled(String name, RuleTrouble trouble) {
    return trouble.turn == null
        ? "Rule " + name + " is disabled and was not executed"
        : "Rule " + name + " was disabled" + by(trouble.turn);
  }

  private static String unclear(RuleTrouble trouble) {
    return trouble.turn == null ? "; whether on purpose is not known" : "; it detects nothing";
  }

  private static String again(RuleRun clearedBy) {
    if (clearedBy.turn() != null && clearedBy.turn().enables()) {
      return "; it was enabled" + by(clearedBy.turn());
    }
    return clearedBy.autoDisabled() ? "; it was Sentinel itself" : "; it has run again since";
  }

  private static String by(RuleTurn turn) {
    return turn == null || turn.by() == null ? "" : " by " + turn.by();
  }

  private static String delayed(String name, RuleTrouble trouble) {
    String minutes = Duration.ofMillis(trouble.delay()).toMinutes() + " minutes";
    Instant from = Instant.ofEpochMilli(trouble.lateFrom);
    return trouble.failures > 0
        ? "NRT rule "
            + name
            + " failed "
            + (trouble.failures == 1 ? "once" : trouble.failures + " times in a row")
            + " and was up to "
            + minutes
            + " late with data since "
            + from
        : "NRT rule " + name + " was up to " + minutes + " late with data since " + from;
  }

  private static String degraded(String name, RuleTrouble trouble) {
    if (trouble.failures > 0) {
      return "Rule "
          + name
          + " failed "
          + trouble.failures
          + " times in a row for one permanent cause, for which Sentinel disables rules";
    }
    return trouble.cause == null
        ? "Rule " + name + " ran with trouble that its record does not name"
        : "Rule " + name + " ran with trouble";
  }

  private static String name(StateKey key, RuleTrouble trouble) {
    String name = trouble.rule.name() == null ? key.id() : trouble.rule.name();
    return trouble.kind == FindingKind.RULE_AUTO_DISABLED ? DisabledRules.bare(name) : name;
  }
}
