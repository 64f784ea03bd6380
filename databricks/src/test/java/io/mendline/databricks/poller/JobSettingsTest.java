package io.mendline.databricks.poller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSettingsTest {
  private static final long NOON = Instant.parse("2026-06-01T12:00:00Z").toEpochMilli();
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @ParameterizedTest
  @ValueSource(strings = {"11", "12", "412345678901234"})
  void a_job_is_told_of_once_a_day(String id) {
    long before = JobSettings.telling(id, job("nightly"), NOON);
    int told = 0;
    for (int hour = 1; hour <= 3 * 24; hour++) {
      long now = JobSettings.telling(id, job("nightly"), NOON + hour * HOUR);
      told += now == before ? 0 : 1;
      before = now;
    }

    assertThat(told).isEqualTo(3);
  }

  @Test
  void and_whenever_its_settings_change() {
    assertThat(JobSettings.telling("11", job("nightly"), NOON))
        .isNotEqualTo(JobSettings.telling("11", job("hourly"), NOON));
  }

  private static ObjectNode job(String name) {
    ObjectNode job = JsonNodeFactory.instance.objectNode().put("job_id", 11);
    job.putObject("settings").put("name", name);
    return job;
  }
}
