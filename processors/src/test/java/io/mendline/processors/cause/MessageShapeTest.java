package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageShapeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      textBlock =
          """
          Run 4711 failed                                    | Run <*> failed
          took 17 ms, 4.5 GiB free                           | took <*> free
          took -3.5e-7                                       | took <*>
          id 6f1c2b9e-0d4f-4f7e-9b1a-2f6f1c2b9e0d            | id <*>
          at 0xdeadbeef and deadbeefcafe                     | at <*> and <*>
          read /mnt/raw/orders.csv and C:\\data\\in\\x       | read <*> and C:<*>
          read orders.parquet                                | read <*>
          open abfss://raw@acme.dfs.core.windows.net/a?b=c.  | open <*>.
          from 10.0.0.7:8080 to db.acme.internal:5432        | from <*> to <*>
          from 2001:db8::ff00:42:8329                        | from <*>
          mail to jane.doe@acme.example                      | mail to <*>
          at 2026-06-01T10:43:55.123Z it broke               | at <*> it broke
          at Mon Jun 1 10:43:55 UTC 2026 it broke            | at <*> it broke
          on 3 July 2026, 10:43 AM                           | on <*>
          table 'main.gold' and "x y" and `z`                | table <*> and <*> and <*>
          can't open the user's file                         | can't open the user's file
          user=jane retries=3 reason=QUOTA_HIT               | user=<*> retries=<*> reason=QUOTA_HIT
          dir=/ host=- port=8080                             | dir=<*> host=<*> port=<*>
          value: null                                        | value: <*>
          parts [1, 2, 3] of (4, 5)                          | parts [<*>] of (<*>)
          pages 1, 2 and 3                                   | pages <*> and <*>
          Py4JJavaError: bad                                 | Py4JJavaError: bad
          org.apache.spark.SparkException: bad               | org.apache.spark.SparkException: bad
          read/write and/or N/A                              | read/write and/or N/A
          May the force                                      | May the force
          """)
  void masksWhatVaries(String message, String masked) {
    assertThat(MessageShape.of(message).masked()).isEqualTo(masked);
  }

  @Test
  void whiteSpaceDoesNotMatter() {
    assertThat(MessageShape.of("a  b\tc").fingerprint())
        .isEqualTo(MessageShape.of(" a b c ").fingerprint());
  }

  /**
   * Stored keys depend on it: a change of the masking or of the hash orphans every incident with an
   * unknown cause.
   */
  @Test
  void theFingerprintIsTheSameForEver() {
    assertThat(MessageShape.of("Run 4711 of 'x' failed").fingerprint())
        .isEqualTo("f0a88165a5fbed78");
  }

  @Test
  void theTitleIsOneLineOfAboutAHundredCharacters() {
    String title = MessageShape.of("word ".repeat(50) + "\nmore").title();

    assertThat(title).hasSizeLessThanOrEqualTo(101).endsWith("word…").doesNotContain("\n");
    assertThat(MessageShape.of("x".repeat(99) + "\ud83d\ude00 tail").title())
        .isEqualTo("x".repeat(99) + "…");
  }

  @Test
  void theSlugIsForPeople() {
    assertThat(MessageShape.of("Feed 7 (of 'x') is Odd again, sorry").slug())
        .isEqualTo("feed-of-is-odd");
    assertThat(MessageShape.of("7, 8, 9").slug()).isEmpty();
  }
}
