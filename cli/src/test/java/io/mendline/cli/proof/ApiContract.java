package io.mendline.cli.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** The contract as an instance serves it, to hold its answers against. */
final class ApiContract {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final JsonNode contract;

  ApiContract(JsonNode contract) {
    this.contract = contract;
  }

  /** What is wrong with a JSON answer by the contract; empty when nothing is. */
  List<String> violations(String method, String path, int status, JsonNode answer) {
    JsonNode response =
        resolved(
            contract.path("paths").path(path).path(method).path("responses").path("" + status));
    if (response.isMissingNode()) {
      return List.of(method + " " + path + " never answers " + status);
    }
    String type =
        status < 300 || path.startsWith("/health")
            ? "application/json"
            : "application/problem+json";
    JsonNode schema = response.path("content").path(type).path("schema");
    if (schema.isMissingNode()) {
      return List.of(method + " " + path + " answers " + status + " without " + type);
    }
    ObjectNode root = new ObjectMapper().createObjectNode();
    root.set("components", contract.path("components"));
    root.setAll((ObjectNode) schema);
    Schema checked = SCHEMAS.getSchema(root);
    return checked.validate(answer).stream().map(Object::toString).toList();
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? contract.at(node.path("$ref").asText().substring(1)) : node;
  }
}
