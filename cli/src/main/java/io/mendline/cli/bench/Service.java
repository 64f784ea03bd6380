package io.mendline.cli.bench;

import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import java.nio.file.Path;
import org.apache.kafka.streams.KafkaStreams;

/** The service as {@code mendline run} starts it. */
final class Service implements Subject {
  private final Settings settings;
  private final Path states;
  private MendlineService service;

  Service(Settings settings, Path states) {
    this.settings = settings;
    this.states = states;
  }

  @Override
  public void start(String application) throws InterruptedException {
    service =
        MendlineService.start(
            settings
                .with("application.id", application)
                .with("state.dir", states.resolve(application).toString()));
    while (service.state() != KafkaStreams.State.RUNNING) {
      Worker.requireAlive(service.state());
    }
  }

  @Override
  public int port() {
    return service.apiPort();
  }

  @Override
  public void stop() {
    service.close();
  }
}
