package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import io.mendline.serdes.text.Durations;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Instants;
import java.io.IOException;
import java.util.Locale;

/**
 * The fields of one Sentinel row. The levels of a row (envelope, {@code properties}, {@code
 * ExtendedProperties}) have no field in common that means two things, so they are read as one.
 */
final class SentinelFields implements RecordFields {
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final Spellings<Category> CATEGORIES =
      Spellings.of(Category.class, category -> category.names);
  private static final String AUDIT_OPERATION = "microsoft.securityinsights/";
  private static final String AUTO_DISABLED = "auto disabled";
  private static final int MAX_LEVELS = 4;

  private enum Field {
    TIME_GENERATED("TimeGenerated"),
    TIME("time", "timestamp"),
    WORKSPACE_ID("WorkspaceId"),
    TENANT_ID("TenantId"),
    AZURE_RESOURCE_ID("ResourceId", "_ResourceId"),
    CATEGORY("Type", "category"),
    OPERATION("OperationName"),
    SENTINEL_RESOURCE_ID("SentinelResourceId"),
    SENTINEL_RESOURCE_NAME("SentinelResourceName"),
    SENTINEL_RESOURCE_TYPE("SentinelResourceType"),
    SENTINEL_RESOURCE_KIND("SentinelResourceKind"),
    STATUS("Status"),
    RESULT_TYPE("resultType"),
    DESCRIPTION("Description"),
    RESULT_DESCRIPTION("resultDescription"),
    REASON("Reason"),
    RECORD_ID("RecordId"),
    ITEM_ID("_ItemId"),
    PROPERTIES("properties"),
    EXTENDED_PROPERTIES("ExtendedProperties"),
    RULE_ID("RuleId"),
    WINDOW_START("QueryStartTimeUTC", "QueryStartTime"),
    WINDOW_END("QueryEndTimeUTC", "QueryEndTime"),
    FREQUENCY("QueryFrequency"),
    PERIOD("QueryPeriod"),
    ISSUES("Issues"),
    FAILURE_SUMMARY("FailureSummary"),
    QUERY_RESULT_AMOUNT("QueryResultAmount"),
    TRIGGER_TYPE("TriggerType");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  /** What else travels the same way: changes to rules, told by Sentinel and by Azure. */
  private enum Category {
    HEALTH("SentinelHealth"),
    AUDIT("SentinelAudit"),
    ACTIVITY("Administrative", "AzureActivity");

    private final String names;

