package io.mendline.topology.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.serdes.json.AvroJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/** The one JSON mapper of the API, and records of the contract as its trees. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** A record of the contract, under the contract's names. */
  @SuppressWarnings("unchecked")
  static <T extends SpecificRecord> ObjectNode of(T record) {
    try {
      return (ObjectNode)
          MAPPER.readTree(new AvroJson<>((Class<T>) record.getClass()).write(record));
    } catch (IOException e) {
      throw new UncheckedIOException("what was just written cannot be read", e);
    }
  }

  static byte[] bytes(JsonNode document) {
    try {
      return MAPPER.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree cannot fail to be written", e);
    }
  }

  /**
   * A tree from bytes.
   *
   * @throws IOException when they are no JSON; the message does not quote them
   */
  static JsonNode read(byte[] bytes) throws IOException {
    try {
      JsonNode tree = MAPPER.readTree(bytes);
      if (tree == null || tree.isMissingNode()) {
        throw new IOException("it is empty");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new IOException(
          "it is no JSON"
              + (e.getLocation() == null ? "" : ", from line " + e.getLocation().getLineNr()),
          e);
    }
  }

  /** An instant for a document; null for a time that is not known. */
  static String instant(long epochMillis, long unknown) {
    return epochMillis == unknown ? null : Instant.ofEpochMilli(epochMillis).toString();
  }
}
