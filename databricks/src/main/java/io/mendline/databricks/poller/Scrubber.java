package io.mendline.databricks.poller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mendline.serdes.text.Redactor;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what the API gives, before it leaves the process: people put them into
 * parameters and environment variables. Every text is redacted, and what stands under the name of a
 * secret is masked whole.
 */
final class Scrubber {
  private static final Pattern NAME_OF_A_SECRET =
      Pattern.compile(
          "passwo?r?d|secret|token|credential|private.?key|api.?key|account.?key|access.?key",
          Pattern.CASE_INSENSITIVE);

  private Scrubber() {}

  /** Changes the object. */
  static void scrub(ObjectNode object) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      if (value.isTextual()) {
        field.setValue(
            NAME_OF_A_SECRET.matcher(field.getKey()).find()
                ? TextNode.valueOf(Redactor.MASK)
                : redacted(value));
      } else {
        within(value);
      }
    }
  }

  private static void within(JsonNode value) {
    if (value instanceof ObjectNode object) {
      scrub(object);
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        JsonNode element = array.get(i);
        if (element.isTextual()) {
          array.set(i, redacted(element));
        } else {
          within(element);
        }
      }
    }
  }

  private static JsonNode redacted(JsonNode text) {
    String before = text.textValue();
    String after = Redactor.standard().redact(before);
    return after.equals(before) ? text : TextNode.valueOf(after);
  }
}
