package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.processors.policy.Policy;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The host of detectors, told with a detector that notes what it is stepped with: each signal sets
 * a deadline ten minutes after its own time, and the deadline puts out an incident's tombstone that
 * says which one it was.
 */
class KeyedStationTest {
  private static final String ROUTE = "databricks:1";
  private static final long TEN_MINUTES = 600_000;

  private final ByteStore<SortedSet<Long>> store = new ByteStore<>(new Notebook().codec());
  private final List<String> steps = new ArrayList<>();
  private final List<String> out = new ArrayList<>();
  private Notebook notebook = new Notebook();
  private long begun = -1;
  private long routeClock;
  private KeyedStation<SortedSet<Long>> station = station(Budget.UNLIMITED);

  @Nested
  class Deadlines {
    @Test
    void fire_when_progress_passes_them_in_the_order_of_time_over_all_keys() {
      accept(signal("b", "10:02"), signal("a", "10:01"), signal("c", "10:00"));

      progress("10:11");

      assertThat(steps)
          .containsExactly("b 10:02", "a 10:01", "c 10:00", "c due 10:10", "a due 10:11");
    }

    @Test
    void fire_before_a_message_is_applied_to_their_key() {
      KeyedStation<SortedSet<Long>> slow = station(new Budget(0, Long.MAX_VALUE, () -> 0));
      slow.accept(signal("a", "10:00"), out());
      slow.accept(signal("b", "10:00"), out());
      slow.accept(until("10:30"), out());
      assertThat(steps).as("no budget, so nothing has fired").doesNotContain("a due 10:10");

      slow.accept(signal("a", "10:05"), out());

      assertThat(steps).containsExactly("a 10:00", "b 10:00", "a due 10:10", "a 10:05 late");
    }

    @Test
    void wait_for_earlier_ones_of_other_keys_where_a_detector_wants_it_so() {
      notebook.inOrder = true;
      KeyedStation<SortedSet<Long>> slow = station(new Budget(1, Long.MAX_VALUE, () -> 0));
      slow.accept(signal("a", "10:01"), out());
      slow.accept(signal("b", "10:00"), out());
      slow.accept(signal("c", "10:00"), out());
      slow.accept(until("10:30"), out());
      assertThat(steps).as("one key is the budget").endsWith("b due 10:10");

      slow.accept(signal("a", "10:05"), out());
      slow.accept(signal("a", "10:31"), out());
      slow.resume(out());
      slow.resume(out());

      assertThat(steps)
          .endsWith("b due 10:10", "a 10:05 late", "a 10:31", "c due 10:10", "a due 10:11");
    }

    @Test
    void of_one_key_fire_one_after_the_other_each_at_its_own_time() {
      accept(signal("a", "10:00"), signal("a", "10:03"), signal("a", "10:01"));

      progress("12:00");

      assertThat(steps)
          .containsExactly(
              "a 10:00", "a 10:03", "a 10:01", "a due 10:10", "a due 10:11", "a due 10:13");
    }

    @Test
    void come_before_the_progress_that_they_were_due_at() {
      accept(signal("a", "10:00"));

      progress("10:10");

      assertThat(out).endsWith("due 10:10", "progress 10:10");
    }

    @Test
    void that_are_not_passed_wait() {
      accept(signal("a", "10:00"));

      progress("10:09");

      assertThat(steps).containsExactly("a 10:00");
      assertThat(out).endsWith("progress 10:09");
    }

    @Test
    void of_a_watermark_that_was_never_heard_do_not_fire() {
      accept(signal("a", "10:00"));

      station.accept(
          Progress.of(
              source -> source == Source.RUNS ? Progress.UNHEARD : at("23:00"), at("23:00")),
          out());

      assertThat(steps).containsExactly("a 10:00");
    }

    @Test
    void are_found_again_after_a_restart() {
      accept(signal("a", "10:00"), signal("b", "10:01"));

      restart();
      progress("10:10");

      assertThat(steps).endsWith("a due 10:10").doesNotContain("b due 10:11");
    }

