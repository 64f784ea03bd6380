package io.mendline.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NdjsonWriterTest {
  @TempDir Path directory;

  @Test
  void aFileASourceAndAValueALine() throws IOException {
    TelemetryGenerator generator =
        new TelemetryGenerator(GeneratorSettings.builder().rules(3).jobs(2).services(1).build());
    NdjsonWriter.write(generator.iterator(), directory.resolve("new/day"));
    try (Stream<Path> files = Files.list(directory.resolve("new/day"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "sentinel.ndjson", "runs.ndjson", "cache.ndjson", "changes.ndjson");
    }
    List<String> runs =
        generator.stream()
            .filter(message -> message.source() == Source.RUNS)
            .map(SampleMessage::text)
            .toList();
    assertThat(Files.readAllLines(directory.resolve("new/day/runs.ndjson"))).isEqualTo(runs);
  }
}
