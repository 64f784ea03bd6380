package io.mendline.serdes.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "PT5M, PT5M",
    "pt5m, PT5M",
    "P1D, P1D",
    "P1DT12H30M, PT36H30M",
    "P2W, P14D",
    "PT0.5S, PT0.5S",
    "PT0S, PT0S",
    "00:05:00, PT5M",
    "00:05, PT5M",
    "1.00:00:00, P1D",
    "14.00:00:00, P14D",
    "00:00:30.5000000, PT30.5S",
    "' 01:00:00 ', PT1H",
  })
  void readsIsoAndTimeSpans(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration.toMillis());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P",
        "PT",
        "5",
        "5m",
        "P1M",
        "P1Y",
        "PT5",
        "PM",
        "P5H",
        "-PT5M",
        "PT-5M",
        "-00:05:00",
        "25:00:00",
        "00:60:00",
        "00:00:60",
        "::",
        "1:",
        ":1",
        "1.2.3:00:00",
        "P99999999999D",
        "PT1.2.3S"
      })
  void refusesWhatIsNoDuration(String text) {
    assertThat(Durations.parse(text)).isEqualTo(Durations.UNREADABLE);
  }

  @Property
  void agreesWithTheLibrary(@ForAll @LongRange(min = 0, max = 10_000_000_000L) long seconds) {
    Duration duration = Duration.ofSeconds(seconds);

    assertThat(Durations.parse(duration.toString())).isEqualTo(duration.toMillis());
  }
}
