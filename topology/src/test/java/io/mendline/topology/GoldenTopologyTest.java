package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Holds the topology against {@code src/test/resources/topology.txt}, so that none of its names
 * changes by accident.
 *
 * <p>When this test fails, ask what an application that is running today would make of the change:
 *
 * <ul>
 *   <li><b>Safe to accept:</b> another order of lines; a new filter, processor, sink or output
 *       topic; a new concern with a store of its own, which starts empty.
 *   <li><b>Breaks running applications:</b> another name, or none any more, of a store or of a hop
 *       ({@code signals}, {@code command-requests}): their topics carry it, so what was kept under
 *       the old name is lost. Another number of a sub-topology: a task is called after it, and its
 *       local state and its committed position are looked up by that. Another input topic, if it is
 *       only renamed: its old messages stay unread. Such a change needs a new {@code
 *       application.id} and a replay, and a word in the release notes.
 * </ul>
 *
 * <p>To accept a change, copy the description that the failed test has written to {@code
 * topology/target/topology.txt} over the expected one, and say in the commit which of the two it
 * is.
 */
class GoldenTopologyTest {
  private static final Path EXPECTED = Path.of("src", "test", "resources", "topology.txt");
  private static final Path ACTUAL = Path.of("target", "topology.txt");

  @Test
  void the_topology_is_the_one_that_running_applications_know() throws IOException {
    String actual = MendlineService.describe(Settings.of(Map.of())).describe().toString();

    Files.writeString(ACTUAL, actual);

    assertThat(actual).isEqualTo(Files.readString(EXPECTED));
  }

  @Test
  void the_topology_is_the_same_on_event_hubs_and_in_memory() throws IOException {
    Settings settings =
        Settings.of(
            Map.of(
                "processing.guarantee", "at-least-once",
                "stores", "memory",
                "clock", "input",
                "format", "json"));

    assertThat(MendlineService.describe(settings).describe().toString())
        .isEqualTo(Files.readString(EXPECTED));
  }
}
