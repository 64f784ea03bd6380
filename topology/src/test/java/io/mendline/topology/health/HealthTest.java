package io.mendline.topology.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
  private static final TopicPartition CHANGELOG = new TopicPartition("runs-changelog", 3);

  private final Health health = new Health(100);

  /** The states an instance has gone through, its threads, and what is left to restore. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # states                                   threads left   live   started ready  why not ready
          CREATED,                                         2,   0,  true,  false,  false, CREATED
          CREATED REBALANCING,                             2,   0,  true,  false,  false, STARTING
          CREATED REBALANCING,                             2, 999,  true,  false,  false, STARTING
          CREATED REBALANCING RUNNING,                     2,   0,  true,  true,   true,  RUNNING
          CREATED REBALANCING RUNNING REBALANCING,         2,   0,  true,  true,   true,  REBALANCING
          CREATED REBALANCING RUNNING REBALANCING,         2, 100,  true,  true,   true,  REBALANCING
          CREATED REBALANCING RUNNING REBALANCING,         2, 101,  true,  true,   false, RESTORING
          CREATED REBALANCING RUNNING,                     1,   0,  true,  true,   true,  RUNNING
          CREATED REBALANCING RUNNING,                     0,   0,  false, true,   true,  RUNNING
          CREATED REBALANCING,                             0,   0,  false, false,  false, STARTING
          REBALANCING RUNNING PENDING_SHUTDOWN,            2,   0,  true,  true,   false, CLOSING
          REBALANCING RUNNING PENDING_SHUTDOWN,            0,   0,  true,  true,   false, CLOSING
          REBALANCING RUNNING PENDING_SHUTDOWN NOT_RUNNING,0,   0,  false, true,   false, NOT_RUNNING
          REBALANCING RUNNING PENDING_ERROR,               1,   0,  true,  true,   false, CLOSING
          REBALANCING RUNNING PENDING_ERROR ERROR,         0,   0,  false, true,   false, ERROR
          REBALANCING PENDING_ERROR ERROR,                 0,   0,  false, false,  false, ERROR
          """)
  void an_instance_is_as_its_states_say(
      String states,
      int threads,
      long left,
      boolean live,
      boolean started,
      boolean ready,
      String status) {
    Stream.of(states.split(" ")).map(State::valueOf).forEach(health::changed);
    health.counting(() -> threads);
    health.restoring().onRestoreStart(CHANGELOG, "runs", 1_000, 1_000 + left);

    assertThat(health.live().up()).as("live").isEqualTo(live);
    assertThat(health.started().up()).as("started").isEqualTo(started);
    assertThat(health.ready().up()).as("ready").isEqualTo(ready);
    assertThat(health.ready().status()).isEqualTo(status);
    assertThat(health.ready().details())
        .containsEntry("threads", threads)
        .containsEntry("recordsToRestore", left);
  }

  @Test
  void an_instance_that_was_asked_to_end_is_not_ready_while_it_still_runs() {
    health.changed(State.RUNNING);
    health.closing();

    assertThat(health.ready().up()).isFalse();
    assertThat(health.ready().status()).isEqualTo("CLOSING");
    assertThat(health.live().up()).isTrue();
  }

  @Test
  void restoring_is_counted_over_all_stores_until_each_is_done_or_gone() {
    RestoreProgress restoring = health.restoring();
    TopicPartition other = new TopicPartition("incidents-changelog", 0);

    restoring.onRestoreStart(CHANGELOG, "runs", 0, 500);
    restoring.onRestoreStart(other, "incidents", 1_000, 1_300);
    assertThat(restoring.left()).isEqualTo(800);
    assertThat(restoring.stores()).isEqualTo(2);

    restoring.onBatchRestored(CHANGELOG, "runs", 199, 150);
    assertThat(restoring.left()).as("markers of transactions count too").isEqualTo(600);

    restoring.onRestoreEnd(CHANGELOG, "runs", 500);
    restoring.onBatchRestored(CHANGELOG, "runs", 499, 1);
    assertThat(restoring.left()).as("what comes after the end brings nothing back").isEqualTo(300);

    restoring.onRestoreSuspended(other, "incidents", 0);
    assertThat(restoring.left()).isZero();
    assertThat(restoring.stores()).isZero();
  }
}
