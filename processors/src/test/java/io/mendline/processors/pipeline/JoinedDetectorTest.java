package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedDetectorTest {
  private static final StateKey KEY = new StateKey("route", "key");
  private static final Message EVEN = fact(2);
  private static final Message ODD = fact(3);

  private final List<String> steps = new ArrayList<>();
  private final JoinedDetector joined =
      new JoinedDetector(List.of(new Counting("even", 2, 100), new Counting("third", 3, 50)));

  @Test
  void each_sees_only_what_is_for_it() {
    arrive(null, EVEN);

    assertThat(steps).containsExactly("even null");
    assertThat(joined.keyOf(ODD)).isEqualTo(KEY);
    assertThat(joined.keyOf(fact(5))).isNull();
  }

  @Test
  void the_earliest_deadline_wakes_and_only_whose_it_is_is_stepped() {
    Step<JoinedDetector.Parts> both = arrive(arrive(null, EVEN).state(), ODD);
    assertThat(both.wakeAt()).isEqualTo(50);
    steps.clear();

    Step<JoinedDetector.Parts> due = joined.step(KEY, again(both.state()), new Input.Due(50), null);

    assertThat(steps).containsExactly("third due 50");
    assertThat(due.wakeAt()).isEqualTo(100);
    assertThat(joined.step(KEY, due.state(), new Input.Due(100), null).state()).isNull();
  }

  @Test
  void a_joined_detector_is_not_joined_again() {
    assertThatThrownBy(() -> new JoinedDetector(List.of(joined)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void what_has_no_clock_of_a_route_does_not_wait_for_what_has() {
    JoinedDetector some =
        new JoinedDetector(
            List.of(
                new Counting("even", 2, 100),
                new Counting("third", 3, 50) {
                  @Override
                  public int clocks() {
                    return 3;
                  }

                  @Override
                  public Duration soon() {
                    return Duration.ZERO;
                  }
                }));
    JoinedDetector.Parts both =
        some.step(KEY, null, new Input.Arrived(fact(6), false), null).state();
    steps.clear();

    assertThat(some.clocks()).isEqualTo(3);
    assertThat(some.soon()).isEqualTo(Duration.ZERO);
    assertThat(some.aloneAt(both)).isEqualTo(100);
    Step<JoinedDetector.Parts> alone = some.step(KEY, both, new Input.Due(100, true), null);

    assertThat(steps).containsExactly("even due 100");
    assertThat(alone.wakeAt()).isEqualTo(50);
    assertThat(some.aloneAt(alone.state())).isEqualTo(Step.NEVER);
  }

  @Test
  void the_sources_are_those_of_the_parts_that_there_are() {
    assertThat(joined.sources(arrive(null, EVEN).state())).isEqualTo(2);
    assertThat(joined.sources(arrive(arrive(null, EVEN).state(), ODD).state())).isEqualTo(3);
  }

  @Test
  void parts_that_are_not_known_are_not_read() {
    byte[] bytes = written(arrive(null, ODD).state());

    assertThatThrownBy(
            () ->
                new JoinedDetector(List.of(new Counting("even", 2, 100)))
                    .codec()
                    .read(new BinaryReader(bytes)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("parts that this build does not know");
  }

  private static Message fact(long time) {
    return new Signal(
        Source.RUNS, "route", null, time, time, new Coordinates("topic", 0, time), null);
  }

  private Step<JoinedDetector.Parts> arrive(JoinedDetector.Parts before, Message message) {
    return joined.step(KEY, before, new Input.Arrived(message, false), null);
  }

  private JoinedDetector.Parts again(JoinedDetector.Parts parts) {
    return joined.codec().read(new BinaryReader(written(parts)));
  }

  private byte[] written(JoinedDetector.Parts parts) {
    BinaryWriter out = new BinaryWriter();
    joined.codec().write(parts, out);
    return out.toByteArray();
  }

  /** Takes what a number divides, and is gone at its one deadline. */
  private class Counting implements Detector<String> {
    private final String name;
    private final int divisor;
    private final long wakeAt;

    Counting(String name, int divisor, long wakeAt) {
      this.name = name;
      this.divisor = divisor;
      this.wakeAt = wakeAt;
    }

    @Override
    public StateKey keyOf(Message message) {
      return message instanceof Signal signal && signal.eventTime() % divisor == 0 ? KEY : null;
    }

    @Override
    public int sources(String state) {
      return divisor;
    }

    @Override
    public Step<String> step(StateKey key, String state, Input input, View view) {
      if (input instanceof Input.Due due) {
        steps.add(name + " due " + due.at());
        return Step.gone();
      }
      steps.add(name + " " + state);
      return Step.quiet(name, wakeAt);
    }

    @Override
    public StateCodec<String> codec() {
      return new StateCodec<>() {
        @Override
        public void write(String state, BinaryWriter out) {
          out.writeString(state);
        }

        @Override
        public String read(BinaryReader in) {
          return in.readString();
        }
      };
    }
  }
}
