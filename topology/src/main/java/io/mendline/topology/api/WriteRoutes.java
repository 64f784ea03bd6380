package io.mendline.topology.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.processors.policy.PolicyException;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Decision;
import io.mendline.schemas.Operation;
import io.mendline.schemas.OperationKind;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.RecordFormatException;
import io.mendline.serdes.json.AvroJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Takes what people decide, and writes it to the input topics. */
final class WriteRoutes {
  private static final String JSON = "application/json";
  private static final String YAML = "application/yaml";
  private static final RecordFormat<Approval> APPROVALS = new AvroJson<>(Approval.class);
  private static final RecordFormat<Operation> OPERATIONS = new AvroJson<>(Operation.class);

  private final InputWriter writer;
  private final QueryRoutes queries;
  private final byte[] token;
  private final boolean loopback;
  private final LongSupplier wall;

  /**
   * The routes that write.
   *
   * @param token what a writer has to show; empty when none is set
   * @param loopback whether only this machine can reach the API: then no token is needed
   */
  WriteRoutes(
      InputWriter writer, QueryRoutes queries, String token, boolean loopback, LongSupplier wall) {
    this.writer = writer;
    this.queries = queries;
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.loopback = loopback;
    this.wall = wall;
  }

  /** {@code POST /api/v1/approvals}. */
  void approval(Context context) {
    authorize(context);
    typed(context, Set.of(JSON));
    long now = wall.getAsLong();
    ObjectNode body = body(context);
    stamp(body, now);
    Approval approval = read(APPROVALS, body);
    if (approval.getDecision() == Decision.UNKNOWN) {
      throw Problem.badRequest("\"decision\" is APPROVED or DENIED");
    }
    named(approval.getBy());
    ObjectNode unused = queries.command(context, approval.getCommandId());
    byte[] value = APPROVALS.write(approval);
    accepted(
        context,
        writer.write(Source.APPROVALS, approval.getCommandId(), value, now),
        Json.of(approval));
  }

  /** {@code POST /api/v1/operations}. */
  void operation(Context context) {
    authorize(context);
    typed(context, Set.of(JSON));
    long now = wall.getAsLong();
    ObjectNode body = body(context);
    stamp(body, now);
    if (!body.hasNonNull("id")) {
      // From what it says: sent again with its time, it is the same operation.
      body.put("id", Ids.digest("operation", body.toString()));
    }
    Operation operation = read(OPERATIONS, body);
    if (operation.getKind() == OperationKind.UNKNOWN) {
      throw Problem.badRequest(
          "\"kind\" is ACK, SNOOZE, PAUSE, RESUME, TAKE_OVER, CLOSE, REOPEN or VERDICT");
    }
    named(operation.getBy());
    ObjectNode unused = queries.incident(context, operation.getIncidentId());
    byte[] value = OPERATIONS.write(operation);
    accepted(
        context,
        writer.write(Source.OPERATIONS, operation.getIncidentId(), value, now),
        Json.of(operation));
  }

  /** {@code POST /api/v1/policies}: a document in YAML or JSON. */
  void policy(Context context) {
    authorize(context);
    typed(context, Set.of(JSON, YAML));
    long now = wall.getAsLong();
    byte[] body = context.bodyAsBytes();
    try {
      PolicyDocument document = Policies.parse("the policy", body);
      byte[] value = Policies.write(document);
      accepted(
          context,
          writer.write(Source.POLICIES, document.id(), value, now),
          (ObjectNode) Json.read(value));
    } catch (PolicyException e) {
      throw Problem.badRequest(e.getMessage());
    } catch (IOException e) {
      throw Problem.badRequest("the policy cannot be read: " + e.getMessage());
    }
  }

  /**
   * A body of this type cannot be sent by a page of another site without being asked for leave
   * first, which is never given: so what people have open in a browser cannot decide for them.
   */
  private static void typed(Context context, Set<String> types) {
    String type = context.contentType();
    String plain = type == null ? "" : type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
    if (!types.contains(plain)) {
      throw new Problem(
          415, "Unsupported media type", "send the body as Content-Type: " + new TreeSet<>(types));
    }
  }

  private void authorize(Context context) {
    if (token.length == 0) {
      if (!loopback) {
        throw new Problem(
            403,
            "Forbidden",
            "writes need a token while others can reach the API; set \"api.token\"");
      }
      return;
    }
    String given = context.header("Authorization");
    byte[] shown =
        given != null && given.startsWith("Bearer ")
            ? given.substring("Bearer ".length()).trim().getBytes(StandardCharsets.UTF_8)
            : new byte[0];
    if (!MessageDigest.isEqual(token, shown)) {
      context.header("WWW-Authenticate", "Bearer");
      throw new Problem(
          401, "Unauthorized", "send the token of \"api.token\" as Authorization: Bearer TOKEN");
    }
  }

  private static ObjectNode body(Context context) {
    try {
      JsonNode body = Json.read(context.bodyAsBytes());
      if (body instanceof ObjectNode object) {
        return object;
      }
      throw Problem.badRequest("the body is no JSON object");
    } catch (IOException e) {
      throw Problem.badRequest("the body cannot be read: " + e.getMessage());
    }
  }

  /** What is sent without a time was decided now. */
  private static void stamp(ObjectNode body, long now) {
    if (!body.hasNonNull("at")) {
      body.put("at", Instant.ofEpochMilli(now).toString());
    }
  }

  private static <T extends SpecificRecord> T read(RecordFormat<T> format, ObjectNode body) {
    try {
      return format.read(Json.bytes(body));
    } catch (RecordFormatException e) {
      throw Problem.badRequest(e.getMessage());
    }
  }

  private static void named(String by) {
    if (by == null || by.isBlank()) {
      throw Problem.badRequest("\"by\" names who decides; it is empty");
    }
  }

  private static void accepted(Context context, RecordMetadata written, ObjectNode record) {
    ObjectNode document =
        Json.object()
            .put("topic", written.topic())
            .put("partition", written.partition())
            .put("offset", written.offset());
    document.set("record", record);
    context.status(202);
    QueryRoutes.respond(context, document);
  }
}
