package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextPatternTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          connection reset | java.net.SocketException: Connection RESET by peer | true
          connection reset | connection resets                                 | false
          connection reset*| connection resets                                 | true
          job_task         | run_job_task                                      | false
          *job_task        | run_job_task                                      | true
          HTTP 429         | (HTTP 429)                                        | true
          HTTP 429         | HTTP 4290                                         | false
          a * of b*c       | a piece of bread, chewed. And c                   | true
          a * of b*c       | a piece of bread                                  | false
          quota*exceed*    | exceeded the quota                                | false
          """)
  void aPhraseIsWordsInOrder(String phrase, String text, boolean matches) {
    assertThat(TextPattern.Phrase.of(phrase).matches(text)).isEqualTo(matches);
  }

  /** Nothing that a match could do without may be required. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      nullValues = "none",
      textBlock =
          """
          feeds? gone         ~ ' gone'
          feeds?              ~ feed
          (feed|file) is gone ~ ' is gone'
          feed|file           ~ none
          [feed]+ file        ~ ' file'
          [^]a]file           ~ file
          feed\\.csv          ~ feed.csv
          feed{2} file        ~ ' file'
          \\bfeed\\b.*broken  ~ broken
          \\x41feed           ~ feed
          \\x{41}feed         ~ feed
          \\pLfeed            ~ feed
          \\p{Greek}feed      ~ feed
          \\012feed           ~ feed
          (?:a(b)[)]c)feed    ~ feed
          fe+d file           ~ 'd file'
          ab                  ~ none
          """)
  void theRequiredLiteralIsFixedText(String regex, String literal) {
    assertThat(TextPattern.Regex.of(regex).requiredLiteral()).isEqualTo(literal);
  }
}
