package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;
import java.util.List;

/**
 * A change to an analytics rule of Microsoft Sentinel that took effect: somebody wrote or deleted
 * it. Told by a row of the {@code SentinelAudit} table or by a record of the Azure Activity log,
 * and usually by both, as two facts.
 *
 * <p>Source: the public references of the SentinelAudit table, of the Azure Activity log's event
 * schema and of the resource {@code Microsoft.SecurityInsights/alertRules}. See {@link
 * TelemetryRecord} for how absence is written.
 *
 * <p>An activity record knows the workspace by the name in the rule's path only. Where health rows
 * know it by its id, the activity records of the same workspace are on another route and do not
 * meet them; the audit rows do, for they name the workspace as the health rows do.
 *
 * <p>What is told of the rule itself ({@code enabled} to {@code techniques}) is the rule as a write
 * left it, and as it last was where it was deleted. An audit row brings both states, an activity
 * record at most the bodies of the request and of its answer, so much may be absent.
 *
 * @param time when the change was made ({@code TimeGenerated}, else the envelope's {@code time})
 * @param workspace the workspace's id, lower-cased, or its name from a resource path where no id is
 *     given, as in {@link SentinelHealth#workspace()}
 * @param tenant the tenant's id; nullable
 * @param ruleId the rule's id as {@link SentinelHealth#resourceId()} has it: {@code
 *     SentinelResourceId} lower-cased, else the rule's id, else its path, else the name lower-cased
 *     and without the prefix {@code AUTO DISABLED}; from an activity record always the path. See
 *     {@link #ruleKey()}
 * @param name the display name as given, with the prefix {@code AUTO DISABLED} if there is one;
 *     nullable
 * @param kind what was done to the rule
 * @param enabled whether the rule is switched on
 * @param before what the rule was before a write; of a deletion unknown
 * @param frequencyMillis how often the rule runs ({@code queryFrequency}); may be absent
 * @param periodMillis how far back it looks ({@code queryPeriod}); may be absent
 * @param severity of the alerts that it raises, as given, such as {@code High}; nullable
 * @param tactics the tactics that it detects, as given, without repetition
 * @param techniques the techniques that it detects, such as {@code T1078}, without repetition
 * @param caller who made the change: a user's name, or the id of an application; nullable
 * @param callerIp where the change was made from, as given; nullable
 * @param correlationId what ties the log's records about one request together; nullable
 * @param recordId the source's number for the record ({@code RecordId}, else {@code EventDataId},
 *     else {@code _ItemId}); nullable
 * @param told which log told it
 */
