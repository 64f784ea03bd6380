package io.mendline.topology;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * References to secrets within values: <code>${file:PATH}</code> stands for what the file holds,
 * without blanks around it, and <code>${env:NAME}</code> for an environment variable. What they
 * stand for is not looked at again.
 */
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z]+):([^}]*)}");

  /** Larger than any credential; guards against a path that names something else. */
  private static final long MOST_BYTES = 1 << 20;

  private final Map<String, String> environment;

  References(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * A value with its references resolved.
   *
   * @throws IllegalArgumentException when one leads nowhere; the message says which, and completes
   *     a sentence about the value
   */
  Given resolve(String text, String origin) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    boolean secret = false;
    while (matcher.find()) {
      secret = true;
      matcher.appendReplacement(
          resolved, Matcher.quoteReplacement(value(matcher.group(1), matcher.group(2))));
    }
    matcher.appendTail(resolved);
    return new Given(resolved.toString().trim(), origin, secret);
  }

  private String value(String kind, String name) {
    return switch (kind) {
      case "file" -> file(name);
      case "env" -> variable(name);
      default ->
          throw new IllegalArgumentException(
              "refers to ${" + kind + ":...}; write ${file:PATH} or ${env:NAME}");
    };
  }

  private String variable(String name) {
    String value = environment.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "refers to the environment variable " + name + ", which is not set; set it");
    }
    return value;
  }

  private static String file(String name) {
    try {
      Path path = Path.of(name);
      if (Files.size(path) > MOST_BYTES) {
        throw new IllegalArgumentException(
            "refers to the file " + name + ", which is larger than any secret; name another");
      }
      return Files.readString(path, StandardCharsets.UTF_8).trim();
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          "refers to the file "
              + name
              + ", which cannot be read ("
              + e.getClass().getSimpleName()
              + "); check that it is there, readable and text",
          e);
    }
  }
}
