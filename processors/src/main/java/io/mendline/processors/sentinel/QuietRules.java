package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.ConnectorTrouble;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.sentinel.RuleRhythm.Open;
import io.mendline.processors.sentinel.RuleRhythm.Run;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the finding about a rule that returns nothing any more. */
final class QuietRules {
  /** A rhythm that was seen for fewer days is known less well. */
  private static final int WELL_KNOWN_DAYS = 28;

  private QuietRules() {}

  /** Why a finding is cleared. */
  enum Because {
    /** Results came back. */
    RECOVERED("recovered", "; it returns results again"),
    /** It has been quiet for so long that this is its level now. */
    RELEARNED(
        "relearned",
        "; it has stayed so for "
            + QuietRuleDetector.RELEARNED_AFTER.toDays()
            + " days, which is taken for its new level");

    private final String word;
    private final String words;

    Because(String word, String words) {
      this.word = word;
      this.words = words;
    }
  }

  /** The finding as it was raised. */
  static Finding raised(StateKey key, Open open, Run newest, View view) {
    return finding(key, open, newest, view)
        .setStatus(FindingStatus.RAISED)
        .setRevision(1)
        .setSummary(summary(key, open, newest))
        .setAttributes(attributes(key, open, newest, open.quietRuns))
        .build();
  }

  /**
   * The finding once it is over.
   *
   * @param at since when, epoch milliseconds
   */
  static Finding cleared(
      StateKey key, Open open, Run newest, long quietRuns, long at, Because because, View view) {
    Map<String, String> attributes = attributes(key, open, newest, quietRuns);
    attributes.put("clearedBecause", because.word);
    return finding(key, open, newest, view)
        .setStatus(FindingStatus.CLEARED)
        .setRevision(2)
        .setWindowEnd(Instant.ofEpochMilli(at))
        .setSummary(summary(key, open, newest) + because.words)
        .setAttributes(attributes)
        .build();
  }

  private static Finding.Builder finding(StateKey key, Open open, Run newest, View view) {
    RunFact.Rule rule = newest.rule();
    Subject subject =
        new Subject(
            ResourceType.SENTINEL_RULE, key.id(), rule.name(), rule.workspace(), rule.tenant());
    String id = Findings.id(FindingKind.RULE_QUIET, key.route(), key.id(), open.lastResult);
    return Findings.begin(id, FindingKind.RULE_QUIET, subject, open.raisedAt, view)
        .setWindowStart(Instant.ofEpochMilli(open.onset))
        .setSeverity(Severity.LOW)
        .setConfidence(confidence(open))
        .setEvidence(List.of(Findings.evidence(newest.at(), null)));
  }

  private static Confidence confidence(Open open) {
    if (open.learntDays < WELL_KNOWN_DAYS) {
      return Confidence.LOW;
    }
    return open.connector == null ? Confidence.MEDIUM : Confidence.HIGH;
  }

  private static Map<String, String> attributes(
      StateKey key, Open open, Run newest, long quietRuns) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("ruleName", name(key, newest));
    attributes.put("onset", Instant.ofEpochMilli(open.onset).toString());
    attributes.put("lastResultAt", Instant.ofEpochMilli(open.lastResult).toString());
    attributes.put("expectedResults", Long.toString(Math.round(open.expected)));
    attributes.put("quietHours", Integer.toString(open.quietHours));
    attributes.put("quietRuns", Long.toString(quietRuns));
    attributes.put("learntDays", Integer.toString(open.learntDays));
    ConnectorTrouble connector = open.connector;
    if (connector != null) {
      attributes.put("connectorId", connector.id());
      attributes.put("connectorName", nameOf(connector));
      attributes.put("connectorState", connector.state().name());
      attributes.put("connectorSince", Instant.ofEpochMilli(connector.since()).toString());
    }
    return attributes;
  }

  private static String summary(StateKey key, Open open, Run newest) {
    String quiet =
        "Rule "
            + name(key, newest)
            + " runs well and returned nothing since "
            + Instant.ofEpochMilli(open.lastResult)
            + ", though by its rhythm results were due by "
            + Instant.ofEpochMilli(open.onset);
    ConnectorTrouble connector = open.connector;
    if (connector == null) {
      return quiet;
    }
    String since = " since " + Instant.ofEpochMilli(connector.since());
    return quiet
        + "; connector "
        + nameOf(connector)
        + switch (connector.state()) {
          case FAILING -> " had been failing" + since;
          case SILENT -> " had not been heard" + since;
        };
  }

  private static String name(StateKey key, Run newest) {
    return newest.rule().name() == null ? key.id() : newest.rule().name();
  }

  private static String nameOf(ConnectorTrouble connector) {
    return connector.name() == null ? connector.id() : connector.name();
  }
}
