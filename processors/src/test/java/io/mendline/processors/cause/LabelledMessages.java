package io.mendline.processors.cause;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.mendline.schemas.Transience;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The labelled set of {@code messages.yaml}, and its two halves. */
final class LabelledMessages {
  /** One message and what a person would file it under. */
  record Labelled(String message, Category category, Transience transience, boolean heldOut) {}

  private LabelledMessages() {}

  static List<Labelled> read() {
    try (InputStream in = LabelledMessages.class.getResourceAsStream("messages.yaml")) {
      List<Labelled> all = new ArrayList<>();
      for (JsonNode node : new YAMLMapper().readTree(in)) {
        String message = node.get("message").asText();
        all.add(
            new Labelled(
                message,
                Category.valueOf(upper(node, "category")),
                Transience.valueOf(upper(node, "transience")),
                isHeldOut(message)));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String upper(JsonNode node, String field) {
    return node.get(field).asText().toUpperCase(Locale.ROOT);
  }

  private static boolean isHeldOut(String message) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(message.getBytes(StandardCharsets.UTF_8));
      return (hash[0] & 1) == 1;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
