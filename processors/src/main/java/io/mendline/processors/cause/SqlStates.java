package io.mendline.processors.cause;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * What the SQLSTATEs that Spark publishes mean, in its words: {@code error-states.json} for single
 * states, {@code error-classes.json} for their classes, which are the first two characters. Read
 * when first asked for, because few messages are known by their SQLSTATE alone.
 */
final class SqlStates {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int CLASS_LENGTH = 2;

  private SqlStates() {}

  private static final class Holder {
    static final Map<String, String> MEANINGS = read();

    private static Map<String, String> read() {
      Map<String, String> meanings = new HashMap<>();
      for (String file : new String[] {"error-states.json", "error-classes.json"}) {
        String path = "published/spark/error/" + file;
        try (InputStream in = SqlStates.class.getResourceAsStream(path)) {
          if (in == null) {
            throw new CatalogueException(
                path + ": is not on the class path; the build takes it from Spark's jar");
          }
          try (JsonParser parser = JSON.createParser(in)) {
            read(parser, meanings);
          }
        } catch (IOException e) {
          throw new CatalogueException(path + ": cannot be read: " + e.getMessage(), e);
        }
      }
      return Map.copyOf(meanings);
    }

    private static void read(JsonParser parser, Map<String, String> meanings) throws IOException {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String state = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
          meanings.put(state, parser.getText());
          continue;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String field = parser.currentName();
          parser.nextToken();
          if (field.equals("description")) {
            meanings.put(state, parser.getText());
          } else {
            parser.skipChildren();
          }
        }
      }
    }
  }

  /** Of the state, else of its class; null if neither is published. */
  static String meaning(String state) {
    String own = Holder.MEANINGS.get(state);
    return own != null ? own : Holder.MEANINGS.get(state.substring(0, CLASS_LENGTH));
  }

  /** What is published, by state or class. */
  static Map<String, String> all() {
    return Holder.MEANINGS;
  }
}
