package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.telemetry.RuleChange.Before;
import io.mendline.serdes.telemetry.RuleChange.Kind;
import io.mendline.serdes.telemetry.RuleChange.Told;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a record about a change to a rule has over a health row: the fields of the SentinelAudit
 * table and of the Azure Activity log. The rest, which all three have in common, is read by {@link
 * SentinelFields}.
 */
final class RuleChangeFields {
  /** The names of all these fields, to be joined with others. */
  static final String NAMES =
      Spellings.join(
          Arrays.stream(Field.values()).map(field -> field.names).toArray(String[]::new));

  private static final Spellings<Field> FIELDS = Spellings.of(Field.class, field -> field.names);
  private static final Spellings<Operation> OPERATIONS =
      Spellings.of(Operation.class, operation -> operation.name);
  private static final Spellings<Claim> CLAIMS = Spellings.of(Claim.class, claim -> claim.names);

  private enum Field {
    OPERATION("OperationNameValue"),
    ACTIVITY_STATUS("ActivityStatusValue", "ActivityStatus"),
    ENTITY("entity"),
    URI("Uri"),
    RULE_NAME("ResourceDisplayName"),
    CALLER_NAME("CallerName"),
    CALLER("caller"),
    CALLER_IP("CallerIpAddress"),
    IDENTITY("identity"),
    CLAIMS("claims", "Claims_d"),
    EVENT_ID("EventDataId"),
    STATUS_CODE("statusCode", "ActivitySubstatusValue", "resultSignature"),
    ORIGINAL_STATE("OriginalResourceState"),
    UPDATED_STATE("UpdatedResourceState"),
    REQUEST("requestBody"),
    RESPONSE("responseBody");

    private final String names;