public record RuleChange(
    long time,
    String workspace,
    String tenant,
    String ruleId,
    String name,
    Kind kind,
    Enabled enabled,
    Before before,
    long frequencyMillis,
    long periodMillis,
    String severity,
    List<String> tactics,
    List<String> techniques,
    String caller,
    String callerIp,
    String correlationId,
    String recordId,
    Told told)
    implements TelemetryRecord {

  /** Checks what may not be null and takes copies of the lists. */
  public RuleChange {
    requireNonNull(workspace, "workspace");
    requireNonNull(ruleId, "ruleId");
    requireNonNull(kind, "kind");
    requireNonNull(enabled, "enabled");
    requireNonNull(before, "before");
    requireNonNull(told, "told");
    tactics = List.copyOf(tactics);
    techniques = List.copyOf(techniques);
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /**
   * The rule's id within its workspace: equal to {@link SentinelHealth#ruleKey()} of the same rule,
   * also where one of the two names the rule by its path and the other by the id alone.
   */
  public String ruleKey() {
    return ruleKey(ruleId);
  }

  /** Whether the rule does not run after it: it was deleted, or is off. */
  public boolean endsRuns() {
    return kind == Kind.DELETE || enabled == Enabled.NO;
  }

  /**
   * The path of the rule's workspace, where only that names it, as in the Azure Activity log; else
   * null. Health records mostly name a workspace by its id.
   */
  public String workspacePath() {
    String path = ResourcePaths.workspacePath(ruleId);
    return path != null && path.endsWith("/" + workspace) ? path : null;
  }

  /** See {@link #ruleKey()}: of the id of any rule, as records name it. */
  public static String ruleKey(String ruleId) {
    return ResourcePaths.ruleKey(ruleId);
  }

  /** A builder with everything absent, of a rule of which nothing is known. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from this record. */
  public Builder toBuilder() {
    return new Builder()
        .time(time)
        .workspace(workspace)
        .tenant(tenant)
        .ruleId(ruleId)
        .name(name)
        .kind(kind)
        .enabled(enabled)
        .before(before)
        .frequencyMillis(frequencyMillis)
        .periodMillis(periodMillis)
        .severity(severity)
        .tactics(tactics)
        .techniques(techniques)
        .caller(caller)
        .callerIp(callerIp)
        .correlationId(correlationId)
        .recordId(recordId)
        .told(told);
  }

  /** What was done to a rule. */
  public enum Kind implements WireEnum {
    /** It was created or changed. */
    WRITE(1),
    /** It was deleted. */
    DELETE(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Whether a rule is switched on. */
  public enum Enabled implements WireEnum {
    /** It is. */
    YES(1),
    /** It is not. */
    NO(2),
    /** The record does not say. */
    UNKNOWN(0);

    private final int code;

    Enabled(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** What a rule was before a write. */
  public enum Before implements WireEnum {
    /** Switched on. */
    ENABLED(1),
    /** Switched off. */
    DISABLED(2),
    /** It was not there: the write created it. */
    NONE(3),
    /** The record does not say. */
    UNKNOWN(0);

    private final int code;

    Before(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Which log told of a change. */
  public enum Told implements WireEnum {
    /** The SentinelAudit table. */
    AUDIT(1),
    /** The Azure Activity log. */
    ACTIVITY(2);

    private final int code;

    Told(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Collects the fields of a {@link RuleChange}; not safe for use by several threads. */
  public static final class Builder {
    private long time = ABSENT;
    private String workspace;
    private String tenant;
    private String ruleId;
    private String name;
    private Kind kind;
    private Enabled enabled = Enabled.UNKNOWN;
    private Before before = Before.UNKNOWN;
    private long frequencyMillis = ABSENT;
    private long periodMillis = ABSENT;
    private String severity;
    private List<String> tactics = List.of();
    private List<String> techniques = List.of();
    private String caller;
    private String callerIp;
    private String correlationId;
    private String recordId;
    private Told told;

    private Builder() {}

    /** Sets {@link RuleChange#time()}. */
    public Builder time(long value) {
      time = value;
      return this;
    }

    /** Sets {@link RuleChange#workspace()}. */
    public Builder workspace(String value) {
      workspace = value;
      return this;
    }

    /** Sets {@link RuleChange#tenant()}. */
    public Builder tenant(String value) {
      tenant = value;
      return this;
    }

    /** Sets {@link RuleChange#ruleId()}. */
    public Builder ruleId(String value) {
      ruleId = value;
      return this;
    }

    /** Sets {@link RuleChange#name()}. */
    public Builder name(String value) {
      name = value;
      return this;
    }

    /** Sets {@link RuleChange#kind()}. */
    public Builder kind(Kind value) {
      kind = value;
      return this;
    }

    /** Sets {@link RuleChange#enabled()}. */
    public Builder enabled(Enabled value) {
      enabled = value;
      return this;
    }

    /** Sets {@link RuleChange#before()}. */
    public Builder before(Before value) {
      before = value;
      return this;
    }

    /** Sets {@link RuleChange#frequencyMillis()}. */
    public Builder frequencyMillis(long value) {
      frequencyMillis = value;
      return this;
    }

    /** Sets {@link RuleChange#periodMillis()}. */
    public Builder periodMillis(long value) {
      periodMillis = value;
      return this;
    }

    /** Sets {@link RuleChange#severity()}. */
    public Builder severity(String value) {
      severity = value;
      return this;
    }

    /** Sets {@link RuleChange#tactics()}. */
    public Builder tactics(List<String> value) {
      tactics = value;
      return this;
    }

    /** Sets {@link RuleChange#techniques()}. */
    public Builder techniques(List<String> value) {
      techniques = value;
      return this;
    }

    /** Sets {@link RuleChange#caller()}. */
    public Builder caller(String value) {
      caller = value;
      return this;
    }

    /** Sets {@link RuleChange#callerIp()}. */
    public Builder callerIp(String value) {
      callerIp = value;
      return this;
    }

    /** Sets {@link RuleChange#correlationId()}. */
    public Builder correlationId(String value) {
      correlationId = value;
      return this;
    }

    /** Sets {@link RuleChange#recordId()}. */
    public Builder recordId(String value) {
      recordId = value;
      return this;
    }

    /** Sets {@link RuleChange#told()}. */
    public Builder told(Told value) {
      told = value;
      return this;
    }

    /**
     * The record.
     *
     * @throws NullPointerException if the workspace, the rule's id, the kind or who told it is
     *     missing
     */
    public RuleChange build() {
      return new RuleChange(
          time,
          workspace,
          tenant,
          ruleId,
          name,
          kind,
          enabled,
          before,
          frequencyMillis,
          periodMillis,
          severity,
          tactics,
          techniques,
          caller,
          callerIp,
          correlationId,
          recordId,
          told);
    }
  }
}
