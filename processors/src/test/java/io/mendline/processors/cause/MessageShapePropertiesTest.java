package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What varies does not change the shape, and what does not vary does. */
class MessageShapePropertiesTest {
  private static final RootCauseClassifier CLASSIFIER =
      new RootCauseClassifier(CauseCatalogue.bundled());

  /** A message of ours with two places for values of one kind. */
  private static String message(String first, String second) {
    return "Loader gave up on " + first + " while feed " + second + " was odd";
  }

  private static void assertSameShape(String a, String b) {
    assertThat(MessageShape.of(a).fingerprint())
        .as("%s | %s", MessageShape.of(a).masked(), MessageShape.of(b).masked())
        .isEqualTo(MessageShape.of(b).fingerprint());
    assertThat(CLASSIFIER.classify(FailureEvidence.ofMessage(a)).key())
        .isEqualTo(CLASSIFIER.classify(FailureEvidence.ofMessage(b)).key());
  }

  @Property
  void valuesOfOneKindAreInterchangeable(@ForAll("valuesOfOneKind") List<String> values) {
    assertSameShape(message(values.get(0), values.get(1)), message(values.get(2), values.get(3)));
  }

  @Provide
  Arbitrary<List<String>> valuesOfOneKind() {
    return Arbitraries.of(numbers(), ids(), uuids(), paths(), hosts(), quoted(), times(), sizes())
        .flatMap(kind -> kind.list().ofSize(4));
  }

  private static Arbitrary<String> numbers() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(String::valueOf),
        Arbitraries.doubles().between(-1e6, 1e6).map(String::valueOf));
  }

  private static Arbitrary<String> ids() {
    Arbitrary<String> prefix = Arbitraries.of("blk_", "run-", "app_", "job", "0x");
    return Combinators.combine(prefix, Arbitraries.integers().between(0, 1 << 30))
        .as((name, id) -> name + Integer.toHexString(id) + "7");
  }

  private static Arbitrary<String> uuids() {
    return Combinators.combine(Arbitraries.longs(), Arbitraries.longs())
        .as((high, low) -> new UUID(high, low).toString())
        .filter(uuid -> uuid.chars().anyMatch(Character::isDigit));
  }

  private static Arbitrary<String> paths() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .ofMinLength(1)
        .ofMaxLength(8)
        .list()
        .ofMinSize(2)
        .ofMaxSize(5)
        .map(parts -> "/" + String.join("/", parts));
  }

  private static Arbitrary<String> hosts() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .ofMinLength(1)
        .ofMaxLength(8)
        .map(name -> name + ".eu.acme.internal:8443");
  }

  private static Arbitrary<String> quoted() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withChars(" ./:=(0")
        .ofMaxLength(40)
        .map(text -> "'" + text + "'");
  }

  private static Arbitrary<String> times() {
    return Combinators.combine(
            Arbitraries.integers().between(10, 12),
            Arbitraries.integers().between(10, 28),
            Arbitraries.integers().between(0, 59))
        .as((month, day, minute) -> "2026-%d-%d 10:%02d:00,123".formatted(month, day, minute));
  }

  private static Arbitrary<String> sizes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 9_999),
            Arbitraries.of(" B", " KB", "MB", " GiB", " ms"))
        .as((number, unit) -> number + unit);
  }

  @Property
  void wordsAreNot(@ForAll("words") String a, @ForAll("words") String b) {
    boolean same =
        MessageShape.of(message(a, "x"))
            .fingerprint()
            .equals(MessageShape.of(message(b, "x")).fingerprint());

    assertThat(same).isEqualTo(a.equals(b));
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings().withCharRange('g', 'z').ofMinLength(1).ofMaxLength(6);
  }

  @Property
  void theMaskedMessageIsItsOwnShape(@ForAll String message) {
    assertThat(MessageShape.of(message).fingerprint())
        .isEqualTo(MessageShape.of(message).fingerprint())
        .hasSize(16);
  }
}
