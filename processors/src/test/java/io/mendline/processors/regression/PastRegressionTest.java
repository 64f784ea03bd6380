package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.schemas.Confidence;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of regressions that are over. */
class PastRegressionTest {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");

  @ParameterizedTest
  @ValueSource(strings = {"recovered", "relearned", "unobserved"})
  void survives_its_codec_with_the_first_suspect_and_without(String because) {
    PastRegression with = past(1, because, culprit("pr-7", "v7 of the prompts"));
    PastRegression without = past(2, because, null);

    assertThat(again(with)).isEqualTo(with);
    assertThat(again(without)).isEqualTo(without);
    assertThat(with.suspect().changeId()).isEqualTo("pr-7");
    assertThat(with.suspect().url()).as("has no room").isNull();
    assertThat(with.clearedAt()).isEqualTo(START + 40 * HOUR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "é", "→", "😀"})
  void keeps_to_150_bytes_whatever_the_texts_and_cuts_no_character(String character) {
    PastRegression past =
        past(200, "relearned", culprit(character.repeat(200), "a" + character.repeat(200)));

    assertThat(bytes(past).length).isLessThanOrEqualTo(150);
    for (String text : List.of(past.suspect().changeId(), past.suspect().title())) {
      assertThat(text).endsWith(character + "…");
      assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(44, 48);
    }
    assertThat(again(past)).isEqualTo(past);
  }

  @Test
  void the_last_eight_are_kept_for_thirty_days() {
    List<PastRegression> known = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      PastRegression.remember(known, past(i, "recovered", null));
    }
    assertThat(known)
        .extracting(PastRegression::onset)
        .containsExactlyElementsOf(IntStream.range(2, 10).mapToObj(i -> START + i * HOUR).toList());

    long last = known.get(7).clearedAt();
    assertThat(PastRegression.forget(known, last)).isEqualTo(last + 30 * 24 * HOUR);
    assertThat(PastRegression.forget(known, last + 30 * 24 * HOUR - 1))
        .isEqualTo(last + 30 * 24 * HOUR);
    assertThat(PastRegression.forget(known, last + 30 * 24 * HOUR)).isEqualTo(Long.MIN_VALUE);
    assertThat(known).isEmpty();
  }

  @Test
  void a_reason_that_this_build_does_not_know_is_refused() {
    byte[] bytes = bytes(past(1, "unobserved", null));
    bytes[bytes.length - 2] = 9;
    assertThatThrownBy(() -> PastRegression.read(new BinaryReader(bytes)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("no reason has the code 9");
  }

  private static Blame.Culprit culprit(String id, String title) {
    return new Blame.Culprit(id, START - HOUR / 2, title, "https://example.com/7", 0.8125);
  }

  private static PastRegression past(int hour, String because, Blame.Culprit suspect) {
    long onset = START + hour * HOUR;
    return PastRegression.of(
        new OpenRegression(
            onset,
            new When(onset - HOUR / 4, onset + HOUR / 4),
            onset + 6 * HOUR,
            onset + 6 * HOUR,
            onset + 40 * HOUR,
            0.7,
            0.48,
            true,
            false,
            Confidence.HIGH,
            1L << 40,
            1L << 30,
            0.25,
            false,
            2,
            suspect == null ? List.of() : List.of(suspect, culprit("pr-8", "another")),
            false),
        onset + 39 * HOUR,
        because);
  }

  private static byte[] bytes(PastRegression past) {
    BinaryWriter out = new BinaryWriter();
    past.write(out);
    return out.toByteArray();
  }

  private static PastRegression again(PastRegression past) {
    BinaryReader in = new BinaryReader(bytes(past));
    PastRegression read = PastRegression.read(in);
    in.requireEnd();
    return read;
  }
}
