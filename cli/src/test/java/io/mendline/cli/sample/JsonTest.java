package io.mendline.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class JsonTest {
  private static final long YEAR_9999 = 253_402_300_799_999L;

  @Test
  void timesHaveMillisecondsAndAZone() {
    assertThat(Json.time(Instant.parse("2026-06-10T03:00:00Z").toEpochMilli()))
        .isEqualTo("2026-06-10T03:00:00.000Z");
  }

  @Property
  void timesAreReadAsWhatTheyWere(@ForAll @LongRange(max = YEAR_9999) long millis) {
    assertThat(Instant.parse(Json.time(millis)).toEpochMilli()).isEqualTo(millis);
  }

  @Test
  void anObjectMayStandInAString() throws Exception {
    Telling.Body inner =
        json -> {
          json.writeStartObject();
          json.writeStringField("a", "\"b\"");
          json.writeEndObject();
        };
    assertThat(Json.text(inner)).isEqualTo("{\"a\":\"\\\"b\\\"\"}");
  }
}
