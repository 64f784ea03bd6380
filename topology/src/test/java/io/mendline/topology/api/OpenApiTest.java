package io.mendline.topology.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mendline.processors.pipeline.Clock;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.schemas.Operation;
import io.mendline.topology.health.Health;
import io.mendline.topology.metrics.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * docs/openapi.yaml is the contract: what is answered to is in it, and what is in it is answered
 * to.
 */
class OpenApiTest {
  private static final JsonNode CONTRACT = OpenApi.document();

  @Test
  void every_address_of_the_contract_has_a_handler_and_every_handler_an_address()
      throws IOException {
    Set<String> documented = new TreeSet<>();
    CONTRACT
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    Set<String> handled = new TreeSet<>();
    try (Metrics metrics = new Metrics(Clock.WALL, () -> 0, Map.of());
        ApiServer server = ApiServer.start("127.0.0.1", 0, new Health(0), metrics)) {
      server.endpoints().stream()
          // Instances ask each other there; not for others.
          .filter(endpoint -> !endpoint.contains(Peers.PATH))
          .map(endpoint -> endpoint.replace("<id>", "{id}"))
          .forEach(handled::add);
    }
    assertThat(documented).isNotEmpty().isEqualTo(handled);
  }

  @Test
  void every_reference_leads_somewhere() {
    List<String> lost = new ArrayList<>();
    for (JsonNode reference : CONTRACT.findValues("$ref")) {
      if (CONTRACT.at(reference.asText().substring(1)).isMissingNode()) {
        lost.add(reference.asText());
      }
    }
    assertThat(CONTRACT.findValues("$ref")).isNotEmpty();
    assertThat(lost).isEmpty();
  }

  @Test
  void records_have_the_fields_and_symbols_of_the_contract_of_topics() {
    Map<String, Schema> named = new TreeMap<>();
    for (Schema each :
        List.of(
            Finding.SCHEMA$,
            Incident.SCHEMA$,
            Command.SCHEMA$,
            Approval.SCHEMA$,
            Operation.SCHEMA$)) {
      collect(each, named);
    }
    JsonNode components = CONTRACT.path("components").path("schemas");
    named.forEach(
        (name, schema) -> {
          JsonNode component = components.path(name);
          if (schema.getType() == Schema.Type.ENUM) {
            assertThat(texts(component.path("enum")))
                .as(name)
                .containsExactlyElementsOf(schema.getEnumSymbols());
          } else {
            List<String> fields = schema.getFields().stream().map(Schema.Field::name).toList();
            assertThat(texts(component.path("required"))).as(name).isEqualTo(fields);
            List<String> properties = new ArrayList<>();
            component.path("properties").fieldNames().forEachRemaining(properties::add);
            assertThat(properties).as(name).isEqualTo(fields);
          }
        });
    assertThat(named).hasSizeGreaterThan(15);
  }

  private static void collect(Schema schema, Map<String, Schema> named) {
    switch (schema.getType()) {
      case RECORD -> {
        if (named.put(schema.getName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), named));
        }
      }
      case ENUM -> named.put(schema.getName(), schema);
      case ARRAY -> collect(schema.getElementType(), named);
      case MAP -> collect(schema.getValueType(), named);
      case UNION -> schema.getTypes().forEach(type -> collect(type, named));
      default -> {
        // Nothing with a name.
      }
    }
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
