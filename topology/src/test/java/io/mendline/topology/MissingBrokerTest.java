package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a person sees who starts the service without a broker, or with the wrong address. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class MissingBrokerTest {
  @Test
  void without_an_address_the_missing_key_is_named() {
    Settings settings = Settings.of(Map.of());

    assertThatThrownBy(() -> MendlineService.start(settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"kafka.bootstrap.servers\" is missing");
    assertThatThrownBy(() -> MendlineService.prepare(settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("\"kafka.bootstrap.servers\" is missing");
  }

  @Test
  void an_address_that_is_none_is_refused() {
    assertThatThrownBy(() -> Settings.of(Map.of("kafka.bootstrap.servers", "no-port-here")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("no-port-here");
  }

  @Test
  void nobody_at_the_address_is_said_so_within_the_time_that_settings_give() throws IOException {
    Settings settings =
        Settings.of(
            Map.of(
                "kafka.bootstrap.servers", "localhost:" + freePort(),
                "kafka.default.api.timeout.ms", "500",
                "kafka.request.timeout.ms", "500"));

    assertThatThrownBy(() -> MendlineService.start(settings))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("the broker does not answer")
        .hasMessageContaining("check kafka.bootstrap.servers")
        .hasMessageNotContaining("\n");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
