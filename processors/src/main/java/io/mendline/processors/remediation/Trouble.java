package io.mendline.processors.remediation;

import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.policy.JobCheck;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Resource;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Suspect;
import io.mendline.schemas.Transience;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a finding says about a trouble, as far as incidents and the planner need it.
 *
 * @param revision the finding's revision
 * @param occurredAt when it happened, epoch milliseconds
 * @param windowStart epoch milliseconds; {@link #NONE} where the finding has no window
 * @param windowEnd epoch milliseconds; {@link #NONE} where the finding has no window
 * @param cause why; null where the finding names no root cause
 * @param owner who owns the resource; may be null
 * @param tier how much it matters; may be null
 * @param attributes the finding's attributes, sorted
 * @param suspect the change most likely to blame; null where none is named
 */
public record Trouble(
    String findingId,
    FindingKind kind,
    int revision,
    Subject subject,
    Severity severity,
    String summary,
    long occurredAt,
    long windowStart,
    long windowEnd,
    Cause cause,
    String owner,
    String tier,
    Map<String, String> attributes,
    Blamed suspect) {
  /** The attribute of a check that Mendline makes itself. */
  public static final String BUILT_IN = "builtIn";

  /** No instant. */
  public static final long NONE = -1;

  /** Why. The fields are those of the contract's {@code RootCause}; {@code hint} may be null. */
  public record Cause(
      String key, String category, Transience transience, String title, String hint) {}

  /**
   * The change most likely to blame.
   *
   * @param at when it took effect, epoch milliseconds
   * @param url where a person can look; may be null
   * @param clear whether it stands out enough to propose a rollback
   */
  public record Blamed(
      String changeId, long at, String title, String url, double score, boolean clear) {}

  /** What a finding says. */
  public static Trouble of(Finding finding) {
    Resource resource = finding.getResource();
    return new Trouble(
        finding.getId(),
        finding.getKind(),
        finding.getRevision(),
        new Subject(
            resource.getType(),
            resource.getId(),
            resource.getName(),
            resource.getWorkspace(),
            resource.getTenant()),
        finding.getSeverity(),
        finding.getSummary(),
        finding.getOccurredAt().toEpochMilli(),
        millis(finding.getWindowStart()),
        millis(finding.getWindowEnd()),
        finding.getRootCause() == null
            ? null
            : new Cause(
                finding.getRootCause().getKey(),
                finding.getRootCause().getCategory(),
                finding.getRootCause().getTransience(),
                finding.getRootCause().getTitle(),
                finding.getRootCause().getHint()),
        finding.getOwner(),
        finding.getTier(),
        new TreeMap<>(finding.getAttributes()),
        blamed(finding.getSuspects(), finding.getAttributes()));
  }

  /** The name of the resource for people. */
  public String resourceName() {
    return subject.name() == null ? subject.id() : subject.name();
  }

  /**
   * Whether the cause passes by itself, as far as is known. An unknown one is taken to: Sentinel's
   * documentation counts any unknown failure among the transient ones.
   */
  public boolean isTransient() {
    return cause == null || cause.transience() == Transience.TRANSIENT;
  }

  /** The check of a job's settings that does not pass; null where it is none. */
  public JobCheck jobCheck() {
    return attributes.containsKey(BUILT_IN) ? JobCheck.of(attributes.get("check")) : null;
  }

  private static Blamed blamed(List<Suspect> suspects, Map<String, String> attributes) {
    if (suspects.isEmpty()) {
      return null;
    }
    Suspect first = suspects.get(0);
    return new Blamed(
        first.getChangeId(),
        first.getAt().toEpochMilli(),
        first.getTitle(),
        first.getUrl(),
        first.getScore(),
        Boolean.parseBoolean(attributes.get("suspectClear")));
  }

  private static long millis(Instant instant) {
    return instant == null ? NONE : instant.toEpochMilli();
  }
}
