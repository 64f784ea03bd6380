package io.mendline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
  @ParameterizedTest
  @CsvSource({
    "2014-04-10 00:00:00, 2014-04-10T00:00:00Z",
    "2014-04-10 07:15:00.000000, 2014-04-10T07:15:00Z",
    "2014-04-10T07:15, 2014-04-10T07:15:00Z",
    "2014-04-10T07:15:00Z, 2014-04-10T07:15:00Z",
    "2014-04-10T07:15:00+02:00, 2014-04-10T05:15:00Z",
    "2014-04-10, 2014-04-10T00:00:00Z",
    "1397088000, 2014-04-10T00:00:00Z",
    "1397088000.5, 2014-04-10T00:00:00.500Z",
    "1397088000250, 2014-04-10T00:00:00.250Z",
    "0, 1970-01-01T00:00:00Z",
  })
  void a_time_is_read_as_it_is_written(String text, Instant expected) {
    assertThat(TimeText.parse(text)).hasValue(expected.toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "noon", "10.04.2014", "2014-04-31 00:00:00", "1e9", "+999999999-01-01T00:00"})
  void what_is_no_time_is_none(String text) {
    assertThat(TimeText.parse(text)).isEmpty();
  }
}
