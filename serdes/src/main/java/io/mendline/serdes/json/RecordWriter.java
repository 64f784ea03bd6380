package io.mendline.serdes.json;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.serdes.RecordFormatException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/** Writes one record along its schema. */
final class RecordWriter {
  private final JsonGenerator to;

  RecordWriter(JsonGenerator to) {
    this.to = to;
  }

  void record(SpecificRecord value, Schema schema, String path) throws IOException {
    to.writeStartObject(value);
    for (Schema.Field field : schema.getFields()) {
      to.writeFieldName(field.name());
      value(value.get(field.pos()), field.schema(), Paths.child(path, field.name()));
    }
    to.writeEndObject();
  }

  private void value(Object value, Schema schema, String path) throws IOException {
    if (value == null) {
      if (!schema.isNullable()) {
        throw new RecordFormatException(path + ": missing");
      }
      to.writeNull();
      return;
    }
    Schema given = Paths.withoutNull(schema);
    switch (given.getType()) {
      case RECORD -> record((SpecificRecord) value, given, path);
      case ARRAY -> array((Collection<?>) value, given.getElementType(), path);
      case MAP -> map((Map<?, ?>) value, given.getValueType(), path);
      case DOUBLE, FLOAT -> decimal(((Number) value).doubleValue(), path);
      case INT, LONG -> whole(value);
      case BOOLEAN -> to.writeBoolean((Boolean) value);
      default -> to.writeString(value.toString());
    }
  }

  private void whole(Object value) throws IOException {
    if (value instanceof Instant instant) {
      to.writeString(instant.truncatedTo(ChronoUnit.MILLIS).toString());
    } else {
      to.writeNumber(((Number) value).longValue());
    }
  }

  private void decimal(double value, String path) throws IOException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new RecordFormatException(path + ": " + value + " cannot be written as JSON");
    }
    to.writeNumber(value);
  }

  private void array(Collection<?> values, Schema element, String path) throws IOException {
    to.writeStartArray();
    int index = 0;
    for (Object value : values) {
      value(value, element, Paths.element(path, index++));
    }
    to.writeEndArray();
  }

  private void map(Map<?, ?> values, Schema element, String path) throws IOException {
    Map<String, Object> sorted = new TreeMap<>();
    values.forEach((key, value) -> sorted.put(key.toString(), value));
    to.writeStartObject();
    for (Map.Entry<String, Object> entry : sorted.entrySet()) {
      to.writeFieldName(entry.getKey());
      value(entry.getValue(), element, Paths.child(path, entry.getKey()));
    }
    to.writeEndObject();
  }
}
