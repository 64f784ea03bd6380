package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class TimerIndexTest {
  private static final int RUNS = Source.RUNS.bit();
  private static final int BOTH = Source.bits(Source.CACHE, Source.CHANGES);

  private final TimerIndex timers = new TimerIndex();

  @Test
  void the_earliest_comes_first_and_of_equal_times_the_lower_key() {
    timers.set(key("c"), 100, RUNS);
    timers.set(key("b"), 200, RUNS);
    timers.set(key("a"), 200, BOTH);

    assertThat(drain(Progress.of(source -> 300, 300))).containsExactly("c", "a", "b");
  }

  @Test
  void a_deadline_of_two_sources_waits_for_the_slower() {
    timers.set(key("a"), 100, BOTH);

    Progress ahead = Progress.of(source -> source == Source.CHANGES ? 99 : 500, 500);
    assertThat(timers.poll(ahead)).isNull();

    Progress both = Progress.of(source -> source == Source.CHANGES ? 100 : 500, 500);
    assertThat(timers.poll(both)).isEqualTo(key("a"));
  }

  @Test
  void a_key_has_one_deadline_the_last_that_was_set() {
    timers.set(key("a"), 100, RUNS);
    timers.set(key("a"), 300, RUNS);

    assertThat(timers.poll(Progress.of(source -> 299, 299))).isNull();
    assertThat(timers.poll(Progress.of(source -> 300, 300))).isEqualTo(key("a"));
    assertThat(timers.size()).isZero();
  }

  @Test
  void a_key_may_wait_for_other_sources_than_before() {
    timers.set(key("a"), 100, RUNS);
    timers.set(key("a"), 100, BOTH);

    Progress runsOnly = Progress.of(source -> source == Source.RUNS ? 500 : 0, 500);
    assertThat(timers.poll(runsOnly)).isNull();
    assertThat(drain(Progress.of(source -> 500, 500))).containsExactly("a");
  }

  @Test
  void a_cleared_deadline_does_not_come() {
    timers.set(key("a"), 100, RUNS);
    timers.set(key("a"), Step.NEVER, 0);
    timers.set(key("b"), Step.NEVER, RUNS);

    assertThat(timers.poll(Progress.of(source -> 500, 500))).isNull();
    assertThat(timers.size()).isZero();
  }

  @Test
  void nothing_is_due_before_anything_was_heard() {
    timers.set(key("a"), -5, RUNS);

    assertThat(timers.poll(Progress.NONE)).isNull();
  }

  /** A deadline that moves a million times must not leave a million entries behind. */
  @Test
  void stale_entries_are_cleaned_away() {
    for (int key = 0; key < 10; key++) {
      for (int moved = 0; moved < 100_000; moved++) {
        timers.set(key("k" + key), 1_000_000 + moved, key % 2 == 0 ? RUNS : BOTH);
      }
    }

    assertThat(timers.size()).isEqualTo(10);
    assertThat(timers.entries()).isLessThan(3_000);
    assertThat(drain(Progress.of(source -> 2_000_000, 0))).hasSize(10);
  }

  @Property(tries = 300)
  void it_gives_what_a_sorted_list_gives(@ForAll("settings") List<Setting> settings) {
    TimerIndex index = new TimerIndex();
    Map<String, Setting> last = new HashMap<>();
    for (Setting setting : settings) {
      index.set(key(setting.key()), setting.at(), setting.sources());
      last.put(setting.key(), setting);
    }
    Progress progress = Progress.of(source -> source == Source.RUNS ? 50 : 30, 0);

    List<String> expected =
        last.values().stream()
            .filter(setting -> setting.at() != Step.NEVER)
            .filter(setting -> setting.at() <= progress.of(setting.sources()))
            .sorted(Comparator.comparingLong(Setting::at).thenComparing(Setting::key))
            .map(Setting::key)
            .toList();

    List<String> polled = new ArrayList<>();
    for (StateKey key = index.poll(progress); key != null; key = index.poll(progress)) {
      polled.add(key.id());
    }
    assertThat(polled).isEqualTo(expected);
  }

  @Provide
  Arbitrary<List<Setting>> settings() {
    Arbitrary<Long> at = Arbitraries.longs().between(0, 60);
    return Combinators.combine(
            Arbitraries.of("a", "b", "c", "d", "e"),
            Arbitraries.frequencyOf(Tuple.of(5, at), Tuple.of(1, Arbitraries.just(Step.NEVER))),
            Arbitraries.of(RUNS, BOTH))
        .as(Setting::new)
        .list()
        .ofMaxSize(30);
  }

  record Setting(String key, long at, int sources) {}

  private List<String> drain(Progress progress) {
    List<String> keys = new ArrayList<>();
    for (StateKey key = timers.poll(progress); key != null; key = timers.poll(progress)) {
      keys.add(key.id());
    }
    return keys;
  }

  private static StateKey key(String id) {
    return new StateKey("databricks:1", id);
  }
}
