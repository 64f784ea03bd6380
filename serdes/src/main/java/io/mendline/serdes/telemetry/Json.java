package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mendline.serdes.json.JsonStreams;
import io.mendline.serdes.text.Instants;
import java.io.IOException;

/**
 * Reads JSON values of drifting types from a stream: each method is called with the parser on the
 * first token of a value and leaves it on the last.
 */
final class Json {
  /** What {@link #wholeNumber} returns for a value that is there but is no whole number. */
  static final long UNREADABLE = Long.MIN_VALUE;

  private static final int LONG_DIGITS = 19;

  private Json() {}

  /** Takes the fields of an object as they stream by. */
  @FunctionalInterface
  interface Fields {
    /** Called with the parser on the value; has to leave it on the value's last token. */
    void field(String name, JsonParser value) throws IOException;
  }

  /** How the reading of an object that may be JSON in a string went. */
  enum Nested {
    /** It was an object and has been read. */
    READ,
    /**
     * It was JSON in a string that breaks off or is malformed; what stands before has been read.
     */
    BROKEN,
    /** It was no object. */
    NO_OBJECT
  }

  /** Text as it is, a number or boolean as written; null for null, blank, an object or an array. */
  static String text(JsonParser value) throws IOException {
    JsonToken token = value.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      String text = value.getText().strip();
      return text.isEmpty() ? null : text;
    }
    if (token.isStructStart()) {
      value.skipChildren();
      return null;
    }
    return token == JsonToken.VALUE_NULL ? null : value.getText();
  }

  /** An id: as {@link #text}, but a whole number keeps no decimal point. */
  static String id(JsonParser value) throws IOException {
    String text = text(value);
    return text != null && text.endsWith(".0") && value.currentToken().isNumeric()
        ? text.substring(0, text.length() - 2)
        : text;
  }

  /** What an error should quote of the current value: its text, or which structure it is. */
  static String shown(JsonParser value) throws IOException {
    return switch (value.currentToken()) {
      case START_OBJECT, END_OBJECT -> "{…}";
      case START_ARRAY, END_ARRAY -> "[…]";
      default -> value.getText();
    };
  }

  /**
   * A whole number, also as a string or with decimals that are zero.
   *
   * @return {@link TelemetryRecord#ABSENT} for null and blank, {@link #UNREADABLE} for anything
   *     else that is no whole number below 2⁶³
   */
  static long wholeNumber(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_NUMBER_INT && value.getTextLength() < LONG_DIGITS) {
      return value.getLongValue();
    }
    boolean structure = value.currentToken().isStructStart();
    String text = text(value);
    if (structure) {
      return UNREADABLE;
    }
    return text == null ? TelemetryRecord.ABSENT : wholeNumber(text);
  }

  /**
   * Epoch milliseconds of a string or number.
   *
   * @return {@link TelemetryRecord#ABSENT} for null and blank, {@link Instants#UNREADABLE} for
   *     anything else that is no instant; negative before 1970
   */
  static long instant(JsonParser value) throws IOException {
    if (value.currentToken() == JsonToken.VALUE_NUMBER_INT && value.getTextLength() < LONG_DIGITS) {
      return Instants.fromEpoch(value.getLongValue());
    }
    if (value.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      return value.getTextLength() > 2 * LONG_DIGITS
          ? Instants.UNREADABLE
          : Instants.fromEpoch(value.getDoubleValue());
    }
    boolean structure = value.currentToken().isStructStart();
    String text = text(value);
    if (structure) {
      return Instants.UNREADABLE;
    }
    return text == null ? TelemetryRecord.ABSENT : Instants.parse(text);
  }

  /**
   * The fields of an object, or of an object that is JSON in a string (in a string …).
   *
   * @throws IOException if the message itself is malformed; JSON in a string never throws
   */
  static Nested object(JsonParser value, Fields fields) throws IOException {
    if (value.currentToken() == JsonToken.START_OBJECT) {
      walk(value, fields);
      return Nested.READ;
    }
    if (value.currentToken() != JsonToken.VALUE_STRING) {
      value.skipChildren();
      return Nested.NO_OBJECT;
    }
    return inString(value.getText(), inner -> object(inner, fields));
  }

  /** What {@link #inString} does with the value in the string. */
  @FunctionalInterface
  interface Inner {
    Nested read(JsonParser value) throws IOException;
  }

  /**
   * Opens JSON in a string. Only a string that begins like an object, an array or another string is
   * opened at all, so a string in a string in a string ends when the quotes do.
   */
  static Nested inString(String text, Inner inner) {
    int start = 0;
    while (start < text.length() && text.charAt(start) <= ' ') {
      start++;
    }
    if (start == text.length() || "{[\"".indexOf(text.charAt(start)) < 0) {
      return Nested.NO_OBJECT;
    }
    try (JsonParser parser = JsonStreams.FACTORY.createParser(text)) {
      parser.nextToken();
      return inner.read(parser);
    } catch (JacksonException e) {
      return Nested.BROKEN;
    } catch (IOException e) {
      throw new AssertionError("a string cannot fail to be read", e);
    }
  }

  /** The fields of the object that the parser has just entered. */
  static void walk(JsonParser object, Fields fields) throws IOException {
    for (String name = object.nextFieldName(); name != null; name = object.nextFieldName()) {
      object.nextToken();
      fields.field(name, object);
    }
  }

  private static long wholeNumber(String text) {
    try {
      int point = text.indexOf('.');
      boolean plain = point < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
      if (plain && text.length() <= LONG_DIGITS + 1) {
        return Long.parseLong(text);
      }
      if (text.length() > 2 * LONG_DIGITS) {
        return UNREADABLE;
      }
      double number = Double.parseDouble(text);
      return number == Math.rint(number) && Math.abs(number) < 0x1p63 ? (long) number : UNREADABLE;
    } catch (NumberFormatException e) {
      return UNREADABLE;
    }
  }
}
