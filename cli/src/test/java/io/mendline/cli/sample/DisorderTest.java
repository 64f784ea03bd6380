package io.mendline.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.processors.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DisorderTest {
  private static final Map<Source, Duration> LATENESS =
      Map.of(
          Source.SENTINEL, Duration.ofHours(2),
          Source.RUNS, Duration.ofSeconds(60),
          Source.CACHE, Duration.ofMinutes(5));

  @Provide
  Arbitrary<List<SampleMessage>> messages() {
    Arbitrary<Source> sources =
        Arbitraries.of(Source.SENTINEL, Source.RUNS, Source.CACHE, Source.CHANGES);
    Arbitrary<Long> times = Arbitraries.longs().between(0, 6 * 3_600_000L);
    Arbitrary<Long> spans = Arbitraries.longs().between(0, 90_000L);
    return Combinators.combine(sources, times, spans, Arbitraries.integers())
        .as(DisorderTest::message)
        .list()
        .ofMaxSize(200)
        .map(
            messages ->
                messages.stream()
                    .sorted(Comparator.comparingLong(SampleMessage::eventTime))
                    .toList());
  }

  private static SampleMessage message(Source source, long time, long span, int content) {
    byte[] value = ("{\"n\":" + content + "}").getBytes(StandardCharsets.UTF_8);
    // A message of which the records span more than the lateness would be late by itself.
    long most = LATENESS.getOrDefault(source, Duration.ZERO).toMillis();
    return new SampleMessage(source, null, time, time - Math.min(span, most / 2), value);
  }

  @Property
  void noMessageIsLaterThanItsSourceAllows(
      @ForAll("messages") List<SampleMessage> messages, @ForAll long seed) {
    Map<Source, Long> newest = new EnumMap<>(Source.class);
    for (SampleMessage message : Disorder.shuffle(messages, seed, LATENESS)) {
      long reached = newest.getOrDefault(message.source(), Long.MIN_VALUE);
      if (reached != Long.MIN_VALUE && LATENESS.containsKey(message.source())) {
        assertThat(reached - message.earliest())
            .isLessThan(LATENESS.get(message.source()).toMillis());
      }
      newest.merge(message.source(), message.eventTime(), Math::max);
    }
  }

  @Property
  void nothingIsLostOrAddedAndWhatHasNoLatenessKeepsItsOrder(
      @ForAll("messages") List<SampleMessage> messages, @ForAll long seed) {
    List<SampleMessage> shuffled = Disorder.shuffle(messages, seed, LATENESS);
    assertThat(shuffled).containsExactlyInAnyOrderElementsOf(messages);
    assertThat(of(shuffled, Source.CHANGES)).isEqualTo(of(messages, Source.CHANGES));
  }

  private static List<SampleMessage> of(List<SampleMessage> messages, Source source) {
    return messages.stream().filter(message -> message.source() == source).toList();
  }

  @Property
  void theStreamedShuffleIsTheSame(
      @ForAll("messages") List<SampleMessage> messages, @ForAll long seed) {
    List<SampleMessage> streamed = new ArrayList<>();
    Disorder.shuffle(messages.iterator(), seed, LATENESS).forEachRemaining(streamed::add);
    assertThat(streamed).isEqualTo(Disorder.shuffle(messages, seed, LATENESS));
  }

  @Property
  @SuppressWarnings("ReferenceEquality") // two messages may well be equal and not be duplicates
  void duplicatesStandBehindTheirFirst(
      @ForAll("messages") List<SampleMessage> messages,
      @ForAll long seed,
      @ForAll @DoubleRange(min = 0, max = 1) double share) {
    List<SampleMessage> all = Disorder.duplicate(messages, seed, share);
    int at = 0;
    for (SampleMessage message : messages) {
      assertThat(all.get(at++)).isSameAs(message);
      if (at < all.size() && all.get(at) == message) {
        at++;
      }
    }
    assertThat(at).isEqualTo(all.size());
  }

  @Test
  void aTenthIsAboutATenth() {
    List<SampleMessage> messages = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      messages.add(message(Source.RUNS, i * 1_000L, 0, i));
    }
    assertThat(Disorder.duplicate(messages, 5, 0.1)).hasSizeBetween(21_800, 22_200);
    assertThat(Disorder.duplicate(messages, 5, 0)).isEqualTo(messages);
    assertThat(Disorder.duplicate(messages, 5, 1)).hasSize(40_000);
  }

  @Test
  void aShuffleMovesThings() {
    List<SampleMessage> messages = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      messages.add(message(Source.RUNS, i * 1_000L, 0, i));
    }
    List<SampleMessage> shuffled = Disorder.shuffle(messages, 1, LATENESS);
    assertThat(shuffled).isNotEqualTo(messages).isEqualTo(Disorder.shuffle(messages, 1, LATENESS));
    assertThat(shuffled).isNotEqualTo(Disorder.shuffle(messages, 2, LATENESS));
  }

  @Test
  void theStreamedShuffleRefusesWhatIsNotInOrder() {
    List<SampleMessage> messages =
        List.of(message(Source.RUNS, 2_000, 0, 1), message(Source.RUNS, 1_000, 0, 2));
    assertThatThrownBy(
            () -> Disorder.shuffle(messages.iterator(), 1, LATENESS).forEachRemaining(m -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
