package io.mendline.serdes.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstantsTest {

  @ParameterizedTest
  @CsvSource({
    "2026-06-01T10:43:55Z, 2026-06-01T10:43:55Z",
    "2026-06-01T10:43:55.1234567Z, 2026-06-01T10:43:55.123Z",
    "2026-06-01t10:43:55.9z, 2026-06-01T10:43:55.900Z",
    "2026-06-01 10:43:55, 2026-06-01T10:43:55Z",
    "2026-06-01T10:43, 2026-06-01T10:43:00Z",
    "'2026-06-01T10:43:55,5Z', 2026-06-01T10:43:55.500Z",
    "2026-06-01T10:43:55+02:00, 2026-06-01T08:43:55Z",
    "2026-06-01T10:43:55-0730, 2026-06-01T18:13:55Z",
    "2026-06-01T10:43:55+02, 2026-06-01T08:43:55Z",
    "2026-06-01 10:43:55 UTC, 2026-06-01T10:43:55Z",
    "2026-06-01, 2026-06-01T00:00:00Z",
    "' 2026-06-01T10:43:55Z ', 2026-06-01T10:43:55Z",
    "2024-02-29T23:59:60Z, 2024-03-01T00:00:00Z",
    "9999-12-31T23:59:59.999Z, 9999-12-31T23:59:59.999Z",
    "0001-01-01T00:00:00, 0001-01-01T00:00:00Z",
    "06/01/2026 10:43:55, 2026-06-01T10:43:55Z",
    "6/1/2026 1:02:03 PM, 2026-06-01T13:02:03Z",
    "6/1/2026 12:00:00 AM, 2026-06-01T00:00:00Z",
    "06/01/2026 12:30:00 pm, 2026-06-01T12:30:00Z",
    "06/01/2026 10:43:55.25, 2026-06-01T10:43:55.250Z",
    "06/01/2026, 2026-06-01T00:00:00Z",
    "1780310635, 2026-06-01T10:43:55Z",
    "1780310635.5, 2026-06-01T10:43:55.500Z",
    "1780310635123, 2026-06-01T10:43:55.123Z",
    "1780310635123456, 2026-06-01T10:43:55.123Z",
    "1780310635123456789, 2026-06-01T10:43:55.123Z",
  })
  void readsEveryFormThatTelemetryUses(String text, Instant instant) {
    assertThat(Instant.ofEpochMilli(Instants.parse(text))).isEqualTo(instant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-06-01T24:00:00Z",
        "2026-06-01T10:60:00Z",
        "2026-06-01T10:43:55.Z",
        "2026-06-01T10:43:55+19:00",
        "2026-06-01T10:43:55Z trailing",
        "2026-06-01T",
        "13/01/2026 10:43:55",
        "6/1/2026 13:00:00 PM",
        "06/01/26 10:43:55",
        "1e9",
        "NaN",
        "0x1p3",
        "1.2.3",
        "99999999999999999999999",
        "2026-06-01T10:43:55.00000000000000000000000000000000000000000000000000000000Z",
      })
  void refusesWhatIsNoInstant(String text) {
    assertThat(Instants.parse(text)).isEqualTo(Instants.UNREADABLE);
  }

  @Property
  void agreesWithTheLibraryOnEveryMillisecond(
      @ForAll @LongRange(min = -62_135_596_800_000L, max = 253_402_300_799_999L) long millis) {
    assertThat(Instants.parse(Instant.ofEpochMilli(millis).toString())).isEqualTo(millis);
  }

  @Property
  void neverThrows(@ForAll String text) {
    assertThat(Instants.parse(text)).isInstanceOf(Long.class);
  }
}
