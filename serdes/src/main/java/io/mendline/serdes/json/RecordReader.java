package io.mendline.serdes.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.RecordFormatException;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Instants;
import io.mendline.serdes.text.Redactor;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Reads one record along its schema; every method begins on the first token of a value. */
final class RecordReader {
  private static final FreeText TEXTS = new FreeText(Redactor.standard());
  private static final int MAX_NUMBER_LENGTH = 64;

  private final SpecificData model;

  RecordReader(SpecificData model) {
    this.model = model;
  }

  SpecificRecord record(JsonParser from, Schema schema, String path) throws IOException {
    SpecificRecord made = (SpecificRecord) model.newRecord(null, schema);
    boolean[] given = new boolean[schema.getFields().size()];
    for (String name = from.nextFieldName(); name != null; name = from.nextFieldName()) {
      JsonToken token = from.nextToken();
      Schema.Field field = schema.getField(name);
      if (field == null) {
        from.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        made.put(field.pos(), value(from, field.schema(), Paths.child(path, name)));
        given[field.pos()] = true;
      }
    }
    for (Schema.Field field : schema.getFields()) {
      if (!given[field.pos()]) {
        made.put(field.pos(), absent(field, Paths.child(path, field.name())));
      }
    }
    return made;
  }

  private Object absent(Schema.Field field, String path) {
    if (field.hasDefaultValue()) {
      return model.deepCopy(field.schema(), model.getDefaultValue(field));
    }
    if (field.schema().isNullable()) {
      return null;
    }
    throw new RecordFormatException(path + ": missing");
  }

  private Object value(JsonParser from, Schema schema, String path) throws IOException {
    Schema wanted = Paths.withoutNull(schema);
    return switch (wanted.getType()) {
      case RECORD -> {
        require(from, JsonToken.START_OBJECT, "an object", path);
        yield record(from, wanted, path);
      }
      case ARRAY -> array(from, wanted.getElementType(), path);
      case MAP -> map(from, wanted.getValueType(), path);
      case ENUM -> symbol(from, wanted, path);
      case LONG -> wanted.getLogicalType() == null ? whole(from, path) : instant(from, path);
      case INT -> integer(from, path);
      case DOUBLE -> decimal(from, path);
      case BOOLEAN -> truth(from, path);
      case STRING -> text(from, path);
      default -> throw new RecordFormatException(path + ": " + wanted.getType() + " is not read");
    };
  }

  private List<Object> array(JsonParser from, Schema element, String path) throws IOException {
    require(from, JsonToken.START_ARRAY, "an array", path);
    List<Object> values = new ArrayList<>();
    while (from.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(from, element, Paths.element(path, values.size())));
    }
    return values;
  }

  private Map<String, Object> map(JsonParser from, Schema element, String path) throws IOException {
    require(from, JsonToken.START_OBJECT, "an object", path);
    Map<String, Object> values = new HashMap<>();
    for (String key = from.nextFieldName(); key != null; key = from.nextFieldName()) {
      if (from.nextToken() != JsonToken.VALUE_NULL) {
        values.put(key, value(from, element, Paths.child(path, key)));
      }
    }
    return values;
  }

  /** A symbol of a later contract is what the enum says it is: UNKNOWN. */
  private Object symbol(JsonParser from, Schema schema, String path) throws IOException {
    require(from, JsonToken.VALUE_STRING, "a string", path);
    String symbol = from.getText();
    String known = schema.hasEnumSymbol(symbol) ? symbol : schema.getEnumDefault();
    if (known == null) {
      throw wrong(path, symbol, "is no symbol of " + schema.getName());
    }
    return model.createEnum(known, schema);
  }

  private static Instant instant(JsonParser from, String path) throws IOException {
    String text = scalar(from, "an instant", path);
    long millis = Instants.parse(text);
    if (millis == Instants.UNREADABLE) {
      throw wrong(path, text, "is no instant");
    }
    return Instant.ofEpochMilli(millis);
  }

  private static int integer(JsonParser from, String path) throws IOException {
    long value = whole(from, path);
    if (value != (int) value) {
      throw wrong(path, Long.toString(value), "is out of range");
    }
    return (int) value;
  }

  private static long whole(JsonParser from, String path) throws IOException {
    String text = scalar(from, "a whole number", path);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw wrong(path, text, "is no whole number");
    }
  }

  private static double decimal(JsonParser from, String path) throws IOException {
    String text = scalar(from, "a number", path);
    try {
      double value = text.length() > MAX_NUMBER_LENGTH ? Double.NaN : Double.parseDouble(text);
      if (!Double.isNaN(value) && !Double.isInfinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below, like every other text that is no number
    }
    throw wrong(path, text, "is no number");
  }

  private static boolean truth(JsonParser from, String path) throws IOException {
    String text = scalar(from, "true or false", path);
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return text.equalsIgnoreCase("true");
    }
    throw wrong(path, text, "is neither true nor false");
  }

  private static String text(JsonParser from, String path) throws IOException {
    return scalar(from, "a string", path);
  }

  private static String scalar(JsonParser from, String wanted, String path) throws IOException {
    JsonToken token = from.currentToken();
    if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
      throw new RecordFormatException(path + ": " + shown(from) + " where " + wanted + " belongs");
    }
    return from.getText();
  }

  private static void require(JsonParser from, JsonToken token, String wanted, String path)
      throws IOException {
    if (from.currentToken() != token) {
      throw new RecordFormatException(path + ": " + shown(from) + " where " + wanted + " belongs");
    }
  }

  private static String shown(JsonParser from) throws IOException {
    return switch (from.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NULL -> "null";
      default -> TEXTS.quote(from.getText());
    };
  }

  private static RecordFormatException wrong(String path, String value, String why) {
    return new RecordFormatException(path + ": " + TEXTS.quote(value) + ' ' + why);
  }
}
