package io.mendline.serdes;

import org.apache.avro.specific.SpecificRecord;

/**
 * Reads either of two formats and tells them apart by their first bytes: {@code C3 01} begins
 * Avro's single-object encoding, an opening brace begins JSON, after a byte-order mark or blanks if
 * need be. For topics that people and programs write to alike: outcomes, approvals and operations.
 * Writes the first format.
 *
 * @param <T> the type of record
 */
public final class DetectingFormat<T extends SpecificRecord> implements RecordFormat<T> {
  private static final int AVRO_FIRST = 0xC3;
  private static final int AVRO_SECOND = 0x01;

  private final RecordFormat<T> avro;
  private final RecordFormat<T> json;

  /** A format that writes {@code avro} and reads that or {@code json}. */
  public DetectingFormat(RecordFormat<T> avro, RecordFormat<T> json) {
    this.avro = avro;
    this.json = json;
  }

  @Override
  public byte[] write(T value) {
    return avro.write(value);
  }

  @Override
  public T read(byte[] data) {
    if (data.length >= 2 && (data[0] & 0xFF) == AVRO_FIRST && (data[1] & 0xFF) == AVRO_SECOND) {
      return avro.read(data);
    }
    int start = firstOfText(data);
    if (start == data.length) {
      throw new RecordFormatException("the message is empty");
    }
    if (data[start] == '{') {
      return json.read(data);
    }
    throw new RecordFormatException(
        "neither Avro nor JSON: begins with byte 0x%02X".formatted(data[start] & 0xFF));
  }

  private static int firstOfText(byte[] data) {
    boolean mark =
        data.length >= 3
            && (data[0] & 0xFF) == 0xEF
            && (data[1] & 0xFF) == 0xBB
            && (data[2] & 0xFF) == 0xBF;
    int at = mark ? 3 : 0;
    while (at < data.length && (data[at] == ' ' || (data[at] >= '\t' && data[at] <= '\r'))) {
      at++;
    }
    return at;
  }
}
