package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;
import java.util.List;

/**
 * A row of Microsoft Sentinel's {@code SentinelHealth} table: one run of an analytics rule,
 * automation rule or playbook, or one state of a data connector.
 *
 * <p>Source: the public reference of the SentinelHealth table and of the extended properties per
 * resource type. See {@link TelemetryRecord} for how absence is written.
 *
 * @param time when the row was written ({@code TimeGenerated}, else the envelope's {@code time})
 * @param workspace the workspace's id, lower-cased, or its name from a resource path where no id is
 *     given
 * @param tenant the tenant's id; nullable
 * @param resourceType what kind of resource the row is about
 * @param resourceId the stable id: {@code SentinelResourceId} lower-cased, else the rule's id, else
 *     the name lower-cased and without the prefix {@code AUTO DISABLED}
 * @param name the display name as given, with the prefix {@code AUTO DISABLED} if there is one;
 *     nullable
 * @param ruleKind kind of an analytics rule; {@link RuleKind#OTHER} for everything else
 * @param operation what happened
 * @param status how it ended
 * @param description free text; nullable
 * @param reason free text; nullable
 * @param recordId the source's number for the row ({@code RecordId}, else {@code _ItemId});
 *     nullable
 * @param windowStart begin of the data that a rule run looked at ({@code QueryStartTimeUTC}); may
 *     be absent
 * @param windowEnd end of that data, exclusive ({@code QueryEndTimeUTC}); may be absent
 * @param frequencyMillis how often the rule runs ({@code QueryFrequency}); may be absent
 * @param periodMillis how far back it looks ({@code QueryPeriod}); may be absent
 * @param issues the issue codes as spelled by the source, without repetition
 * @param queryResultAmount rows that the query returned; may be absent
 * @param triggerType what started the run, {@code Scheduled} or {@code NrtRun}, as given; nullable
 */
