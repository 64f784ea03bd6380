package io.mendline.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.topology.PlannedTopic;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Prints a plan of topics for people, for programs, and for the Azure command line. */
public final class PlanPrinter {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String RETENTION = "retention.ms";

  private PlanPrinter() {}

  /** A table; where it says nothing the broker's default holds. */
  public static String markdown(List<PlannedTopic> plan) {
    StringBuilder table =
        new StringBuilder(
            """
            | topic | kind | partitions | cleanup | retention | segment | timestamps | largest message |
            |---|---|---|---|---|---|---|---|
            """);
    for (PlannedTopic topic : plan) {
      Map<String, String> configs = topic.configs();
      table.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %s | %d | %s | %s | %s | %s | %s |%n",
              topic.name(),
              topic.kind().label(),
              topic.partitions(),
              configs.get("cleanup.policy"),
              retention(configs.get(RETENTION)),
              configs.getOrDefault("segment.bytes", ""),
              configs.get("message.timestamp.type"),
              configs.getOrDefault("max.message.bytes", "")));
    }
    return table.toString();
  }

  private static String retention(String millis) {
    if (millis == null) {
      return "";
    }
    long value = Long.parseLong(millis);
    return value < 0 ? "for ever" : Duration.ofMillis(value).toHours() + " h";
  }

  /** An array of objects. */
  public static String json(List<PlannedTopic> plan) {
    ArrayNode topics = JSON.createArrayNode();
    for (PlannedTopic topic : plan) {
      ObjectNode node = topics.addObject();
      node.put("name", topic.name());
      node.put("kind", topic.kind().label());
      node.put("internal", topic.kind().isInternal());
      node.put("partitions", topic.partitions());
      node.put("replication", topic.replication());
      ObjectNode configs = node.putObject("configs");
      new TreeMap<>(topic.configs()).forEach(configs::put);
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(topics) + "\n";
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always JSON", e);
    }
  }

  /** A shell script: one command a hub. */
  public static String azure(List<PlannedTopic> plan) {
    StringBuilder script =
        new StringBuilder(
            """
            #!/bin/sh
            # Needs RESOURCE_GROUP and NAMESPACE. A cleanup policy cannot be changed later.
            set -eu
            """);
    for (PlannedTopic topic : plan) {
      Map<String, String> configs = topic.configs();
      boolean compact = "compact".equals(configs.get("cleanup.policy"));
      script.append(
          String.format(
              Locale.ROOT,
              "az eventhubs eventhub create --resource-group \"$RESOURCE_GROUP\" --namespace-name"
                  + " \"$NAMESPACE\" --name %s --partition-count %d --cleanup-policy %s%s"
                  + " --timestamp-type Create%n",
              topic.name(),
              topic.partitions(),
              compact ? "Compact" : "Delete",
              compact || !configs.containsKey(RETENTION) || configs.get(RETENTION).startsWith("-")
                  ? ""
                  : " --retention-time-in-hours "
                      + Duration.ofMillis(Long.parseLong(configs.get(RETENTION))).toHours()));
    }
    return script.toString();
  }
}
