package io.mendline.cli.deadletters;

import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Option;

/** Which letters are meant. */
final class LetterFilter {
  @Option(names = "--config", paramLabel = "FILE", description = "A configuration file.")
  private Path config;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "Only of this stage: decode, time, size, route, policy, process or produce.")
  private String stage;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Only what came from this topic, by its full name.")
  private String topic;

  @Option(
      names = "--since",
      paramLabel = "INSTANT",
      description = "Only messages of this time or later, as 2026-06-12T08:00:00Z.")
  private Instant since;

  @Option(
      names = "--until",
      paramLabel = "INSTANT",
      description = "Only messages before this time.")
  private Instant until;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many, the oldest first (default: all).")
  private int limit = Integer.MAX_VALUE;

  Path config() {
    return config;
  }

  int limit() {
    return limit;
  }

  boolean takes(Letter letter) {
    return (stage == null || stage.equalsIgnoreCase(letter.stage()))
        && (topic == null || topic.equals(letter.topic()))
        && (since == null || !letter.time().isBefore(since))
        && (until == null || letter.time().isBefore(until));
  }
}
