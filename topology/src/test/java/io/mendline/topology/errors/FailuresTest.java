package io.mendline.topology.errors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final Failures failures = new Failures(3, Duration.ofMinutes(10), now::get);

  @Test
  void a_few_threads_are_replaced_and_one_more_ends_the_process() {
    for (int i = 0; i < 3; i++) {
      assertThat(failures.endsBy(new KafkaException("gone"))).isEmpty();
    }
    assertThat(failures.endsBy(new KafkaException("gone")))
        .contains("4 threads died within 10 minutes; start again when the cause is gone");
  }

  @Test
  void what_died_longer_ago_does_not_count() {
    for (int i = 0; i < 100; i++) {
      assertThat(failures.endsBy(new TimeoutException("slow"))).isEmpty();
      now.addAndGet(Duration.ofMinutes(10).toMillis() / 3);
    }
  }

  @Test
  void the_time_slides() {
    assertThat(failures.endsBy(new KafkaException("1"))).isEmpty();
    now.addAndGet(Duration.ofMinutes(9).toMillis());
    assertThat(failures.endsBy(new KafkaException("2"))).isEmpty();
    assertThat(failures.endsBy(new KafkaException("3"))).isEmpty();
    now.addAndGet(Duration.ofMinutes(1).toMillis());
    assertThat(failures.endsBy(new KafkaException("4"))).isEmpty();
    assertThat(failures.endsBy(new KafkaException("5"))).isPresent();
  }

  @ParameterizedTest
  @MethodSource("hopeless")
  void what_another_thread_would_meet_again_ends_the_process_at_once(
      Throwable problem, String remedy) {
    assertThat(failures.endsBy(new StreamsException("outer", problem)))
        .hasValueSatisfying(line -> assertThat(line).contains(remedy));
  }

  static Stream<Arguments> hopeless() {
    return Stream.of(
        Arguments.of(new SaslAuthenticationException("no"), "kafka.sasl.*"),
        Arguments.of(new ClusterAuthorizationException("no"), "grant this user"),
        Arguments.of(new MissingSourceTopicException("gone"), "mendline topics check"),
        Arguments.of(new OutOfMemoryError("heap"), "start it again"),
        Arguments.of(
            new IOException("write: No space left on device"), "make room where state.dir"));
  }
}
