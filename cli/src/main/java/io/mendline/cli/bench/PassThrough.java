package io.mendline.cli.bench;

import io.mendline.topology.MendlineService;
import io.mendline.topology.Settings;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;

/** Kafka Streams, set as the service sets it, that writes what it reads to one topic. */
final class PassThrough implements Subject {
  private final Settings settings;
  private final Path states;
  private final Collection<String> inputs;
  private final String out;
  private KafkaStreams streams;

  PassThrough(Settings settings, Path states, Collection<String> inputs, String out) {
    this.settings = settings;
    this.states = states;
    this.inputs = inputs;
    this.out = out;
  }

  @Override
  public void start(String application) throws InterruptedException {
    Serde<byte[]> bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(List.copyOf(inputs), Consumed.with(bytes, bytes).withName("inputs"))
        .to(out, Produced.with(bytes, bytes).withName("to-out"));
    streams =
        new KafkaStreams(
            builder.build(),
            MendlineService.properties(
                settings
                    .with("application.id", application)
                    .with("state.dir", states.resolve(application).toString())));
    streams.start();
    while (streams.state() != KafkaStreams.State.RUNNING) {
      Worker.requireAlive(streams.state());
    }
  }

  @Override
  public void stop() {
    streams.close();
  }
}
