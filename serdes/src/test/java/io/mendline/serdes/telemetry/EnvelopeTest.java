package io.mendline.serdes.telemetry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.text.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How messages are taken apart, whatever is in them; changes stand for every kind of record. */
class EnvelopeTest {
  private static final String GOOD = "{\"id\":\"g\",\"at\":\"2026-06-01\"}";

  private final TelemetryDecoder decoder = new ChangeDecoder(Redactor.standard());

  private Decoded decode(String message) {
    return Decoded.of(decoder, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"records\":[G,G]}",
        "{\"before\":{\"a\":[1]},\"RECORDS\":[G,G],\"after\":null}",
        "[G,G]",
        "[[G],[G]]",
        "[{\"records\":[G]},{\"records\":G}]",
        "{\"records\":[{\"records\":[G]},G]}",
        "G G",
        "G\nG\n",
        "\uFEFF{\"records\":[G,G]}",
      })
  void recordsAreFoundInEveryWrapping(String message) {
    Decoded decoded = decode(message.replace("G", GOOD));

    assertThat(decoded.problems()).isEmpty();
    assertThat(decoded.facts).hasSize(2);
    assertThat(decoded.indexes).containsExactly(0, 1);
  }

  @Test
  void aRecordMayBeJsonInAString() {
    String quoted = "\"" + GOOD.replace("\"", "\\\"") + "\"";

    assertThat(decode("[" + quoted + "]").facts).hasSize(1);
    assertThat(decode("[\"{\\\"id\\\":\"]").bad)
        .containsExactly("0 record: malformed JSON in a string, '{\"id\":'");
  }

  @Test
  void oneBadRecordKeepsTheGoodOnes() {
    Decoded decoded =
        decode("{\"records\":[" + GOOD + ",{\"id\":\"b\"},7,null,\"text\"," + GOOD + "]}");

    assertThat(decoded.indexes).containsExactly(0, 5);
    assertThat(decoded.bad)
        .containsExactly(
            "1 at: missing, and so are time and timestamp",
            "2 record: '7' is no object",
            "3 record: 'null' is no object",
            "4 record: 'text' is no object");
    assertThat(decoded.unreadable).isEmpty();
  }

  @Test
  void whatWasReadBeforeTheMessageBrokeOffStands() {
    Decoded decoded = decode("{\"records\":[" + GOOD + ",{\"id\":\"cut");

    assertThat(decoded.facts).hasSize(1);
    assertThat(decoded.unreadable)
        .singleElement()
        .asString()
        .startsWith("the JSON ends in the middle of a value at byte ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|the message is empty",
        "`  `|the message is blank",
        "{\"a\" 1}|malformed JSON at byte",
        "{a:1}|malformed JSON at byte",
        "secret-token-that-is-no-json|malformed JSON at byte",
        "{\"a\":01}|malformed JSON at byte",
        "{\"a\":NaN}|malformed JSON at byte",
        "{\"records\":[|the JSON ends in the middle of a value",
        "[{\"a\":1}|the JSON ends in the middle of a value",
        "\"unended|the JSON ends in the middle of a value",
      })
  void whatIsNoJsonIsUnreadableAndNotQuoted(String message, String reason) {
    Decoded decoded = decode(message);

    assertThat(decoded.facts).isEmpty();
    assertThat(decoded.unreadable).singleElement().asString().startsWith(reason);
    assertThat(decoded.unreadable.get(0)).doesNotContain("secret", "\n");
  }

  @Test
  void nullIsUnreadable() {
    assertThat(Decoded.of(decoder, (byte[]) null).unreadable)
        .containsExactly("the message is empty");
  }

  @Test
  void otherEncodingsAreNamed() {
    String text = "{\"title\":\"Größe\"}";

    assertThat(Decoded.of(decoder, text.getBytes(ISO_8859_1)).unreadable)
        .singleElement()
        .asString()
        .startsWith("the message is not UTF-8 at byte");
    assertThat(Decoded.of(decoder, text.getBytes(UTF_16)).unreadable)
        .containsExactly("the message is not UTF-8 but UTF-16 or UTF-32");
    assertThat(Decoded.of(decoder, text.getBytes(UTF_16LE)).unreadable)
        .containsExactly("the message is not UTF-8 but UTF-16 or UTF-32");
    assertThat(Decoded.of(decoder, GOOD.getBytes(UTF_8)).facts).hasSize(1);
  }

  @Test
  void unknownFieldsArePassedOverHoweverDeep() {
    String deep = "[".repeat(900) + "]".repeat(900);

    assertThat(decode("{\"x\":" + deep + ",\"id\":\"g\",\"at\":\"2026-06-01\"}").facts).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"x\":", "{\"records\":["})
  void nestingIsBounded(String level) {
    Decoded decoded = decode("[" + GOOD + "," + level.repeat(10_000));

    assertThat(decoded.facts).hasSize(1);
    assertThat(decoded.unreadable)
        .singleElement()
        .asString()
        .startsWith("the JSON is nested deeper than 1000 levels at byte");
  }

  @Test
  void objectsInStringsInObjectsAreBoundedToo() {
    TelemetryDecoder sentinel = new SentinelDecoder(Redactor.standard());
    String nested = "{\"properties\":".repeat(900) + "{}" + "}".repeat(900);

    assertThat(Decoded.of(sentinel, nested).bad).hasSize(1);
  }

  @Test
  void aKeyThatComesTwiceCountsAsTheLastValueThatIsNotNull() {
    Change change =
        decode("{\"at\":1,\"at\":1780315200,\"title\":\"a\",\"TITLE\":\"b\",\"title\":null}")
            .only(Change.class);

    assertThat(change.at()).isEqualTo(1780315200000L);
    assertThat(change.title()).isEqualTo("b");
  }

  @Test
  void aNumberOfAMillionDigitsDoesNoHarm() {
    String digits = "9".repeat(1_000_000);

    assertThat(decode("{\"x\":" + digits + ",\"at\":1780315200}").facts).hasSize(1);
    assertThat(decode("{\"at\":" + digits + "}").onlyBad())
        .startsWith("0 at: '9999")
        .hasSizeLessThan(150);
    assertThat(decode("{\"at\":" + digits + ".5}").bad).hasSize(1);
  }

  @Test
  void aDateInTheFutureIsFine() {
    assertThat(decode("{\"at\":\"9999-12-31T23:59:59Z\"}").facts).hasSize(1);
  }

  @Test
  void aReasonQuotesNoSecretAndStaysOnOneLine() {
    String reason = decode("{\"at\":\"Bearer abc123\\nnext " + "x".repeat(500) + "\"}").onlyBad();

    assertThat(reason).contains("Bearer [redacted] next").doesNotContain("abc123", "\n");
    assertThat(reason).hasSizeLessThan(150);
  }
}