    @Test
    void that_a_step_leaves_standing_are_a_mistake_rather_than_an_endless_loop() {
      notebook = new Notebook();
      notebook.leavesDeadlinesStanding = true;
      station = station(Budget.UNLIMITED);
      accept(signal("a", "10:00"));

      assertThatThrownBy(() -> progress("11:00"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("left standing");
    }
  }

  @Nested
  class A_route_with_a_clock_of_its_own {
    @BeforeEach
    void has() {
      notebook.clocks = Source.RUNS.bit();
      station = station(Budget.UNLIMITED);
    }

    @Test
    void has_deadlines_that_wait_for_it_and_hold_up_nobody() {
      accept(signal("a", "10:00"), signal("b", "11:00"));
      routeClock = at("10:30");

      progress("12:00");

      assertThat(steps).endsWith("a due 10:10").doesNotContain("b due 11:10");
      assertThat(out).endsWith("due 10:10", "progress 12:00");
      assertThat(station.timers()).isEqualTo(1);
      assertThat(station.due()).isZero();
    }

    @Test
    void has_them_fire_when_it_goes_on() {
      accept(signal("a", "10:00"), signal("b", "11:00"));
      routeClock = at("10:30");
      progress("12:00");

      routeClock = at("12:01");
      progress("12:01");

      assertThat(steps).endsWith("b due 11:10");
      assertThat(out).endsWith("due 11:10", "progress 12:01");
      assertThat(station.timers()).isZero();
    }

    @Test
    void has_them_after_a_restart() {
      accept(signal("a", "11:00"));
      routeClock = at("10:30");
      progress("12:00");

      restart();
      progress("12:01");
      assertThat(steps).doesNotContain("a due 11:10");
      routeClock = at("12:02");
      progress("12:02");

      assertThat(steps).endsWith("a due 11:10");
    }

    @Test
    void judges_what_comes_behind_the_watermark_as_if_it_came_in_time() {
      accept(signal("a", "10:00"), signal("a", "11:00"));
      routeClock = at("10:30");
      progress("12:00");

      accept(signal("a", "10:40"), signal("a", "10:30"));

      assertThat(steps).endsWith("a 10:40", "a 10:30 late");
    }

    @Test
    void does_not_hold_up_what_waits_for_the_watermark_alone() {
      notebook.lastIsAlone = true;
      accept(signal("a", "11:00"), signal("a", "11:30"));
      routeClock = at("10:30");

      progress("12:00");
      assertThat(steps).endsWith("a due 11:40").doesNotContain("a due 11:10");

      routeClock = at("12:00");
      progress("12:01");
      assertThat(steps).endsWith("a due 11:40", "a due 11:10");
      assertThat(station.timers()).isZero();
    }

    @Test
    void holds_up_even_what_is_due_soon_where_a_detector_wants_it_so() {
      notebook.soon = Duration.ZERO;
      station = station(Budget.UNLIMITED);
      accept(signal("a", "10:00"));
      routeClock = at("10:09");

      progress("12:00");
      assertThat(steps).doesNotContain("a due 10:10");

      routeClock = at("10:10");
      progress("12:01");
      assertThat(steps).endsWith("a due 10:10");
    }

    @Test
    void lets_pass_what_is_due_soon_after_the_newest_event() {
      accept(signal("a", "10:00"), signal("b", "10:01"));
      routeClock = at("10:00");

      progress("12:00");

      assertThat(steps).endsWith("a due 10:10");
    }
  }

  @Nested
  class A_budget {
    @Test
    void holds_progress_back_until_all_that_was_due_has_fired() {
      station = station(new Budget(2, Long.MAX_VALUE, () -> 0));
      accept(signal("a", "10:00"), signal("b", "10:01"), signal("c", "10:02"));
      out.clear();

      progress("10:30");
      assertThat(out).containsExactly("due 10:10", "due 10:11");

      assertThat(station.resume(out())).isTrue();
      assertThat(out).containsExactly("due 10:10", "due 10:11", "due 10:12", "progress 10:30");

      assertThat(station.resume(out())).isTrue();
      assertThat(out).as("progress is told once").hasSize(4);
    }

    @Test
    void that_is_used_up_leaves_deadlines_due_which_can_be_counted() {
      station = station(new Budget(2, Long.MAX_VALUE, () -> 0));
      accept(
          signal("a", "10:00"), signal("b", "10:01"), signal("c", "10:02"), signal("d", "11:00"));
      assertThat(station.timers()).isEqualTo(4);
      assertThat(station.due()).isZero();

      progress("10:30");
      assertThat(station.due()).isEqualTo(1);
      assertThat(station.timers()).isEqualTo(2);

      assertThat(station.resume(out())).isTrue();
      assertThat(station.due()).isZero();
      assertThat(station.timers()).isEqualTo(1);
    }

    @Test
    void of_time_ends_a_slice_after_the_key_at_hand() {
      long[] nanos = {0};
      station = station(new Budget(1_000, 20, () -> nanos[0] += 15));
      accept(
          signal("a", "10:00"), signal("b", "10:01"), signal("c", "10:02"), signal("d", "10:03"));
      out.clear();

      progress("10:30");
      assertThat(out).containsExactly("due 10:10", "due 10:11");

      while (!station.resume(out())) {
        assertThat(out).doesNotContain("progress 10:30");
      }
      assertThat(out).endsWith("due 10:13", "progress 10:30");
    }

    @Test
    void lets_signals_through_meanwhile_and_the_newest_progress_counts() {
      station = station(new Budget(1, Long.MAX_VALUE, () -> 0));
      accept(signal("a", "10:00"), signal("b", "10:01"));

      progress("10:20");
      accept(signal("c", "10:19"));
      progress("10:40");
      while (!station.resume(out())) {
        // goes on until nothing is left
      }

      assertThat(out).containsSubsequence("due 10:10", "due 10:11", "due 10:29", "progress 10:40");
      assertThat(out).doesNotContain("progress 10:20");
      assertThat(steps).contains("c 10:19 late");
    }
  }

  @Nested
  class A_signal {
    @Test
    void at_or_below_the_watermark_is_late() {
      progress("10:00");

      accept(signal("a", "10:00"), signal("b", "10:01"));

      assertThat(steps).containsExactly("a 10:00 late", "b 10:01");
    }

    @Test
    void of_no_concern_goes_on_down_the_line() {
      accept(new Signal(Source.CACHE, ROUTE, null, at("10:00"), 1, null, null));

      assertThat(steps).isEmpty();
      assertThat(out).containsExactly("signal 10:00");
    }

    @Test
    void that_is_taken_goes_no_further() {
      accept(signal("a", "10:00"));

      assertThat(out).isEmpty();
    }
  }

  @Nested
  class The_outbox {
    @Test
    void is_empty_where_outputs_and_state_are_one_transaction() {
      accept(signal("a", "10:00"), signal("a", "10:20"));
      progress("10:10");

      assertThat(store.get(key("a")).outbox()).isEmpty();
    }

    @Test
    void keeps_what_was_put_out_until_two_further_commits_have_begun() {
      begun = 0;
      accept(signal("a", "10:00"), signal("a", "10:20"));
      progress("10:10");
      assertThat(kept("a")).containsExactly("due 10:10");

      begun = 1;
      accept(signal("a", "10:21"));
      assertThat(kept("a")).as("the commit may still fail").containsExactly("due 10:10");

      begun = 2;
      accept(signal("a", "10:22"));
      assertThat(kept("a")).as("the second has begun, so the first has ended").isEmpty();
    }

    @Test
    void is_told_again_after_a_crash() {
      begun = 7;
      accept(signal("a", "10:00"), signal("a", "10:20"));
      progress("10:10");
      out.clear();

      begun = 0;
      restart();

      assertThat(out).containsExactly("due 10:10");
    }

    @Test
    void of_an_earlier_life_is_kept_until_two_commits_after_it_was_told_again() {
      begun = 7;
      accept(signal("a", "10:00"), signal("a", "10:20"));
      progress("10:10");

      begun = 3;
      restart();
      accept(signal("a", "10:21"));
      begun = 4;
      accept(signal("a", "10:22"));
      assertThat(kept("a")).containsExactly("due 10:10");

      begun = 5;
      accept(signal("a", "10:23"));
      assertThat(kept("a")).isEmpty();
    }

    @Test
    void of_an_earlier_life_with_a_low_count_is_kept_as_long() {
      begun = 0;
      accept(signal("a", "10:00"), signal("a", "10:20"));
      progress("10:10");

      begun = 2;
      restart();
      accept(signal("a", "10:21"));

      assertThat(kept("a")).as("told again only now").containsExactly("due 10:10");
    }

    @Test
    void outlives_its_key() {
      begun = 0;
      accept(signal("a", "10:00"));
      progress("10:10");
      goes("a");
      out.clear();

      restart();

      assertThat(out).containsExactly("due 10:10");
      assertThat(store.get(key("a")).state()).isNull();
    }

    @Test
    void of_a_key_that_is_gone_goes_when_two_further_commits_have_begun() {
      begun = 0;
      accept(signal("a", "10:00"));
      progress("10:10");
      goes("a");
      assertThat(kept("a")).containsExactly("due 10:10");

      begun = 1;
      station.resume(out());
      assertThat(kept("a")).containsExactly("due 10:10");

      begun = 2;
      station.resume(out());
      assertThat(store.get(key("a"))).isNull();
    }

    @Test
    void of_a_key_that_is_gone_goes_after_a_restart_too() {
      begun = 9;
      accept(signal("a", "10:00"));
      progress("10:10");
      goes("a");

      begun = 0;
      restart();
      begun = 1;
      progress("10:20");
      assertThat(kept("a")).containsExactly("due 10:10");
      begun = 2;
      progress("10:21");
      assertThat(store.size()).isZero();
    }

    @Test
    void of_a_key_that_comes_back_stays_with_it() {
      begun = 0;
      accept(signal("a", "10:00"));
      progress("10:10");
      goes("a");

      accept(signal("a", "10:30"));
      progress("10:40");
      assertThat(kept("a")).containsExactly("due 10:10", "due 10:40");
      assertThat(steps).endsWith("a 10:30", "a due 10:40");

      begun = 2;
      accept(signal("a", "10:50"));
      assertThat(kept("a")).isEmpty();
      assertThat(store.get(key("a")).state()).isNotNull();
    }

    @Test
    void of_a_key_that_goes_with_nothing_kept_leaves_nothing() {
      begun = 0;
      accept(signal("a", "10:00"));
      goes("a");

      assertThat(store.size()).isZero();
    }

    @Test
    void left_by_at_least_once_is_told_and_taken_away_under_exactly_once() {
      begun = 0;
      accept(signal("a", "10:00"));
      progress("10:10");
      goes("a");
      out.clear();

      begun = -1;
      restart();

      assertThat(out).containsExactly("due 10:10");
      assertThat(store.size()).isZero();
    }

    @Test
    void of_a_key_that_is_gone_does_not_wake_it() {
      begun = 0;
      accept(signal("a", "10:00"));
      progress("10:10");
      goes("a");
      steps.clear();

      restart();
      progress("23:00");

      assertThat(steps).isEmpty();
    }
  }

  private KeyedStation<SortedSet<Long>> station(Budget budget) {
    return new KeyedStation<>(notebook, store, new NoView(), () -> begun, budget);
  }

  private void restart() {
    station = station(Budget.UNLIMITED);
    station.recover(out());
  }

  private void accept(Signal... signals) {
    for (Signal signal : signals) {
      station.accept(signal, out());
    }
  }

  private void progress(String time) {
    station.accept(until(time), out());
  }

  private void goes(String id) {
    accept(signal(id, "00:00"));
  }

  private List<String> kept(String id) {
    return store.get(key(id)).outbox().stream().map(KeyedStationTest::text).toList();
  }

  private Emitter out() {
    return message -> out.add(text(message));
  }

  private static String text(Message message) {
    if (message instanceof Progress progress) {
      return "progress " + clock(progress.clock());
    }
    if (message instanceof Signal signal) {
      return "signal " + clock(signal.eventTime());
    }
    return "due " + ((Output.Forgot) message).incidentId();
  }

  private static Progress until(String time) {
    return Progress.of(source -> at(time), at(time));
  }

  private static Signal signal(String id, String time) {
    Subject subject = new Subject(null, id, null, null, null);
    return new Signal(Source.RUNS, ROUTE, subject, at(time), 1, null, null);
  }

  private static StateKey key(String id) {
    return new StateKey(ROUTE, id);
  }

  private static long at(String time) {
    return Instant.parse("2026-06-01T" + time + ":00Z").toEpochMilli();
  }

  private static String clock(long at) {
    return Instant.ofEpochMilli(at).toString().substring(11, 16);
  }

  /** Keeps the deadlines of a key; a signal of midnight makes it forget the key. */
  private final class Notebook implements Detector<SortedSet<Long>> {
    private boolean leavesDeadlinesStanding;
    private boolean inOrder;
    private int clocks;
    private Duration soon = Hearing.SOON;
    private boolean lastIsAlone;

    @Override
    public Duration soon() {
      return soon;
    }

    @Override
    public long aloneAt(SortedSet<Long> deadlines) {
      boolean waits = lastIsAlone && deadlines.size() > 1;
      return waits ? deadlines.last() : Step.NEVER;
    }

    @Override
    public boolean firesInOrder() {
      return inOrder;
    }

    @Override
    public StateKey keyOf(Message message) {
      return message instanceof Signal signal && signal.source() == Source.RUNS
          ? key(signal.subject().id())
          : null;
    }

    @Override
    public int sources(SortedSet<Long> state) {
      return Source.RUNS.bit();
    }

    @Override
    public int clocks() {
      return clocks;
    }

    @Override
    public Step<SortedSet<Long>> step(
        StateKey key, SortedSet<Long> before, Input input, View view) {
      SortedSet<Long> deadlines = before == null ? new TreeSet<>() : before;
      if (input instanceof Input.Due due) {
        steps.add(key.id() + " due " + clock(due.at()));
        if (!leavesDeadlinesStanding) {
          deadlines.remove(due.at());
        }
        return new Step<>(
            deadlines, List.of(new Output.Forgot(ROUTE, clock(due.at()))), wakeAt(deadlines));
      }
      Input.Arrived arrived = (Input.Arrived) input;
      long at = ((Signal) arrived.message()).eventTime();
      if (at == at("00:00")) {
        return Step.gone();
      }
      steps.add(key.id() + " " + clock(at) + (arrived.late() ? " late" : ""));
      deadlines.add(at + TEN_MINUTES);
      return Step.quiet(deadlines, wakeAt(deadlines));
    }

    @Override
    public StateCodec<SortedSet<Long>> codec() {
      return new StateCodec<>() {
        @Override
        public void write(SortedSet<Long> state, BinaryWriter out) {
          out.writeList(List.copyOf(state), BinaryWriter::writeFixed64);
        }

        @Override
        public SortedSet<Long> read(BinaryReader in) {
          return new TreeSet<>(in.readList(BinaryReader::readFixed64));
        }
      };
    }

    private static long wakeAt(SortedSet<Long> deadlines) {
      return deadlines.isEmpty() ? Step.NEVER : deadlines.first();
    }
  }

  private final class NoView implements View {
    @Override
    public RuleProfile ruleProfile(String route, String ruleId, long at) {
      return RuleProfile.UNKNOWN;
    }

    @Override
    public long clock() {
      return 0;
    }

    @Override
    public Policy policy(long at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long clock(String route, Source source, long watermark) {
      return Math.min(watermark, routeClock);
    }

    @Override
    public Presence presence(String route, Source source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Siblings siblings(String route, String jobId, long at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<RunEnd> lastEnds(String route, String pattern, long before) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<RunEnd> ends(String route, String jobId, long after, long until) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Change> changes(String service, long from, long to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RepairOdds repairs(String route, String cause, long at) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> void others(StateKey key, Class<T> type, BiConsumer<StateKey, T> visitor) {}

    @Override
    public List<ConnectorTrouble> connectors(String route, long from, long to) {
      throw new UnsupportedOperationException();
    }
  }
}
