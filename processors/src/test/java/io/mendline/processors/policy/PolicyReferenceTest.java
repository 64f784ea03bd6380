package io.mendline.processors.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mendline.schemas.Action;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Holds what {@code docs/configuration.md} says of policies against {@link Policy} and the built-in
 * policy: every key is there with its default, and no other.
 */
class PolicyReferenceTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("mendline.root"), "docs", "configuration.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| (?:`([^`]*)`)? ?\\|");

  /** The rules of actions, which have a table of their own. */
  private static final String ACTIONS = "actions.*.";

  @Test
  void every_key_is_documented_with_its_default() throws IOException {
    Map<String, String> expected = new TreeMap<>();
    collect("", Policy.class, builtIn(), expected);

    Map<String, String> documented = new TreeMap<>();
    Matcher row = ROW.matcher(between("<!-- policy: begin -->", "<!-- policy: end -->"));
    while (row.find()) {
      documented.put(row.group(1), row.group(2) == null ? "" : row.group(2));
    }

    assertThat(documented)
        .as("keys and defaults of the policy in docs/configuration.md")
        .isEqualTo(expected);
  }

  @Test
  void the_rules_of_every_action_are_documented() throws IOException {
    StringBuilder table =
        new StringBuilder(
            """

            | action | maxAttempts | backOff | capPerHour | expiresAfter | verifyWithin | risk | auto |
            |---|---|---|---|---|---|---|---|
            """);
    builtIn()
        .get("actions")
        .properties()
        .forEach(
            action -> {
              JsonNode rules = action.getValue();
              boolean auto = !Policy.alwaysNeedsApproval(Action.valueOf(action.getKey()));
              table.append(
                  "| `%s` | %s | %s | %s | %s | %s | %s | %s |\n"
                      .formatted(
                          action.getKey(),
                          text(rules.get("maxAttempts")),
                          text(rules.get("backOff")),
                          text(rules.get("capPerHour")),
                          text(rules.get("expiresAfter")),
                          text(rules.get("verifyWithin")),
                          text(rules.get("risk")),
                          auto ? "allowed" : "never"));
            });

    assertThat(between("<!-- actions: begin -->", "<!-- actions: end -->"))
        .as("the actions in docs/configuration.md; paste this between the marks:%s", table)
        .isEqualTo(table.toString());
  }

  /** Every key of a record, and of what its lists and maps hold, with the built-in value. */
  private static void collect(
      String prefix, Class<?> type, JsonNode values, Map<String, String> into) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + component.getName();
      JsonNode value = values == null ? null : values.get(component.getName());
      Class<?> held = held(component.getGenericType());
      if (component.getType().isRecord()) {
        collect(key + ".", component.getType(), value, into);
      } else if (held != null && held.isRecord()) {
        boolean map = Map.class.isAssignableFrom(component.getType());
        collect(key + (map ? ".*." : "[]."), held, null, into);
      } else {
        into.put(key, value == null || key.startsWith(ACTIONS) ? "" : text(value));
      }
    }
  }

  /** What a list holds, or a map under its keys; null for what is neither. */
  private static Class<?> held(Type type) {
    if (!(type instanceof ParameterizedType generic)) {
      return null;
    }
    Type[] arguments = generic.getActualTypeArguments();
    return arguments[arguments.length - 1] instanceof Class<?> held ? held : null;
  }

  private static String text(JsonNode value) {
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(", "))
        : value.asText();
  }

  private static JsonNode builtIn() throws IOException {
    try (InputStream in = Policies.class.getResourceAsStream("default-policy.yaml")) {
      return new ObjectMapper(new YAMLFactory()).readTree(in);
    }
  }

  private static String between(String begin, String end) throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(document).contains(begin, end);
    return document.substring(document.indexOf(begin) + begin.length(), document.indexOf(end));
  }
}
