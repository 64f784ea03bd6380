package io.mendline.topology;

import io.mendline.processors.pipeline.Source;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of the public topics, and of the one internal topic that is not made by Kafka Streams.
 *
 * @param inputs per source
 * @param findings for every revision of every finding
 * @param incidents compacted: the last version of each incident
 * @param alerts messages for people
 * @param audit what was done and why
 * @param commands for the executor
 * @param deadLetters what could not be read
 * @param policiesValid compacted and internal: checked policies, the source of the global table
 */
public record Topics(
    Map<Source, String> inputs,
    String findings,
    String incidents,
    String alerts,
    String audit,
    String commands,
    String deadLetters,
    String policiesValid) {

  /** The default names, each with a prefix before it; the prefix may be empty. */
  public static Topics withPrefix(String prefix, Map<Source, String> named) {
    Map<Source, String> inputs = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      inputs.put(source, prefix + named.getOrDefault(source, source.defaultTopic()));
    }
    return new Topics(
        Map.copyOf(inputs),
        prefix + "findings",
        prefix + "incidents",
        prefix + "alerts",
        prefix + "audit",
        prefix + "remediation.commands",
        prefix + "dead-letters",
        prefix + "policies-valid");
  }

  /** The source of each input topic, by the topic's name. */
  public Map<String, Source> sources() {
    Map<String, Source> sources = new LinkedHashMap<>();
    inputs.forEach((source, topic) -> sources.put(topic, source));
    return sources;
  }
}
