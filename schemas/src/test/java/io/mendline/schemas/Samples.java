package io.mendline.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records of any schema, filled throughout, and their bytes; and schemas as a later release has
 * them.
 */
final class Samples {

  static final String FUTURE_SYMBOL = "FUTURE_SYMBOL";

  private Samples() {}

  /** The schema as it would be had one of its enums got a symbol more. */
  static Schema withFutureSymbol(Schema schema, Schema extended) throws IOException {
    var json = new ObjectMapper().readTree(schema.toString());
    extend(json, extended.getName());
    return new Schema.Parser().parse(json.toString());
  }

  private static void extend(JsonNode node, String enumName) {
    if (node instanceof ObjectNode type
        && type.path("type").asText().equals("enum")
        && type.path("name").asText().equals(enumName)) {
      ((ArrayNode) type.get("symbols")).add(FUTURE_SYMBOL);
    }
    node.forEach(child -> extend(child, enumName));
  }

  /**
   * The bytes of a record in which nothing is absent and every field of the given enum holds the
   * given symbol; other enums hold their first.
   */
  static byte[] written(Schema schema, Schema chosenEnum, String symbol) throws IOException {
    var out = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(schema)
        .write(sample(schema, chosenEnum.getFullName(), symbol), encoder);
    encoder.flush();
    return out.toByteArray();
  }

  static byte[] written(SpecificRecord record) throws IOException {
    var out = new ByteArrayOutputStream();
    var encoder = EncoderFactory.get().binaryEncoder(out, null);
    new SpecificDatumWriter<>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** Reads as a consumer built from today's contract does. */
  static SpecificRecord read(byte[] bytes, Schema writer, Schema reader) throws IOException {
    return new SpecificDatumReader<SpecificRecord>(writer, reader)
        .read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  private static Object sample(Schema schema, String chosenEnum, String symbol) {
    return switch (schema.getType()) {
      case RECORD -> {
        var record = new GenericData.Record(schema);
        schema
            .getFields()
            .forEach(it -> record.put(it.pos(), sample(it.schema(), chosenEnum, symbol)));
        yield record;
      }
      case ENUM ->
          new GenericData.EnumSymbol(
              schema,
              schema.getFullName().equals(chosenEnum) ? symbol : schema.getEnumSymbols().get(0));
      case ARRAY -> List.of(sample(schema.getElementType(), chosenEnum, symbol));
      case MAP -> Map.of("key", sample(schema.getValueType(), chosenEnum, symbol));
      case UNION -> sample(Contract.withoutNull(schema), chosenEnum, symbol);
      case STRING -> "text";
      case INT -> 1;
      case LONG -> 1_767_225_600_123L;
      case DOUBLE -> 0.5;
      case BOOLEAN -> true;
      default -> throw new IllegalArgumentException("no sample of " + schema);
    };
  }
}
