package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Requests have exceeded the limit. Please retry after 27 seconds. | 27",
        "429 Too Many Requests {\"Retry-After\": \"30\"} | 30",
        "HTTP 429, Retry-After: 120, body | 120",
        "rate limited, retry_after=1500ms | 2",
        "Try again in 5 minutes | 300",
        "please try again in 2 hours. | 7200",
        "retry after 3 m | 180",
        "will retry after the holidays |",
        "retry after 2026-06-01T10:00:00Z |",
        "retry after 99999999 |",
        "retry after 1.5 seconds |",
        "it failed |",
        "|"
      })
  void what_a_message_asks_for(String message, Long seconds) {
    assertThat(RetryAfter.in(message))
        .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
  }
}