public record SentinelHealth(
    long time,
    String workspace,
    String tenant,
    ResourceType resourceType,
    String resourceId,
    String name,
    RuleKind ruleKind,
    Operation operation,
    Status status,
    String description,
    String reason,
    String recordId,
    long windowStart,
    long windowEnd,
    long frequencyMillis,
    long periodMillis,
    List<String> issues,
    long queryResultAmount,
    String triggerType)
    implements TelemetryRecord {

  /** Checks what may not be null and takes a copy of the list. */
  public SentinelHealth {
    requireNonNull(workspace, "workspace");
    requireNonNull(resourceType, "resourceType");
    requireNonNull(resourceId, "resourceId");
    requireNonNull(ruleKind, "ruleKind");
    requireNonNull(operation, "operation");
    requireNonNull(status, "status");
    issues = List.copyOf(issues);
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /** The path of the workspace, from the path of the resource; null where that tells none. */
  public String workspacePath() {
    return ResourcePaths.workspacePath(resourceId);
  }

  /**
   * The id of an analytics rule within its workspace, from its path if the row names it so: equal
   * to {@link RuleChange#ruleKey()} of the same rule. Of a row about anything else, or of one that
   * knows the rule by its name only, {@link #resourceId()}.
   */
  public String ruleKey() {
    return ResourcePaths.ruleKey(resourceId);
  }

  /** True if the row says which data the run looked at: both ends are known, in order. */
  public boolean hasWindow() {
    return windowStart >= 0 && windowEnd > windowStart;
  }

  /** A builder with everything absent and every enum at {@code OTHER}. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this record. */
  public Builder toBuilder() {
    return new Builder()
        .time(time)
        .workspace(workspace)
        .tenant(tenant)
        .resourceType(resourceType)
        .resourceId(resourceId)
        .name(name)
        .ruleKind(ruleKind)
        .operation(operation)
        .status(status)
        .description(description)
        .reason(reason)
        .recordId(recordId)
        .window(windowStart, windowEnd)
        .frequencyMillis(frequencyMillis)
        .periodMillis(periodMillis)
        .issues(issues)
        .queryResultAmount(queryResultAmount)
        .triggerType(triggerType);
  }

  /** What kind of resource a row is about ({@code SentinelResourceType}). */
  public enum ResourceType implements WireEnum {
    /** A scheduled or near-real-time detection. */
    ANALYTICS_RULE(1),
    /** A data connector. */
    CONNECTOR(2),
    /** An automation rule. */
    AUTOMATION_RULE(3),
    /** A playbook. */
    PLAYBOOK(4),
    /** A type that is not known here, or none. */
    OTHER(0);

    private final int code;

    ResourceType(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Kind of an analytics rule ({@code SentinelResourceKind}). */
  public enum RuleKind implements WireEnum {
    /** Runs at its frequency. */
    SCHEDULED(1),
    /** Near real time: runs every minute. */
    NRT(2),
    /** Not an analytics rule, or a kind that is not known here. */
    OTHER(0);

    private final int code;

    RuleKind(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** What happened ({@code OperationName}). */
  public enum Operation implements WireEnum {
    /** Scheduled analytics rule run. */
    SCHEDULED_RULE_RUN(1),
    /** NRT analytics rule run. */
    NRT_RULE_RUN(2),
    /** Data fetch status change: a connector's state, hourly while steady, at once on a change. */
    DATA_FETCH_STATUS_CHANGE(3),
    /** Data fetch failure summary: hourly, informational. */
    DATA_FETCH_FAILURE_SUMMARY(4),
    /** Automation rule run. */
    AUTOMATION_RULE_RUN(5),
    /** Playbook was triggered. */
    PLAYBOOK_TRIGGERED(6),
    /** An operation that is not known here, or none. */
    OTHER(0);

    private final int code;

    Operation(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** How it ended ({@code Status}). */
  public enum Status implements WireEnum {
    /** It worked. */
    SUCCESS(1),
    /** It worked in part: some actions, alerts or entities were lost. */
    PARTIAL_SUCCESS(2),
    /** It failed. */
    FAILURE(3),
    /** It worked, with a warning. */
    WARNING(4),
    /** A summary that says neither. */
    INFORMATIONAL(5),
    /** A status that is not known here, or none. */
    OTHER(0);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Collects the fields of a {@link SentinelHealth}; not safe for use by several threads. */
  public static final class Builder {
    private long time = ABSENT;
    private String workspace;
    private String tenant;
    private ResourceType resourceType = ResourceType.OTHER;
    private String resourceId;
    private String name;
    private RuleKind ruleKind = RuleKind.OTHER;
    private Operation operation = Operation.OTHER;
    private Status status = Status.OTHER;
    private String description;
    private String reason;
    private String recordId;
    private long windowStart = ABSENT;
    private long windowEnd = ABSENT;
    private long frequencyMillis = ABSENT;
    private long periodMillis = ABSENT;
    private List<String> issues = List.of();
    private long queryResultAmount = ABSENT;
    private String triggerType;

    private Builder() {}

    /** Sets {@link SentinelHealth#time()}. */
    public Builder time(long value) {
      time = value;
      return this;
    }

    /** Sets {@link SentinelHealth#workspace()}. */
    public Builder workspace(String value) {
      workspace = value;
      return this;
    }

    /** Sets {@link SentinelHealth#tenant()}. */
    public Builder tenant(String value) {
      tenant = value;
      return this;
    }

    /** Sets {@link SentinelHealth#resourceType()}. */
    public Builder resourceType(ResourceType value) {
      resourceType = value;
      return this;
    }

    /** Sets {@link SentinelHealth#resourceId()}. */
    public Builder resourceId(String value) {
      resourceId = value;
      return this;
    }

    /** Sets {@link SentinelHealth#name()}. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets {@link SentinelHealth#ruleKind()}. */
    public Builder ruleKind(RuleKind value) {
      ruleKind = value;
      return this;
    }

    /** Sets {@link SentinelHealth#operation()}. */
    public Builder operation(Operation value) {
      operation = value;
      return this;
    }

    /** Sets {@link SentinelHealth#status()}. */
    public Builder status(Status value) {
      status = value;
      return this;
    }

    /** Sets {@link SentinelHealth#description()}. */
    public Builder description(String value) {
      description = value;
      return this;
    }

    /** Sets {@link SentinelHealth#reason()}. */
    public Builder reason(String value) {
      reason = value;
      return this;
    }

    /** Sets {@link SentinelHealth#recordId()}. */
    public Builder recordId(String value) {
      recordId = value;
      return this;
    }

    /** Sets {@link SentinelHealth#windowStart()} and {@link SentinelHealth#windowEnd()}. */
    public Builder window(long start, long end) {
      windowStart = start;
      windowEnd = end;
      return this;
    }

    /** Sets {@link SentinelHealth#frequencyMillis()}. */
    public Builder frequencyMillis(long value) {
      frequencyMillis = value;
      return this;
    }

    /** Sets {@link SentinelHealth#periodMillis()}. */
    public Builder periodMillis(long value) {
      periodMillis = value;
      return this;
    }

    /** Sets {@link SentinelHealth#issues()}. */
    public Builder issues(List<String> value) {
      issues = value;
      return this;
    }

    /** Sets {@link SentinelHealth#queryResultAmount()}. */
    public Builder queryResultAmount(long value) {
      queryResultAmount = value;
      return this;
    }

    /** Sets {@link SentinelHealth#triggerType()}. */
    public Builder triggerType(String value) {
      triggerType = value;
      return this;
    }

    /**
     * The record.
     *
     * @throws NullPointerException if the workspace or the resource id is missing
     */
    public SentinelHealth build() {
      return new SentinelHealth(
          time,
          workspace,
          tenant,
          resourceType,
          resourceId,
          name,
          ruleKind,
          operation,
          status,
          description,
          reason,
          recordId,
          windowStart,
          windowEnd,
          frequencyMillis,
          periodMillis,
          issues,
          queryResultAmount,
          triggerType);
    }
  }
}
