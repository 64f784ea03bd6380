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
 * The fields of one Sentinel row: of a resource's health, or of a change to an analytics rule,
 * which the Azure Activity log tells, too. The levels of a row (envelope, {@code properties},
 * {@code ExtendedProperties}) have no field in common that means two things, so they are read as
 * one.
 */
final class SentinelFields implements RecordFields {
  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final Spellings<Category> CATEGORIES =
      Spellings.of(Category.class, category -> category.names);
  private static final String AUDIT_OPERATION = "microsoft.securityinsights/";
  private static final String AUTO_DISABLED = "auto disabled";
  private static final int MAX_LEVELS = 4;

  /** What a run that dropped entities is known by, where its issues do not say so themselves. */
  private static final String DROPPED = "ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES";

  private enum Field {
    TIME_GENERATED("TimeGenerated"),
    TIME("time", "timestamp"),
    WORKSPACE_ID("WorkspaceId"),
    TENANT_ID("TenantId"),
    AZURE_RESOURCE_ID("ResourceId", "_ResourceId"),
    CATEGORY("Type", "category", "CategoryValue"),
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
    CORRELATION_ID("CorrelationId"),
    RECORD_ID("RecordId"),
    ITEM_ID("_ItemId"),
    PROPERTIES("properties", "Properties_d"),
    EXTENDED_PROPERTIES("ExtendedProperties"),
    RULE_ID("RuleId"),
    WINDOW_START("QueryStartTimeUTC", "QueryStartTime"),
    WINDOW_END("QueryEndTimeUTC", "QueryEndTime"),
    FREQUENCY("QueryFrequency"),
    PERIOD("QueryPeriod"),
    ISSUES("Issues"),
    FAILURE_SUMMARY("FailureSummary"),
    ENTITIES_DROPPED("EntitiesDroppedDueToMappingIssuesAmount"),
    QUERY_RESULT_AMOUNT("QueryResultAmount"),
    TRIGGER_TYPE("TriggerType"),
    OF_CHANGE(RuleChangeFields.NAMES);

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
  private String correlationId;
  private String recordId;
  private String itemId;
  private String ruleId;
  private long windowStart = TelemetryRecord.ABSENT;
  private long windowEnd = TelemetryRecord.ABSENT;
  private long frequency = TelemetryRecord.ABSENT;
  private long period = TelemetryRecord.ABSENT;
  private boolean entitiesDropped;
  private long queryResultAmount = TelemetryRecord.ABSENT;
  private String triggerType;
  private String brokenString;
  private RuleChangeFields change;
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
      case ENTITIES_DROPPED -> entitiesDropped |= Json.wholeNumber(value) > 0;
      case QUERY_RESULT_AMOUNT -> queryResultAmount = Math.max(-1, Json.wholeNumber(value));
      case OF_CHANGE -> change().field(key, value);
      default -> text(field, value);
    }
  }

  private void text(Field field, JsonParser value) throws IOException {
    String text = Json.id(value);
    if (text == null) {
      return;
    }
    switch (field) {
      case WORKSPACE_ID -> workspaceId = better(workspaceId, text);
      case TENANT_ID -> tenantId = text;
      case AZURE_RESOURCE_ID -> azureResourceId = longer(azureResourceId, text);
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
      case CORRELATION_ID -> correlationId = text;
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

  /** An audit row's properties name the workspace again, perhaps by its path: its id counts. */
  private static String better(String known, String other) {
    boolean id = known != null && known.indexOf('/') < 0;
    return id && other.indexOf('/') >= 0 ? known : other;
  }

  /** Of a row's workspace and the rule in it, the rule, whose path begins with the workspace's. */
  private static String longer(String known, String other) {
    return known != null && known.length() > other.length() ? known : other;
  }

  private RuleChangeFields change() {
    if (change == null) {
      change = new RuleChangeFields();
    }
    return change;
  }

  private void descend(String key, JsonParser value) throws IOException {
    if (level == MAX_LEVELS) {
      value.skipChildren();
      return;
    }
    level++;
    if (Json.object(value, this) == Json.Nested.BROKEN) {
      brokenString = RunObject.or(brokenString, key);
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

  static long duration(JsonParser value, long before) throws IOException {
    String text = Json.text(value);
    long millis = text == null ? Durations.UNREADABLE : Durations.parse(text);
    return millis < 0 ? before : millis;
  }

  @Override
  public void finish(int index, DecodedSink sink) {
    RuleChange.Kind kind =
        RuleChangeFields.kindOf(change == null ? operation : change.operation(operation));
    if (kind != null) {
      finishChange(index, kind, sink);
      return;
    }
    String other = otherThanHealth();
    if (other != null) {
      sink.skipped(index, other);
      return;
    }
    if (brokenString != null) {
      problem.note(brokenString, "malformed JSON in a string");
    }
    String resource = resourceId();
    String workspace = workspace(null);
    if (resource == null) {
      problem.note("SentinelResourceId", "missing, and so are RuleId and SentinelResourceName");
    }
    requireWorkspaceAndTime(workspace);
    if (problem.found()) {
      sink.bad(index, problem.reason());
    } else {
      sink.record(index, row(time(), workspace, resource));
    }
  }

  private void finishChange(int index, RuleChange.Kind kind, DecodedSink sink) {
    RuleChangeFields of = change();
    RuleChange.Told teller = teller();
    String ended =
        teller == RuleChange.Told.AUDIT
            ? RunObject.or(status, resultType)
            : RunObject.or(of.activityStatus(), RunObject.or(resultType, status));
    if (SentinelWords.STATUSES.find(ended) != Status.SUCCESS) {
      sink.skipped(
          index, "a change to a rule, but its status " + texts.quote(ended) + " is no success");
      return;
    }
    String path = RunObject.or(ResourcePaths.rule(lower(azureResourceId)), of.rulePath());
    String display = of.nameOr(name, kind);
    String rule = teller == RuleChange.Told.AUDIT ? auditedRule(path, display) : path;
    String workspace = workspace(path);
    if (rule == null) {
      problem.note("ResourceId", "names no rule, and nothing else does");
    }
    requireWorkspaceAndTime(workspace);
    if (problem.found()) {
      sink.bad(index, problem.reason());
      return;
    }
    RuleChange.Builder told = RuleChange.builder().time(time()).workspace(workspace);
    String number = RunObject.or(recordId, RunObject.or(of.eventId(), itemId));
    told.tenant(tenantId).ruleId(rule).name(texts.line(display)).recordId(number);
    told.correlationId(texts.line(correlationId));
    sink.record(index, of.fill(told, kind, teller, texts).build());
  }

  /** Which log a change is from; a row without a category is Sentinel's own if it is named so. */
  private RuleChange.Told teller() {
    Category known = CATEGORIES.find(category);
    boolean sentinels = sentinelResourceId != null || name != null;
    boolean audit = known == Category.AUDIT || (known != Category.ACTIVITY && sentinels);
    return audit ? RuleChange.Told.AUDIT : RuleChange.Told.ACTIVITY;
  }

  private long time() {
    return timeGenerated == TelemetryRecord.ABSENT ? envelopeTime : timeGenerated;
  }

  private void requireWorkspaceAndTime(String workspace) {
    if (workspace == null) {
      problem.note("WorkspaceId", "missing, and no resource id names a workspace");
    }
    if (time() == TelemetryRecord.ABSENT) {
      problem.note("TimeGenerated", "missing, and so is time");
    }
  }

  /** Why the record is none of this table's, or null if it is one. */
  private String otherThanHealth() {
    String said = change == null ? operation : change.operation(operation);
    if (said != null && said.regionMatches(true, 0, AUDIT_OPERATION, 0, AUDIT_OPERATION.length())) {
      return "operation " + texts.quote(said) + " is no change to an analytics rule";
    }
    Category known = CATEGORIES.find(category);
    if (known == Category.AUDIT || known == Category.ACTIVITY) {
      return "a record of category " + texts.quote(category) + ", not of a resource's health";
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
        .description(texts.message(firstOf(description, resultDescription, issues.message())))
        .reason(texts.message(reason))
        .recordId(recordId == null ? itemId : recordId)
        .window(windowStart, windowEnd)
        .frequencyMillis(frequency)
        .periodMillis(period)
        .issues(entitiesDropped ? issues.with(DROPPED) : issues.codes())
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
    return ruleId == null ? bareName(name) : lower(ruleId);
  }

  /**
   * The rule as its health rows name it ({@link #resourceId()}); but a path that ends at the
   * workspace names no rule, and the rule's own path is better than its name.
   */
  private String auditedRule(String path, String display) {
    String said = lower(sentinelResourceId);
    if (said != null && (said.indexOf('/') < 0 || ResourcePaths.rule(said) != null)) {
      return said;
    }
    if (ruleId != null) {
      return lower(ruleId);
    }
    return path == null ? bareName(display) : path;
  }

  private static String bareName(String name) {
    if (name == null) {
      return null;
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
   *
   * @param rulePath one more path, looked at last; nullable
   */
  private String workspace(String rulePath) {
    String id = lower(workspaceId);
    if (id != null) {
      return id.indexOf('/') < 0 ? id : ResourcePaths.workspace(id);
    }
    String ofSentinel = ResourcePaths.workspace(lower(sentinelResourceId));
    String ofAzure =
        ofSentinel == null ? ResourcePaths.workspace(lower(azureResourceId)) : ofSentinel;
    String named = ofAzure == null ? ResourcePaths.workspace(rulePath) : ofAzure;
    return named == null ? lower(tenantId) : named;
  }

  /** In lower case, as Azure compares; null for null. */
  static String lower(String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  private static String firstOf(String... texts) {
    for (String text : texts) {
      if (text != null) {
        return text;
      }
    }
    return null;
  }
}
