package io.mendline.serdes.avro;

import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.RecordFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/**
 * Avro's single-object encoding: the marker {@code C3 01}, eight bytes of fingerprint of the
 * writer's schema (CRC-64-AVRO of its parsing canonical form, little-endian), and the record in
 * binary.
 *
 * <p>Reading resolves the writer's schema with the reader's, so records of older contracts come out
 * as records of this one, with defaults for what they lack; the schemas of those contracts have to
 * be named when the format is made, since the bytes carry only a fingerprint. The message is read
 * from its array rather than as a stream, because only then does Avro compare a size with what is
 * left before it takes memory for it.
 *
 * @param <T> the type of record
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#single-object-encoding">Avro
 *     specification, single-object encoding</a>
 */
public final class AvroSingleObject<T extends SpecificRecord> implements RecordFormat<T> {
  private static final int HEADER = 10;
  private static final int FINGERPRINT = 2;
  private static final byte MARKER_FIRST = (byte) 0xC3;
  private static final byte MARKER_SECOND = 0x01;

  private final String name;
  private final BinaryMessageEncoder<T> encoder;
  private final Map<Long, DatumReader<T>> readerByFingerprint;

  /**
   * The format of one type of record.
   *
   * @param type the generated class
   * @param olderWriters schemas of the same record in earlier contracts
   */
  public AvroSingleObject(Class<T> type, Schema... olderWriters) {
    SpecificData model = SpecificData.getForClass(type);
    Schema schema = model.getSchema(type);
    this.name = schema.getName();
    this.encoder = new BinaryMessageEncoder<>(model, schema);
    this.readerByFingerprint = readers(model, schema, olderWriters);
  }

  private static <T> Map<Long, DatumReader<T>> readers(
      SpecificData model, Schema schema, Schema... olderWriters) {
    Map<Long, DatumReader<T>> readers = new HashMap<>();
    for (Schema writer : olderWriters) {
      readers.put(SchemaNormalization.parsingFingerprint64(writer), reader(model, writer, schema));
    }
    readers.put(SchemaNormalization.parsingFingerprint64(schema), reader(model, schema, schema));
    return Map.copyOf(readers);
  }

  @SuppressWarnings("unchecked") // the model of T's class makes records of T's class
  private static <T> DatumReader<T> reader(SpecificData model, Schema writer, Schema schema) {
    return (DatumReader<T>) model.createDatumReader(writer, schema);
  }

  @Override
  public byte[] write(T value) {
    try {
      ByteBuffer encoded = encoder.encode(value);
      byte[] data = new byte[encoded.remaining()];
      encoded.get(data);
      return data;
    } catch (IOException | AvroRuntimeException | ClassCastException | NullPointerException e) {
      // Avro reports a missing field as a NullPointerException that names the field.
      throw new RecordFormatException(name + " cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public T read(byte[] data) {
    if (data.length < HEADER || data[0] != MARKER_FIRST || data[1] != MARKER_SECOND) {
      throw new RecordFormatException("not an Avro single object: no C3 01 header");
    }
    long fingerprint = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getLong(FINGERPRINT);
    DatumReader<T> reader = readerByFingerprint.get(fingerprint);
    if (reader == null) {
      throw new RecordFormatException(
          "%s written with schema of fingerprint %016x, which is not known here"
              .formatted(name, fingerprint));
    }
    try {
      BinaryDecoder decoder =
          DecoderFactory.get().binaryDecoder(data, HEADER, data.length - HEADER, null);
      T value = reader.read(null, decoder);
      if (!decoder.isEnd()) {
        throw new RecordFormatException(name + " is followed by bytes that are no part of it");
      }
      return value;
    } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
      throw new RecordFormatException(name + " cannot be read: the bytes are cut or damaged", e);
    }
  }
}
