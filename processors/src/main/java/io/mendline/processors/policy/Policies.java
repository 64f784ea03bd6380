package io.mendline.processors.policy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;

/** Reads, checks and merges policy documents. */
public final class Policies {
  private static final ObjectMapper YAML = configured(new ObjectMapper(new YAMLFactory()));
  private static final ObjectMapper JSON = configured(new ObjectMapper());
  private static final ObjectWriter ASCII = JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
  private static final JsonNode DEFAULTS = defaults();

  private Policies() {}

  /**
   * Reads a policy document, YAML or JSON (which is YAML too): {@code id} and {@code effectiveAt},
   * both optional, and any of the keys of the default policy.
   *
   * @param name names the input in errors, and is the id of a document that has none
   * @throws PolicyException when it is not such a document; the message names the key
   */
  public static PolicyDocument parse(String name, byte[] content) {
    if (!(read(name, content) instanceof ObjectNode object)) {
      throw new PolicyException(name + " is not a policy: it holds no keys");
    }
    String id = id(name, object.path("id"));
    long effectiveAt = effectiveAt(name, object.path("effectiveAt"));
    ObjectNode body = object.deepCopy();
    body.remove(List.of("id", "effectiveAt"));
    PolicyDocument document = new PolicyDocument(id, effectiveAt, body);
    PolicyChecks.check(name, bind(name, merged(DEFAULTS, body)));
    return document;
  }

  /** The built-in defaults. */
  public static Policy builtIn() {
    return bind("the built-in policy", DEFAULTS);
  }

  /** The defaults with the given documents laid over them, in that order. */
  static Policy over(Iterable<PolicyDocument> documents) {
    JsonNode all = DEFAULTS;
    for (PolicyDocument document : documents) {
      all = merged(all, document.body());
    }
    return bind("the merged policy", all);
  }

  /**
   * The document as one line of JSON that {@link #parse} reads. In ASCII and without controls, for
   * YAML takes some characters only when they are escaped, and what was taken must be read again.
   */
  public static byte[] write(PolicyDocument document) {
    ObjectNode out = JSON.createObjectNode();
    out.put("id", document.id());
    out.put("effectiveAt", Instant.ofEpochMilli(document.effectiveAt()).toString());
    out.setAll((ObjectNode) document.body());
    try {
      return ASCII
          .writeValueAsString(out)
          .replace("\u007f", "\\u007f")
          .getBytes(StandardCharsets.US_ASCII);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always JSON", e);
    }
  }

  private static JsonNode read(String name, byte[] content) {
    try (JsonParser parser = YAML.createParser(content)) {
      JsonNode root = YAML.readTree(parser);
      if (parser.nextToken() != null) {
        throw new PolicyException(name + " holds more than one document");
      }
      return root;
    } catch (JsonMappingException e) {
      throw new PolicyException(name + ": " + firstLine(e));
    } catch (IOException e) {
      throw new PolicyException(name + " is neither YAML nor JSON: " + firstLine(e));
    }
  }

  private static String id(String name, JsonNode id) {
    if (id.isMissingNode() || id.isNull()) {
      // The name is a message's key, whatever somebody wrote there.
      if (name.isBlank()) {
        throw new PolicyException("a policy has no id, and its key is blank");
      }
      return name;
    }
    if (!id.isValueNode() || id.asText().isBlank()) {
      throw new PolicyException(name + ": id is not a name");
    }
    return id.asText();
  }

  private static long effectiveAt(String name, JsonNode at) {
    if (at.isMissingNode() || at.isNull()) {
      return Long.MIN_VALUE;
    }
    try {
      return Instant.parse(at.asText()).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw new PolicyException(
          name
              + ": effectiveAt: \""
              + at.asText()
              + "\" is not an instant such as 2026-06-01T00:00:00Z");
    }
  }

  private static Policy bind(String name, JsonNode tree) {
    try {
      return JSON.treeToValue(tree, Policy.class);
    } catch (UnrecognizedPropertyException e) {
      throw new PolicyException(
          name + ": " + path(e) + " is not a key; known here: " + e.getKnownPropertyIds());
    } catch (JsonMappingException e) {
      throw new PolicyException(name + ": " + path(e) + ": " + firstLine(e));
    } catch (JsonProcessingException e) {
      throw new PolicyException(name + ": " + firstLine(e));
    }
  }

  private static JsonNode merged(JsonNode under, JsonNode over) {
    if (!(under instanceof ObjectNode below) || !(over instanceof ObjectNode)) {
      return over;
    }
    ObjectNode merged = below.deepCopy();
    for (Map.Entry<String, JsonNode> field : over.properties()) {
      JsonNode had = merged.get(field.getKey());
      merged.set(field.getKey(), had == null ? field.getValue() : merged(had, field.getValue()));
    }
    return merged;
  }

  private static JsonNode defaults() {
    try (InputStream in = Policies.class.getResourceAsStream("default-policy.yaml")) {
      return YAML.readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("the built-in policy cannot be read", e);
    }
  }

  private static ObjectMapper configured(ObjectMapper mapper) {
    SimpleModule ours = new SimpleModule();
    ours.addDeserializer(Duration.class, new Durations());
    ours.addDeserializer(Mode.class, new Modes());
    ours.addDeserializer(ZoneId.class, new Zones());
    // Whether 0 means off, or that nothing was said, nobody can tell.
    mapper
        .coercionConfigFor(LogicalType.Boolean)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
    return mapper
        .registerModule(ours)
        .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        // Of a key said twice nobody can tell which was meant, and a number is no name.
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() != null) {
        path.append(path.length() == 0 ? "" : ".").append(step.getFieldName());
      } else {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return path.toString();
  }

  private static String firstLine(IOException e) {
    String message =
        e instanceof JacksonException jackson ? jackson.getOriginalMessage() : e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }

  /** A mode by its name; to YAML the bare word {@code off} is a boolean. */
  private static final class Modes extends StdDeserializer<Mode> {
    private static final long serialVersionUID = 1L;

    Modes() {
      super(Mode.class);
    }

    @Override
    public Mode deserialize(JsonParser in, DeserializationContext context) throws IOException {
      if (in.hasToken(JsonToken.VALUE_FALSE)) {
        return Mode.OFF;
      }
      String text = in.hasToken(JsonToken.VALUE_STRING) ? in.getText() : "";
      for (Mode mode : Mode.values()) {
        if (mode.label().equals(text)) {
          return mode;
        }
      }
      return (Mode)
          context.handleWeirdStringValue(
              Mode.class, in.getText(), "none of off, dry-run, approval, auto");
    }
  }

  /** ISO-8601: times as {@code PT30S}, days as {@code P7D}. */
  private static final class Durations extends StdDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    Durations() {
      super(Duration.class);
    }

    @Override
    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getText();
      try {
        return Duration.parse(text);
      } catch (DateTimeException e) {
        return (Duration)
            context.handleWeirdStringValue(
                Duration.class, text, "not a duration such as PT30S or P7D");
      }
    }
  }

  /** A time zone by its name, such as {@code UTC} or {@code Europe/Zurich}. */
  private static final class Zones extends StdDeserializer<ZoneId> {
    private static final long serialVersionUID = 1L;

    Zones() {
      super(ZoneId.class);
    }

    @Override
    public ZoneId deserialize(JsonParser in, DeserializationContext context) throws IOException {
      String text = in.getText();
      try {
        return ZoneId.of(text);
      } catch (DateTimeException e) {
        return (ZoneId)
            context.handleWeirdStringValue(
                ZoneId.class, text, "not a time zone such as UTC or Europe/Zurich");
      }
    }
  }
}
