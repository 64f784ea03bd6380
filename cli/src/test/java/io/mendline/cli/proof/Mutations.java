package io.mendline.cli.proof;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spoils valid messages in every way in which a source, a network or an attacker might, from a
 * seed: equal seeds and samples give equal messages. The sources take turns.
 */
final class Mutations {
  /** Larger than what a broker takes by default. */
  private static final int OVERSIZED = 1_100_000;

  private static final int DEEP = 100_000;

  /** One message in so many is large or deep: these cost a hundred times what others do. */
  private static final int HEAVY_EVERY = 1_000;

  private static final List<Source> SOURCES = List.of(Source.values());
  private static final List<Kind> LIGHT =
      Arrays.stream(Kind.values())
          .filter(kind -> kind != Kind.DEEP && kind != Kind.OVERSIZED)
          .toList();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z|\\b1[0-9]{12}\\b");

  /** What a field may hold that should hold something else. */
  private static final List<String> WRONG =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1e999",
          "-9223372036854775808",
          "99999999999999999999999999",
          "0.1",
          "\"\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\n\\u2028'\\\"\"",
          "\"NaN\"",
          "\"2026-02-30T25:61:61Z\"",
          "\"P999999999D\"",
          "\"+999999999-12-31T23:59:59Z\"",
          "[]",
          "{}",
          "[[null]]",
          "[{\"a\":[1]}]");

  /** Instants from one that is just too far ahead to those that no clock will show. */
  private static final List<String> LATER =
      List.of(
          "2027-01-01T00:00:00Z",
          "9999-12-31T23:59:59.999Z",
          "+292278994-08-17T07:12:55.807Z",
          "0000-01-01T00:00:00Z",
          "-292275055-05-16T16:47:04.192Z");

  private static final List<String> LATER_MILLIS =
      List.of("9007199254740993", "9223372036854775807", "-9223372036854775808", "-1");

  /** How a message is spoilt. */
  enum Kind {
    VALID,
    TRUNCATED,
    BYTES_CHANGED,
    SPLICED,
    WRONG_TYPE,
    FIELD_MISSING,
    FUTURE,
    NOT_UTF8,
    RANDOM_BYTES,
    OTHER_SOURCE,
    REPEATED,
    NULL,
    EMPTY,
    DEEP,
    OVERSIZED
  }

  /**
   * A message.
   *
   * @param key null for none
   * @param value null for a tombstone
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Spoilt(Source source, Kind kind, byte[] key, byte[] value) {}

  private final SplittableRandom random;
  private final Map<Source, List<byte[]>> samples;
  private int number;

  /**
   * A maker of messages.
   *
   * @param samples valid messages of each source, at least one
   */
  Mutations(long seed, Map<Source, List<byte[]>> samples) {
    this.random = new SplittableRandom(seed);
    this.samples = samples;
  }

  /** The next message. */
  Spoilt next() {
    Source source = SOURCES.get(number % SOURCES.size());
    Kind kind = kind(number / SOURCES.size());
    number++;
    return new Spoilt(source, kind, key(), value(source, kind));
  }

  /** Each source has its share of what is heavy. */
  private Kind kind(int turn) {
    if (turn % HEAVY_EVERY == 0) {
      return Kind.OVERSIZED;
    }
    return turn % HEAVY_EVERY == HEAVY_EVERY / 2
        ? Kind.DEEP
        : LIGHT.get(random.nextInt(LIGHT.size()));
  }

  private byte[] key() {
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> randomBytes(random.nextInt(1, 40));
      default -> bytes("key-" + random.nextInt(20));
    };
  }

  private byte[] value(Source source, Kind kind) {
    byte[] sample = sample(source);
    return switch (kind) {
      case VALID -> sample;
      case TRUNCATED -> Arrays.copyOf(sample, random.nextInt(sample.length));
      case BYTES_CHANGED -> changed(sample);
      case SPLICED -> spliced(sample, sample(source));
      case WRONG_TYPE -> changedTree(sample, false);
      case FIELD_MISSING -> changedTree(sample, true);
      case FUTURE -> later(sample);
      case NOT_UTF8 -> notUtf8(sample);
      case RANDOM_BYTES -> randomBytes(random.nextInt(1, 300));
      case OTHER_SOURCE -> sample(SOURCES.get(random.nextInt(SOURCES.size())));
      case REPEATED -> spliced(sample, sample, sample.length, 0);
      case NULL -> null;
      case EMPTY ->
          bytes(List.of("", " ", "\n", "{}", "[]", "null", "\"\"", "0").get(random.nextInt(8)));
      case DEEP -> deep(sample);
      case OVERSIZED -> oversized(sample);
    };
  }

  private byte[] sample(Source source) {
    List<byte[]> of = samples.get(source);
    return of.get(random.nextInt(of.size()));
  }

  private byte[] changed(byte[] sample) {
    byte[] changed = sample.clone();
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(changed.length);
      changed[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (changed[at] ^ (1 << random.nextInt(8)));
            default -> (byte) "{}[],:\"\\0-eE.\n&*!|>%@`".charAt(random.nextInt(22));
          };
    }
    return changed;
  }

  private byte[] spliced(byte[] first, byte[] second) {
    return spliced(first, second, random.nextInt(first.length), random.nextInt(second.length));
  }

  private static byte[] spliced(byte[] first, byte[] second, int upTo, int from) {
    byte[] spliced = Arrays.copyOf(first, upTo + second.length - from);
    System.arraycopy(second, from, spliced, upTo, second.length - from);
    return spliced;
  }

  /** A field has a value of another type, or is not there. */
  private byte[] changedTree(byte[] sample, boolean removed) {
    JsonNode tree;
    try {
      tree = JSON.readTree(sample);
    } catch (IOException e) {
      // Avro, or YAML.
      return changed(sample);
    }
    List<JsonNode> containers = new ArrayList<>();
    collect(tree, containers);
    if (containers.isEmpty()) {
      return changed(sample);
    }
    JsonNode chosen = containers.get(random.nextInt(containers.size()));
    int at = random.nextInt(chosen.size());
    JsonNode wrong = wrong();
    if (chosen instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      if (removed) {
        object.remove(names.get(at));
      } else {
        object.set(names.get(at), wrong);
      }
    } else if (chosen instanceof ArrayNode array) {
      if (removed) {
        array.remove(at);
      } else {
        array.set(at, wrong);
      }
    }
    return bytes(tree.toString());
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(each -> collect(each, containers));
    }
  }

  private JsonNode wrong() {
    try {
      return JSON.readTree(WRONG.get(random.nextInt(WRONG.size())));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One time of the message, or all, lie where no time should. */
  private byte[] later(byte[] sample) {
    boolean all = random.nextBoolean();
    String text = new String(sample, StandardCharsets.ISO_8859_1);
    Matcher time = TIME.matcher(text);
    StringBuilder later = new StringBuilder();
    while (time.find()) {
      List<String> instants = time.group().contains("T") ? LATER : LATER_MILLIS;
      String instant =
          all || random.nextInt(3) == 0
              ? instants.get(random.nextInt(instants.size()))
              : time.group();
      time.appendReplacement(later, Matcher.quoteReplacement(instant));
    }
    time.appendTail(later);
    return later.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] notUtf8(byte[] sample) {
    return switch (random.nextInt(3)) {
      case 0 -> new String(sample, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_16);
      case 1 ->
          new String(sample, StandardCharsets.UTF_8)
              .replace('e', 'é')
              .getBytes(StandardCharsets.ISO_8859_1);
      default -> {
        byte[] wrong = sample.clone();
        int at = random.nextInt(wrong.length);
        wrong[at] = (byte) 0xC0;
        wrong[Math.min(at + 1, wrong.length - 1)] = (byte) 0xAF;
        yield wrong;
      }
    };
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Nested deeper than a stack is: alone, or as a value within a message. */
  private byte[] deep(byte[] sample) {
    String open = List.of("[", "{\"a\":", "[{\"a\":", "- ").get(random.nextInt(4)).repeat(DEEP);
    String text = new String(sample, StandardCharsets.ISO_8859_1);
    int value = text.indexOf(':') + 1;
    return bytes(
        random.nextBoolean() ? open : text.substring(0, value) + open + text.substring(value));
  }

  /** A message with a text, or with as many records, as a broker takes only when told to. */
  private byte[] oversized(byte[] sample) {
    String text = new String(sample, StandardCharsets.ISO_8859_1);
    return switch (random.nextInt(3)) {
      case 0 -> bytes("[" + (text + ",").repeat(OVERSIZED / (text.length() + 1)) + text + "]");
      case 1 -> {
        int quote = text.lastIndexOf('"');
        yield bytes(
            quote < 0
                ? "x".repeat(OVERSIZED)
                : text.substring(0, quote) + "x".repeat(OVERSIZED) + text.substring(quote));
      }
      default -> randomBytes(OVERSIZED);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
