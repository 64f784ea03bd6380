package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.RuleProfile;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.sentinel.RuleCadence.Absent;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes the finding of one window that no record speaks of. */
final class AbsentWindows {
  private AbsentWindows() {}

  /** The finding as it was raised. */
  static Finding raised(StateKey key, Absent absent, View view) {
    return finding(key, absent, FindingStatus.RAISED, view);
  }

  /** The finding once a record has cleared it. */
  static Finding cleared(StateKey key, Absent absent, View view) {
    return finding(key, absent, FindingStatus.CLEARED, view);
  }

  private static Finding finding(StateKey key, Absent absent, FindingStatus status, View view) {
    RunFact.Rule rule = absent.before.rule();
    String name = rule.name() == null ? key.id() : rule.name();
    boolean cleared = status == FindingStatus.CLEARED;
    // As of when it counted as absent: final, as the watermark has passed that.
    RuleProfile profile = view.ruleProfile(key.route(), key.id(), absent.judgedAt);
    Map<String, String> attributes = attributes(key, name, absent);
    profile.putInto(attributes);
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(Findings.evidence(absent.before.at(), null));
    if (cleared) {
      evidence.add(Findings.evidence(absent.clearedBy, null));
    }
    return Findings.begin(
            id(key, absent.end, absent.frequency),
            FindingKind.SKIPPED_WINDOW,
            new Subject(
                ResourceType.SENTINEL_RULE, key.id(), rule.name(), rule.workspace(), rule.tenant()),
            absent.end,
            view)
        .setStatus(status)
        .setRevision(cleared ? 2 : 1)
        .setWindowStart(Instant.ofEpochMilli(absent.start()))
        .setWindowEnd(Instant.ofEpochMilli(absent.end))
        .setSeverity(severity(absent, profile))
        .setConfidence(Confidence.MEDIUM)
        .setSummary(summary(name, absent, status))
        .setAttributes(attributes)
        .setEvidence(evidence)
        .build();
  }

  private static Severity severity(Absent absent, RuleProfile profile) {
    if (absent.uncoveredSeconds == 0) {
      return Severity.LOW;
    }
    return profile.isHigh() ? Severity.HIGH : Severity.MEDIUM;
  }

  private static String id(StateKey key, long end, long frequency) {
    return Findings.id(
        FindingKind.SKIPPED_WINDOW,
        key.route(),
        key.id(),
        "absent " + WindowKey.ofStart(end - frequency));
  }

  private static Map<String, String> attributes(StateKey key, String name, Absent absent) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("detectedBy", "ABSENT");
    attributes.put("ruleName", name);
    attributes.put("uncoveredSeconds", Long.toString(absent.uncoveredSeconds));
    attributes.put("queryFrequency", Duration.ofMillis(absent.frequency).toString());
    attributes.put("lastRunEnd", Instant.ofEpochMilli(absent.before.end()).toString());
    attributes.put("gapStart", Instant.ofEpochMilli(absent.gapEnd - absent.frequency).toString());
    attributes.put("gapFindingId", id(key, absent.gapEnd, absent.frequency));
    attributes.put("gapPlace", Long.toString((absent.end - absent.gapEnd) / absent.frequency + 1));
    return attributes;
  }

  private static String summary(String name, Absent absent, FindingStatus status) {
    String window =
        "Rule "
            + name
            + ": window "
            + Instant.ofEpochMilli(absent.start())
            + " to "
            + Instant.ofEpochMilli(absent.end);
    return window
        + (status == FindingStatus.RAISED
            ? " was skipped: neither a run nor a failure was logged"
            : " was not logged in time and has been heard of since");
  }
}