    Category(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private final FreeText texts;
  private final Problem problem;
  private final IssueCodes issues = new IssueCodes();

  private long timeGenerated = TelemetryRecord.ABSENT;
  private long envelopeTime = TelemetryRecord.ABSENT;
  private String workspaceId;
  private String tenantId;
  private String azureResourceId;
  private String category;
  private String operation;
  private String sentinelResourceId;
  private String name;
  private String resourceType;
  private String resourceKind;
  private String status;
  private String resultType;
  private String description;
  private String resultDescription;
  private String reason;
  private String recordId;
  private String itemId;
  private String ruleId;
  private long windowStart = TelemetryRecord.ABSENT;
  private long windowEnd = TelemetryRecord.ABSENT;
  private long frequency = TelemetryRecord.ABSENT;
  private long period = TelemetryRecord.ABSENT;
  private long queryResultAmount = TelemetryRecord.ABSENT;
  private String triggerType;
  private int level;

  SentinelFields(FreeText texts) {
    this.texts = texts;
    this.problem = new Problem(texts);
  }

  @Override
  public void field(String key, JsonParser value) throws IOException {
    Field field = FIELDS.find(key);
    if (field == null) {
      value.skipChildren();
      return;
    }
    switch (field) {
      case TIME_GENERATED -> timeGenerated = time("TimeGenerated", value, timeGenerated);
      case TIME -> envelopeTime = time("time", value, envelopeTime);
      case PROPERTIES -> descend("properties", value);
      case EXTENDED_PROPERTIES -> descend("ExtendedProperties", value);
      case WINDOW_START -> windowStart = window("QueryStartTimeUTC", value, windowStart);
      case WINDOW_END -> windowEnd = window("QueryEndTimeUTC", value, windowEnd);
      case FREQUENCY -> frequency = duration(value, frequency);
      case PERIOD -> period = duration(value, period);
      case ISSUES, FAILURE_SUMMARY -> issues.read(value);
      case QUERY_RESULT_AMOUNT -> queryResultAmount = Math.max(-1, Json.wholeNumber(value));
      default -> text(field, value);
    }
  }

  private void text(Field field, JsonParser value) throws IOException {
    String text = Json.id(value);
    if (text == null) {
      return;
    }
    switch (field) {
      case WORKSPACE_ID -> workspaceId = text;
      case TENANT_ID -> tenantId = text;
      case AZURE_RESOURCE_ID -> azureResourceId = text;
      case CATEGORY -> category = preferred(category, text);
      case OPERATION -> operation = text;
      case SENTINEL_RESOURCE_ID -> sentinelResourceId = text;
      case SENTINEL_RESOURCE_NAME -> name = text;
      case SENTINEL_RESOURCE_TYPE -> resourceType = text;
      case SENTINEL_RESOURCE_KIND -> resourceKind = text;
      case STATUS -> status = text;
      case RESULT_TYPE -> resultType = text;
      case DESCRIPTION -> description = text;
      case RESULT_DESCRIPTION -> resultDescription = text;
      case REASON -> reason = text;
      case RECORD_ID -> recordId = text;
      case ITEM_ID -> itemId = text;
      case RULE_ID -> ruleId = text;
      case TRIGGER_TYPE -> triggerType = text;
      default -> throw new AssertionError(field);
    }
  }

  /** Of {@code Type} and {@code category}, the one whose meaning is known. */
  private static String preferred(String known, String other) {
    return CATEGORIES.find(known) != null ? known : other;
  }

  private void descend(String key, JsonParser value) throws IOException {
    if (level == MAX_LEVELS) {
      value.skipChildren();
      return;
    }
    level++;
    if (Json.object(value, this) == Json.Nested.BROKEN) {
      problem.note(key, "malformed JSON in a string");
    }
    level--;
  }

  private long time(String key, JsonParser value, long before) throws IOException {
    long millis = Json.instant(value);
    if (millis == TelemetryRecord.ABSENT) {
      return before;
    }
    if (millis < 0) {
      problem.note(key, Json.shown(value), "is no instant after 1970");
    }
    return millis;
  }

  /** .NET writes the year 1 for "never", which is as good as absent. */
  private long window(String key, JsonParser value, long before) throws IOException {
    long millis = Json.instant(value);
    if (millis == Instants.UNREADABLE) {
      problem.note(key, Json.shown(value), "is no instant");
    }
    return millis < 0 ? before : millis;
  }

  private static long duration(JsonParser value, long before) throws IOException {
    String text = Json.text(value);
    long millis = text == null ? Durations.UNREADABLE : Durations.parse(text);
    return millis < 0 ? before : millis;
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    String other = otherThanHealth();
    if (other != null) {
      sink.skipped(index, other);
      return;
    }
    String resource = resourceId();
    String workspace = workspace();
    long time = timeGenerated == TelemetryRecord.ABSENT ? envelopeTime : timeGenerated;
    if (resource == null) {
      problem.note("SentinelResourceId", "missing, and so are RuleId and SentinelResourceName");
    }
    if (workspace == null) {
      problem.note("WorkspaceId", "missing, and no resource id names a workspace");
    }
    if (time == TelemetryRecord.ABSENT) {
      problem.note("TimeGenerated", "missing, and so is time");
    }
    if (problem.found()) {
      sink.bad(index, problem.reason());
    } else {
      sink.record(index, row(time, workspace, resource));
    }
  }

  /** Why the record is none of this table's, or null if it is one. */
  private String otherThanHealth() {
    Category known = CATEGORIES.find(category);
    if (known == Category.AUDIT || known == Category.ACTIVITY) {
      return "a record of category " + texts.quote(category) + ", not of a resource's health";
    }
    if (operation != null
        && operation.regionMatches(true, 0, AUDIT_OPERATION, 0, AUDIT_OPERATION.length())) {
      return "operation " + texts.quote(operation) + " is a change to a rule, not its health";
    }
    boolean nameless = sentinelResourceId == null && ruleId == null && name == null;
    return nameless && known == null && category != null
        ? "a record of category " + texts.quote(category)
        : null;
  }

  private SentinelHealth row(long time, String workspace, String resource) {
    Operation what = SentinelWords.OPERATIONS.find(operation, Operation.OTHER);
    ResourceType type = type(what);
    return SentinelHealth.builder()
        .time(time)
        .workspace(workspace)
        .tenant(tenantId)
        .resourceType(type)
        .resourceId(resource)
        .name(texts.line(name))
        .ruleKind(type == ResourceType.ANALYTICS_RULE ? kind(what) : RuleKind.OTHER)
        .operation(what)
        .status(SentinelWords.STATUSES.find(status == null ? resultType : status, Status.OTHER))
        .description(texts.message(description == null ? resultDescription : description))
        .reason(texts.message(reason))
        .recordId(recordId == null ? itemId : recordId)
        .window(windowStart, windowEnd)
        .frequencyMillis(frequency)
        .periodMillis(period)
        .issues(issues.codes())
        .queryResultAmount(queryResultAmount)
        .triggerType(triggerType)
        .build();
  }

  private ResourceType type(Operation what) {
    ResourceType said = SentinelWords.RESOURCE_TYPES.find(resourceType);
    return said == null ? SentinelWords.typeOf(what) : said;
  }

  private RuleKind kind(Operation what) {
    RuleKind said = SentinelWords.RULE_KINDS.find(resourceKind);
    if (said == null && resourceKind == null) {
      said = SentinelWords.RULE_KINDS.find(triggerType);
    }
    return said == null && resourceKind == null
        ? SentinelWords.kindOf(what)
        : said == null ? RuleKind.OTHER : said;
  }

  private String resourceId() {
    if (sentinelResourceId != null) {
      return lower(sentinelResourceId);
    }
    if (ruleId != null || name == null) {
      return lower(ruleId);
    }
    String plain = lower(name);
    // The prefix comes and goes with the rule's state; the rule stays the same.
    String bare =
        plain.startsWith(AUTO_DISABLED) ? plain.substring(AUTO_DISABLED.length()).strip() : plain;
    return bare.isEmpty() ? plain : bare;
  }

  /**
   * The workspace's id; else the workspace in a resource's path; else {@code TenantId}, which in a
   * Log Analytics table is the workspace's id, whatever its name says.
   */
  private String workspace() {
    String id = lower(workspaceId);
    if (id != null) {
      return id.indexOf('/') < 0 ? id : ResourcePaths.workspace(id);
    }
    String ofSentinel = ResourcePaths.workspace(lower(sentinelResourceId));
    String ofAzure =
        ofSentinel == null ? ResourcePaths.workspace(lower(azureResourceId)) : ofSentinel;
    return ofAzure == null ? lower(tenantId) : ofAzure;
  }

  private static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }
}
