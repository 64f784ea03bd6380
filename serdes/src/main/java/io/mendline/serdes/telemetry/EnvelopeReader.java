package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.mendline.serdes.json.JsonStreams;
import io.mendline.serdes.text.FreeText;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Finds the records of a message, bare or in an envelope, and hands their fields to {@link
 * RecordFields} in one pass. An object is an envelope if it has an array or object under one of the
 * wrapper names; its other fields are then of no further interest.
 */
final class EnvelopeReader implements TelemetryDecoder {
  private static final int MAX_ENVELOPES = 4;

  /** The names under which records may be wrapped. */
  enum Wrapper {
    /** Azure Monitor. */
    RECORDS("records"),
    /** A page of the Jobs API's list of runs. */
    RUNS("runs"),
    /** A page of the Pipelines API's list of events. */
    EVENTS("events"),
    /** OpenTelemetry's export of metrics. */
    RESOURCE_METRICS("resourceMetrics");

    private static final Spellings<Wrapper> NAMES =
        Spellings.of(Wrapper.class, wrapper -> wrapper.name);

    private final String name;

    Wrapper(String name) {
      this.name = name;
    }
  }

  private final Supplier<? extends RecordFields> shape;
  private final Set<Wrapper> wrappers;
  private final FreeText texts;

  /**
   * @param shape gives a fresh collector for each record
   * @param wrappers the names that make an object an envelope
   * @param texts quotes values in reasons
   */
  EnvelopeReader(Supplier<? extends RecordFields> shape, Set<Wrapper> wrappers, FreeText texts) {
    this.shape = shape;
    this.wrappers = wrappers;
    this.texts = texts;
  }

  @Override
  public void decode(byte[] message, DecodedSink sink) {
    if (message == null || message.length == 0) {
      sink.unreadable("the message is empty");
      return;
    }
    if (otherEncoding(message)) {
      sink.unreadable("the message is not UTF-8 but UTF-16 or UTF-32");
      return;
    }
    try (JsonParser parser = JsonStreams.FACTORY.createParser(message)) {
      read(parser, sink);
    } catch (IOException e) {
      sink.unreadable(reason(e, -1)); // not even its encoding could be told
    }
  }

  private void read(JsonParser parser, DecodedSink sink) {
    try {
      new Pass(sink).all(parser);
    } catch (IOException e) {
      sink.unreadable(reason(e, parser.currentLocation().getByteOffset()));
    }
  }

  private boolean isWrapper(String name) {
    Wrapper wrapper = Wrapper.NAMES.find(name);
    return wrapper != null && wrappers.contains(wrapper);
  }

  /** JSON begins with an ASCII character, so in UTF-8 neither of its first two bytes is zero. */
  private static boolean otherEncoding(byte[] message) {
    if (message.length < 2) {
      return false;
    }
    int first = message[0] & 0xFF;
    int second = message[1] & 0xFF;
    boolean mark = (first == 0xFE && second == 0xFF) || (first == 0xFF && second == 0xFE);
    return mark || first == 0 || second == 0;
  }

  /** Says what is wrong and where, and quotes nothing: the text around may hold anything. */
  private static String reason(IOException e, long reached) {
    long at = reached;
    if (e instanceof JacksonException json && json.getLocation() != null) {
      at = json.getLocation().getByteOffset();
    }
    String where = at < 0 ? "" : " at byte " + at;
    String said = e.getMessage() == null ? "" : e.getMessage();
    if (e instanceof StreamConstraintsException) {
      return "the JSON is nested deeper than " + JsonStreams.MAX_NESTING + " levels" + where;
    }
    if (e instanceof JsonEOFException || said.startsWith("Unexpected end-of-input")) {
      return "the JSON ends in the middle of a value" + where;
    }
    return said.startsWith("Invalid UTF-8")
        ? "the message is not UTF-8" + where
        : "malformed JSON" + where;
  }

  /** One message: counts the records and tells the sink. */
  private final class Pass {
    private final DecodedSink sink;
    private int index;

    Pass(DecodedSink sink) {
      this.sink = sink;
    }

    void all(JsonParser parser) throws IOException {
      if (parser.nextToken() == null) {
        sink.unreadable("the message is blank");
        return;
      }
      do {
        element(parser, MAX_ENVELOPES);
      } while (parser.nextToken() != null);
    }

    private Json.Nested element(JsonParser value, int envelopesLeft) throws IOException {
      switch (value.currentToken()) {
        case START_OBJECT -> object(value, envelopesLeft);
        case START_ARRAY -> {
          if (envelopesLeft == 0) {
            sink.bad(index++, "record: an envelope in too many envelopes");
            value.skipChildren();
          } else {
            elements(value, envelopesLeft - 1);
          }
        }
        case VALUE_STRING -> string(value.getText(), envelopesLeft);
        default -> sink.bad(index++, "record: " + texts.quote(value.getText()) + " is no object");
      }
      return Json.Nested.READ;
    }

    private void string(String text, int envelopesLeft) {
      Json.Nested read =
          envelopesLeft == 0
              ? Json.Nested.NO_OBJECT
              : Json.inString(text, inner -> element(inner, envelopesLeft - 1));
      if (read == Json.Nested.NO_OBJECT) {
        sink.bad(index++, "record: " + texts.quote(text) + " is no object");
      } else if (read == Json.Nested.BROKEN) {
        sink.bad(index++, "record: malformed JSON in a string, " + texts.quote(text));
      }
    }

    private void elements(JsonParser array, int envelopesLeft) throws IOException {
      while (array.nextToken() != JsonToken.END_ARRAY) {
        element(array, envelopesLeft);
      }
    }

    private void object(JsonParser object, int envelopesLeft) throws IOException {
      RecordFields fields = shape.get();
      boolean envelope = false;
      for (String name = object.nextFieldName(); name != null; name = object.nextFieldName()) {
        JsonToken token = object.nextToken();
        if (token.isStructStart() && envelopesLeft > 0 && isWrapper(name)) {
          envelope = true;
          element(object, envelopesLeft - 1);
        } else {
          fields.field(name, object);
        }
      }
      if (!envelope) {
        fields.finish(index++, sink);
      }
    }
  }
}