    Field(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private enum Operation {
    WRITE(Kind.WRITE, "Microsoft.SecurityInsights/alertRules/write"),
    DELETE(Kind.DELETE, "Microsoft.SecurityInsights/alertRules/delete");

    private final Kind kind;
    private final String name;

    Operation(Kind kind, String name) {
      this.kind = kind;
      this.name = name;
    }
  }

  /** What a token's claims call whoever holds it, the most telling first. */
  private enum Claim {
    USER("upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn"),
    NAME("unique_name", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name"),
    ADDRESS("email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"),
    DISPLAY_NAME("name"),
    APPLICATION("appid", "azp"),
    OBJECT("oid", "http://schemas.microsoft.com/identity/claims/objectidentifier");

    private final String names;

    Claim(String... names) {
      this.names = Spellings.join(names);
    }
  }

  private static final String CREATED = "created";
  private static final String AUTO_DISABLED = "AUTO DISABLED";

  private final RuleState original = new RuleState();
  private final RuleState updated = new RuleState();
  private final RuleState request = new RuleState();
  private final RuleState response = new RuleState();
  private final Map<Claim, String> claims = new EnumMap<>(Claim.class);
  private String operation;
  private String activityStatus;
  private String entity;
  private String uri;
  private String ruleName;
  private String callerName;
  private String caller;
  private String callerIp;
  private boolean originalEmpty;
  private boolean created;
  private String eventId;

  /** Reads a field with one of the {@link #NAMES}. */
  void field(String key, JsonParser value) throws IOException {
    switch (FIELDS.find(key)) {
      case OPERATION -> operation = RunObject.or(Json.text(value), operation);
      case ACTIVITY_STATUS -> activityStatus = RunObject.or(Json.text(value), activityStatus);
      case ENTITY -> entity = RunObject.or(Json.text(value), entity);
      case URI -> uri = RunObject.or(Json.text(value), uri);
      case RULE_NAME -> ruleName = RunObject.or(Json.text(value), ruleName);
      case CALLER_NAME -> callerName = RunObject.or(Json.text(value), callerName);
      case CALLER -> caller = RunObject.or(Json.text(value), caller);
      case CALLER_IP -> callerIp = RunObject.or(Json.text(value), callerIp);
      case IDENTITY -> identity(value);
      case CLAIMS -> Json.object(value, this::claim);
      case EVENT_ID -> eventId = RunObject.or(Json.id(value), eventId);
      case STATUS_CODE -> statusCode(Json.text(value));
      case ORIGINAL_STATE -> original(value);
      case UPDATED_STATE -> updated.read(value);
      case REQUEST -> request.read(value);
      case RESPONSE -> response.read(value);
    }
  }

  /** {@code Created}, also as {@code Succeeded.Created}, is what Azure answers a first write. */
  private void statusCode(String said) {
    created |= said != null && said.toLowerCase(Locale.ROOT).endsWith(CREATED);
  }

  /** A state that is said to be nothing is that of a rule that was not there. */
  private void original(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_STRING) {
      String text = value.getText().strip();
      originalEmpty = text.isEmpty() || text.equals("null") || text.equals("{}");
    } else {
      originalEmpty = value.currentToken() == JsonToken.VALUE_NULL;
    }
    boolean object = value.currentToken() == JsonToken.START_OBJECT;
    original.read(value);
    originalEmpty |= object && original.isEmpty();
  }

  /** An object with the claims of a token, or a name. */
  private void identity(JsonParser value) throws IOException {
    boolean string = value.currentToken() == JsonToken.VALUE_STRING;
    String text = string ? Json.text(value) : null;
    if (Json.object(value, this::inIdentity) == Json.Nested.NO_OBJECT) {
      caller = RunObject.or(caller, text);
    }
  }

  private void inIdentity(String key, JsonParser value) throws IOException {
    if (FIELDS.find(key) == Field.CLAIMS) {
      Json.object(value, this::claim);
    } else {
      value.skipChildren();
    }
  }

  private void claim(String key, JsonParser value) throws IOException {
    Claim claim = CLAIMS.find(key);
    if (claim == null) {
      value.skipChildren();
      return;
    }
    String text = Json.text(value);
    if (text != null) {
      claims.put(claim, text);
    }
  }

  /** The operation, of which a flat activity record has a readable name as well. */
  String operation(String said) {
    return RunObject.or(operation, said);
  }

  /** What an operation does to an analytics rule; null if it does nothing to any. */
  static Kind kindOf(String operation) {
    Operation known = OPERATIONS.find(operation);
    return known == null ? null : known.kind;
  }

  /** The path of the rule, lower-cased, where one of its fields has it; else null. */
  String rulePath() {
    String path = ResourcePaths.rule(SentinelFields.lower(entity));
    return path == null ? ResourcePaths.rule(SentinelFields.lower(uri)) : path;
  }

  /** The rule's display name where the row itself has none; nullable. */
  String nameOr(String said, Kind kind) {
    String inState = state(kind).displayName();
    // The row may still have the name of before, without what Sentinel has put ahead of it.
    return hasPrefix(inState) ? inState : RunObject.or(said, RunObject.or(ruleName, inState));
  }

  private static boolean hasPrefix(String name) {
    return name != null && name.regionMatches(true, 0, AUTO_DISABLED, 0, AUTO_DISABLED.length());
  }

  /** The number of the record where it has none as a row of Sentinel's tables; nullable. */
  String eventId() {
    return eventId;
  }

  /** How an activity ended or how far it has come; nullable. */
  String activityStatus() {
    return activityStatus;
  }

  /** Puts what is known into a record under construction. */
  RuleChange.Builder fill(RuleChange.Builder to, Kind kind, Told told, FreeText texts) {
    return state(kind)
        .fill(to, texts)
        .kind(kind)
        .told(told)
        .before(kind == Kind.WRITE ? before() : Before.UNKNOWN)
        .caller(texts.line(caller()))
        .callerIp(texts.line(callerIp));
  }

  /** The rule as a write left it, or as it last was. */
  private RuleState state(Kind kind) {
    RuleState inAudit = kind == Kind.WRITE ? updated : original;
    return inAudit.or(response).or(request);
  }

  private Before before() {
    if (created || originalEmpty) {
      return Before.NONE;
    }
    return switch (original.enabled()) {
      case YES -> Before.ENABLED;
      case NO -> Before.DISABLED;
      case UNKNOWN -> Before.UNKNOWN;
    };
  }

  private String caller() {
    String named = RunObject.or(callerName, caller);
    for (String claim : claims.values()) {
      named = RunObject.or(named, claim);
    }
    return named;
  }
}
