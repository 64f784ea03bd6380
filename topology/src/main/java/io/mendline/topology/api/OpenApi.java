package io.mendline.topology.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The contract of the API: {@code docs/openapi.yaml}, as JSON. */
final class OpenApi {
  private static final JsonNode DOCUMENT = read();

  private OpenApi() {}

  static JsonNode document() {
    return DOCUMENT;
  }

  private static JsonNode read() {
    try (InputStream yaml = OpenApi.class.getResourceAsStream("openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException("the contract of the API cannot be read", e);
    }
  }
}
