package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/** Writes JSON values to memory, which cannot fail. */
final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int MILLIS_A_DAY = 86_400_000;

  private Json() {}

  /** The value as UTF-8; {@code buffer} is emptied first. */
  static byte[] bytes(ByteArrayOutputStream buffer, Telling.Body body) {
    buffer.reset();
    try (JsonGenerator json = FACTORY.createGenerator(buffer)) {
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.toByteArray();
  }

  /** The value as text, for JSON in a string. */
  static String text(Telling.Body body) throws IOException {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      body.write(json);
    }
    return text.toString();
  }

  /** A field that is an object, or the same as JSON in a string. */
  static void object(JsonGenerator json, String name, boolean inString, Telling.Body body)
      throws IOException {
    json.writeFieldName(name);
    if (inString) {
      json.writeString(text(body));
    } else {
      body.write(json);
    }
  }

  /**
   * ISO-8601 in UTC, with milliseconds. By hand, because each record holds several: {@link
   * java.time.Instant#toString()} took a sixth of the time of a message.
   */
  static String time(long millis) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(millis, MILLIS_A_DAY));
    int rest = Math.floorMod(millis, MILLIS_A_DAY);
    byte[] text = "0000-00-00T00:00:00.000Z".getBytes(StandardCharsets.ISO_8859_1);
    digits(text, 4, date.getYear());
    digits(text, 7, date.getMonthValue());
    digits(text, 10, date.getDayOfMonth());
    digits(text, 13, rest / 3_600_000);
    digits(text, 16, rest / 60_000 % 60);
    digits(text, 19, rest / 1_000 % 60);
    digits(text, 23, rest % 1_000);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Writes a number so that it ends before {@code end}, over zeros. */
  private static void digits(byte[] text, int end, int number) {
    int left = number;
    for (int at = end - 1; left > 0; at--) {
      text[at] = (byte) ('0' + left % 10);
      left /= 10;
    }
  }
}
