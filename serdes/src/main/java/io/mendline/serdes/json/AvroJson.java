package io.mendline.serdes.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.RecordFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Records of the contract as plain JSON: the contract's field names in the contract's order,
 * instants as {@link java.time.Instant#toString} writes them, null for what is absent, keys of maps
 * sorted. The same record always gives the same bytes. Unlike Avro's own JSON encoding it does not
 * wrap the values of unions, so people and other programs can write it.
 *
 * <p>Reading is tolerant where that is safe: unknown fields are skipped, what is optional may be
 * missing, an enum symbol that is not known becomes {@code UNKNOWN}, numbers and booleans may come
 * as strings, instants in any form that {@link io.mendline.serdes.text.Instants} reads. What is
 * required and missing, or of a type that cannot be meant, is an error that names the field.
 *
 * <p>Cost: one pass along the schema in either direction; fields are reached by position, nothing
 * by reflection but the making of an empty record, whose constructor Avro caches.
 *
 * @param <T> the type of record
 */
public final class AvroJson<T extends SpecificRecord> implements RecordFormat<T> {
  private final Class<T> type;
  private final Schema schema;
  private final RecordReader reader;

  /**
   * The format of one type of record.
   *
   * @param type the generated class
   */
  public AvroJson(Class<T> type) {
    SpecificData model = SpecificData.getForClass(type);
    this.type = type;
    this.schema = model.getSchema(type);
    this.reader = new RecordReader(model);
  }

  @Override
  public byte[] write(T value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
    try (JsonGenerator generator = JsonStreams.FACTORY.createGenerator(bytes)) {
      new RecordWriter(generator).record(value, schema, "");
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  @Override
  public T read(byte[] data) {
    try (JsonParser parser = JsonStreams.FACTORY.createParser(data)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RecordFormatException(schema.getName() + " is no JSON object");
      }
      T value = type.cast(reader.record(parser, schema, ""));
      if (parser.nextToken() != null) {
        throw new RecordFormatException(schema.getName() + " is followed by more JSON");
      }
      return value;
    } catch (JacksonException e) {
      throw malformed(e);
    } catch (IOException e) {
      throw new RecordFormatException(schema.getName() + " is not in a UTF encoding", e);
    }
  }

  /** Without the parser's words, which quote the input. */
  private RecordFormatException malformed(JacksonException e) {
    long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
    String where = at < 0 ? "" : " at byte " + at;
    return new RecordFormatException(schema.getName() + " is malformed JSON" + where);
  }
}
