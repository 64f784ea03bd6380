package io.mendline.serdes.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FreeTextTest {
  private final FreeText texts = new FreeText(Redactor.standard());

  @Test
  void blankIsAbsent() {
    assertThat(texts.message(null)).isNull();
    assertThat(texts.message(" \n")).isNull();
  }

  @Test
  void aLongTextKeepsBothEndsAndSaysWhatIsGone() {
    String trace = "Traceback" + "x".repeat(50_000) + "ValueError: no";

    String cut = texts.trace(trace);

    assertThat(cut)
        .hasSizeLessThan(FreeText.MAX_TRACE + 50)
        .startsWith("Traceback")
        .endsWith("ValueError: no")
        .contains("34023 characters cut");
  }

  @Test
  void noSecretSurvivesByBeingCutInHalf() {
    String text = "x".repeat(FreeText.MAX_MESSAGE / 2 - 10) + " Bearer " + "s3cret".repeat(2_000);

    assertThat(texts.message(text)).doesNotContain("s3cret");
  }

  @Test
  void aCutPartsNoSurrogatePair() {
    String cut = texts.line("𝄞".repeat(FreeText.MAX_LINE));
    String shifted = texts.line("a" + "𝄞".repeat(FreeText.MAX_LINE));

    assertThat(cut + shifted).matches(FreeTextTest::isWellFormed);
  }

  private static boolean isWellFormed(String text) {
    return text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  @Test
  void aQuoteIsShortOnOneLineAndClean() {
    assertThat(texts.quote("a\nb")).isEqualTo("'a b'");
    assertThat(texts.quote("sig=abc")).isEqualTo("'sig=[redacted]'");
    assertThat(texts.quote("x".repeat(1_000))).hasSize(83).endsWith("…'");
    assertThat(texts.quote(null)).isEqualTo("null");
  }
}
