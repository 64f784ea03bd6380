package io.mendline.serdes.binary;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Hash64Test {

  /** Vectors that every implementation of xxHash64 is checked with. */
  @ParameterizedTest
  @CsvSource({
    "'', ef46db3751d8e999",
    "a, d24ec4f1a98c6e5b",
    "abc, 44bc2cf5ad770999",
    "Nobody inspects the spammish repetition, fbcea83c8a378bf1",
  })
  void agreesWithTheReference(String text, String hash) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);

    assertThat(Hash64.xxHash64(data)).isEqualTo(Long.parseUnsignedLong(hash, 16));
  }

  @ParameterizedTest
  @CsvSource({"0", "3", "4", "7", "8", "31", "32", "33", "64", "100"})
  void dependsOnTheBytesAndNotOnWhereTheyStand(int length) {
    byte[] data = new byte[length];
    byte[] shifted = new byte[length + 5];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) (i * 31);
      shifted[i + 3] = data[i];
    }

    assertThat(Hash64.xxHash64(shifted, 3, length, 7))
        .isEqualTo(Hash64.xxHash64(data, 0, length, 7));
  }
}
