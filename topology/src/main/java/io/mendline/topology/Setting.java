package io.mendline.topology;

import io.mendline.processors.pipeline.Source;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One setting: its key, its default, what it means, and how its text is read. {@code
 * docs/configuration.md} is checked against this.
 *
 * @param key as in the configuration file
 * @param defaultText the default as one would write it
 * @param meaning in one line
 * @param values what it may be, for people
 * @param parse reads a text; an {@link IllegalArgumentException} says what is wrong with it
 */
record Setting<T>(
    String key, String defaultText, String meaning, String values, Function<String, T> parse) {

  /** A topic's name may have so many characters. */
  static final int TOPIC_NAME_LENGTH = 249;

  /** Leaves room for the longest name of an internal topic behind it. */
  private static final int APPLICATION_ID_LENGTH = 200;

  /** Presence is kept for eight days and changes for nine: what is later has nothing to go by. */
  private static final Duration LONGEST_LATENESS = Duration.ofDays(7);

  static final Setting<Profile> PROFILE =
      choice(
          "profile",
          "kafka",
          "What kind of broker it runs against; changes defaults, see below.",
          List.of("kafka", "event-hubs"),
          Profile::ofLabel);
  static final Setting<String> APPLICATION_ID =
      name(
          "application.id",
          "mendline",
          1,
          APPLICATION_ID_LENGTH,
          "Names the application: its consumer group, internal topics and state are called after it.");
  static final Setting<Boolean> EVENT_HUBS_TRANSACTIONS =
      choice(
          "event-hubs.transactions",
          "false",
          "That exactly-once was tried on this namespace, and may be set on Event Hubs.",
          List.of("true", "false"),
          Boolean::valueOf);
  static final Setting<Integer> STANDBY_REPLICAS =
      number(
          "standby.replicas",
          "1",
          0,
          10,
          "Copies of the state on other instances, so that a failover need not read the changelogs from the beginning; needs as many more instances.");
  static final Setting<String> TOPICS_PREFIX =
      name("topics.prefix", "", 0, 200, "Put before the name of every public topic.");
  static final Setting<Boolean> TOPICS_CREATE =
      choice(
          "topics.create",
          "true",
          "Whether to create public topics that are missing at start.",
          List.of("true", "false"),
          Boolean::valueOf);
  static final Setting<Integer> TOPICS_PARTITIONS =
      number(
          "topics.partitions",
          "8",
          1,
          1_000,
          "Partitions of telemetry topics that are created at start.");
  static final Setting<Integer> TOPICS_REPLICATION =
      number(
          "topics.replication",
          "-1",
          -1,
          10,
          "Replication factor of topics that are created at start; -1 takes the broker's default.");
  static final Setting<Integer> PARTITIONS =
      number(
          "partitions",
          "8",
          1,
          1_000,
          "Partitions of the engine. Fixed for the life of an application id.");
  static final Setting<Boolean> EXACTLY_ONCE =
      choice(
          "processing.guarantee",
          "exactly-once",
          "On Event Hubs at-least-once; the set of ids is the same.",
          List.of("exactly-once", "at-least-once"),
          "exactly-once"::equals);
  static final Setting<Boolean> INPUT_CLOCK =
      choice(
          "clock",
          "wall",
          "What the time is taken to be; input is the highest event time seen, to run history as it ran.",
          List.of("wall", "input"),
          "input"::equals);
  static final Setting<Boolean> IN_MEMORY =
      choice(
          "stores",
          "rocksdb",
          "Where state is kept; it is replicated either way.",
          List.of("rocksdb", "memory"),
          "memory"::equals);
  static final Setting<String> STATE_DIR =
      path("state.dir", "state", "The folder that RocksDB keeps state in.");
  static final Setting<Integer> ROCKSDB_MEGABYTES =
      number(
          "rocksdb.megabytes",
          "256",
          16,
          1_000_000,
          "Memory for RocksDB, caches and write buffers of all stores together, in MiB.");
  static final Setting<Integer> HELD_MEGABYTES =
      number(
          "states.megabytes",
          "128",
          1,
          1_000_000,
          "Heap for states lately in use, held ready to be judged by, by estimate, in MiB.");
  static final Setting<Integer> THREADS =
      number("threads", "2", 1, 128, "Threads that process; more than there are tasks stay idle.");
  static final Setting<Duration> COMMIT_INTERVAL =
      duration(
          "commit.interval",
          "200ms",
          Duration.ofMillis(10),
          Duration.ofMinutes(10),
          "How often progress is committed; an output is seen at most this much later. On Event Hubs at least 1s.");
  static final Setting<String> CAUSES =
      path(
          "causes.file",
          "",
          "A catalogue of root causes of your own, asked before the bundled one; empty for none.");
  static final Setting<Boolean> JSON_LOG =
      choice(
          "log.format",
          "text",
          "What the log of `run` looks like: for people, or one JSON object a line.",
          List.of("text", "json"),
          "json"::equals);
  static final Setting<String> LOG_LEVEL =
      choice(
          "log.level",
          "info",
          "From which level on `run` logs.",
          List.of("error", "warn", "info", "debug"),
          Function.identity());
  static final Setting<Integer> HEALTH_RESTORE_LAG =
      number(
          "health.restore.lag",
          "100000",
          0,
          Integer.MAX_VALUE,
          "With more records than this left to restore the instance is not ready.");
  static final Setting<OutputFormat> FORMAT =
      choice(
          "format",
          "avro",
          "What public topics are written in.",
          List.of("avro", "json"),
          text -> OutputFormat.valueOf(text.toUpperCase(Locale.ROOT)));

  static final Setting<String> API_HOST =
      text(
          "api.host",
          "127.0.0.1",
          "The address that the HTTP API listens at; 0.0.0.0 for all, and then set api.token.");
  static final Setting<Integer> API_PORT =
      number("api.port", "8080", 0, 65_535, "The port of the HTTP API; 0 for any that is free.");
  static final Setting<String> API_ADVERTISED =
      text(
          "api.advertised",
          "",
          "Where other instances reach the API of this one, as host:port; empty for what it listens at.");
  static final Setting<String> API_TOKEN =
      text(
          "api.token",
          "",
          "What a writer has to show as a bearer token. Needed for writes unless only this machine can reach the API. A secret.");

  /** Every setting, in the order of the documentation. */
  static List<Setting<?>> all() {
    List<Setting<?>> all =
        new ArrayList<>(
            List.of(
                PROFILE,
                APPLICATION_ID,
                PARTITIONS,
                EXACTLY_ONCE,
                EVENT_HUBS_TRANSACTIONS,
                INPUT_CLOCK,
                THREADS,
                STANDBY_REPLICAS,
                COMMIT_INTERVAL,
                IN_MEMORY,
                STATE_DIR,
                ROCKSDB_MEGABYTES,
                HELD_MEGABYTES,
                FORMAT,
                CAUSES,
                HEALTH_RESTORE_LAG,
                API_HOST,
                API_PORT,
                API_ADVERTISED,
                API_TOKEN,
                JSON_LOG,
                LOG_LEVEL,
                TOPICS_PREFIX,
                TOPICS_CREATE,
                TOPICS_PARTITIONS,
                TOPICS_REPLICATION));
    for (Source source : Source.values()) {
      all.add(topic(source));
    }
    for (Source source : Source.values()) {
      if (source != Source.POLICIES) {
        all.add(lateness(source));
      }
    }
    return all;
  }

  /** The name of a source's topic. */
  static Setting<String> topic(Source source) {
    // How many partitions topics get has the name that the source of partitions would have.
    String label = source == Source.PARTITIONS ? "dataset-partitions" : source.label();
    return name(
        "topics." + label,
        source.defaultTopic(),
        1,
        TOPIC_NAME_LENGTH,
        "The topic of " + label + ".");
  }

  /** How late a source may be. */
  static Setting<Duration> lateness(Source source) {
    return duration(
        "lateness." + source.label(),
        text(source.defaultLateness()),
        Duration.ZERO,
        LONGEST_LATENESS,
        "How far behind the newest event of its topic an event may arrive and still be in time.");
  }

  private static String text(Duration duration) {
    if (duration.toMillis() % 1_000 != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds > 0 && seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds > 0 && seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds > 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  private static Setting<String> text(String key, String byDefault, String meaning) {
    return new Setting<>(key, byDefault, meaning, "text", Function.identity());
  }

  private static Setting<String> path(String key, String byDefault, String meaning) {
    return new Setting<>(
        key,
        byDefault,
        meaning,
        "a path",
        text -> {
          try {
            return Path.of(text).toString();
          } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is no path", e);
          }
        });
  }

  /** Text of the characters that Kafka takes in the name of a topic. */
  private static Setting<String> name(
      String key, String byDefault, int least, int most, String meaning) {
    return new Setting<>(
        key,
        byDefault,
        meaning,
        "letters, digits, `.`, `_` and `-`",
        text -> {
          if (!text.matches("[A-Za-z0-9._-]*")) {
            throw new IllegalArgumentException("may hold only letters, digits, '.', '_' and '-'");
          }
          if (text.length() < least || text.length() > most) {
            throw new IllegalArgumentException(
                "is not " + least + " to " + most + " characters long");
          }
          if (least > 0 && text.matches("[.]{1,2}")) {
            throw new IllegalArgumentException("is a name that Kafka keeps for itself");
          }
          return text;
        });
  }

  /** How a text is read as a duration between two others. */
  static Function<String, Duration> duration(String key, Duration least, Duration most) {
    return duration(key, "", least, most, "").parse();
  }

  private static <T> Setting<T> choice(
      String key, String byDefault, String meaning, List<String> choices, Function<String, T> of) {
    return new Setting<>(
        key,
        byDefault,
        meaning,
        String.join(" | ", choices),
        text -> {
          String chosen = text.toLowerCase(Locale.ROOT);
          if (!choices.contains(chosen)) {
            throw new IllegalArgumentException("is none of " + String.join(", ", choices));
          }
          return of.apply(chosen);
        });
  }

  private static Setting<Integer> number(
      String key, String byDefault, int least, int most, String meaning) {
    return new Setting<>(
        key,
        byDefault,
        meaning,
        least + " to " + most,
        text -> {
          int number;
          try {
            number = Integer.parseInt(text);
          } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a whole number", e);
          }
          if (number < least || number > most) {
            throw new IllegalArgumentException("is not between " + least + " and " + most);
          }
          return number;
        });
  }

  private static Setting<Duration> duration(
      String key, String byDefault, Duration least, Duration most, String meaning) {
    return new Setting<>(
        key,
        byDefault,
        meaning,
        text(least) + " to " + text(most) + ", as 200ms, 60s, 5m, 2h, 7d or PT2H",
        text -> {
          Duration duration = duration(text);
          if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                "is not between " + text(least) + " and " + text(most));
          }
          return duration;
        });
  }

  private static Duration duration(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    try {
      if (lower.startsWith("p")) {
        return positive(Duration.parse(text));
      }
      for (String unit : Arrays.asList("ms", "s", "m", "h", "d")) {
        if (lower.endsWith(unit)) {
          long amount = Long.parseLong(lower.substring(0, lower.length() - unit.length()).trim());
          return positive(
              switch (unit) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
              });
        }
      }
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      throw new IllegalArgumentException("is not a duration such as 60s, 5m or PT2H", e);
    }
    throw new IllegalArgumentException("has no unit; write 60s, 5m or PT2H");
  }

  private static Duration positive(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("is negative");
    }
    return duration;
  }
}
