package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.serdes.telemetry.Change;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private final Store<RouteMemory> store = new MemoryStore<>();
  private final List<Message> out = new ArrayList<>();
  private Intake intake = intake(Clock.WALL);

  @Test
  void signals_go_down_the_line_in_their_order_behind_word_that_something_arrived() {
    Signal first = Samples.called("chat", "10:00");
    Signal second = Samples.called("chat", "09:00");

    batch(first, second);

    assertThat(out)
        .containsExactly(
            new RouteHeard(first.route(), Source.CACHE, Samples.at("20:00")), first, second);
  }

  @Test
  void on_the_clock_of_the_input_it_is_heard_at_event_times() {
    intake = intake(Clock.INPUT);
    Signal first = Samples.called("chat", "10:00");
    Signal second = Samples.called("chat", "09:00");

    batch(first, second, first);

    assertThat(out.stream().filter(message -> !(message instanceof Progress)))
        .containsExactly(
            new RouteHeard(first.route(), Source.CACHE, first.eventTime()),
            first,
            new RouteHeard(second.route(), Source.CACHE, second.eventTime()),
            second,
            first);
  }

  @Test
  void progress_is_told_when_a_watermark_moves_and_not_when_it_does_not() {
    told(Source.RUNS, "10:00");
    told(Source.RUNS, "10:00");
    told(Source.RUNS, "10:01");

    assertThat(out).hasSize(2);
    assertThat(intake.progress().of(Source.RUNS)).isEqualTo(Samples.at("10:01"));
    assertThat(intake.progress().of(Source.SENTINEL)).isEqualTo(Progress.UNHEARD);
  }

  @Test
  void a_restart_goes_on_from_where_event_time_had_come() {
    told(Source.RUNS, "10:00");
    Progress before = intake.progress();
    out.clear();

    intake = intake(Clock.WALL);
    intake.recover(out::add);

    assertThat(out).containsExactly(before);

    told(Source.RUNS, "09:00");
    assertThat(intake.progress().of(Source.RUNS)).isEqualTo(Samples.at("10:00"));
  }

  @Test
  void the_first_start_has_nothing_to_recover() {
    intake.recover(out::add);

    assertThat(out).isEmpty();
  }

  @Test
  void on_the_inputs_clock_the_time_is_the_newest_event() {
    intake = intake(Clock.INPUT);
    intake.accept(
        new SignalRecord.Watermark(Source.CACHE, 0, 1, Progress.UNHEARD, Progress.UNHEARD, true),
        out::add);

    batch(Samples.called("chat", "10:30"));

    assertThat(intake.progress().clock()).isEqualTo(Samples.at("10:30"));
    assertThat(intake.progress().of(Source.CACHE)).isEqualTo(Samples.at("10:29"));
    assertThat(out.get(out.size() - 1)).isInstanceOf(Progress.class);
  }

  @Test
  void it_is_remembered_when_a_source_was_heard_on_its_route() {
    batch(Samples.called("chat", "10:00"), Samples.called("search", "11:00"));

    assertThat(view().presence(Routes.service("chat"), Source.CACHE).heardAt(Samples.at("10:00")))
        .isTrue();
    assertThat(view().presence(Routes.service("chat"), Source.CACHE).heardAt(Samples.at("11:00")))
        .isFalse();
    assertThat(view().presence(Routes.service("chat"), Source.RUNS).heardAt(Samples.at("10:00")))
        .isFalse();
  }

  /** Law 3: the logs of changes go on while the rules' health has fallen silent. */
  @Test
  void a_change_of_a_rule_is_passed_on_and_is_no_evidence_that_health_was_heard() {
    Signal changed = Samples.ruleChanged("10:00");

    batch(changed);

    assertThat(out).containsExactly(changed);
    assertThat(view().presence(changed.route(), Source.SENTINEL).heardAt(Samples.at("10:00")))
        .isFalse();
  }

  @Test
  void changes_are_remembered_by_service_and_those_without_one_may_touch_any() {
    batch(
        Samples.changed(Samples.change("late", "chat", "12:00")),
        Samples.changed(Samples.change("early", "chat", "10:00")),
        Samples.changed(Samples.change("other", "search", "10:30")),
        Samples.changed(Samples.change("any", null, "11:00")));

    assertThat(view().changes("chat", Samples.at("10:00"), Samples.at("12:00")))
        .extracting(Change::id)
        .containsExactly("early", "any", "late");
    assertThat(view().changes("chat", Samples.at("10:01"), Samples.at("11:59")))
        .extracting(Change::id)
        .containsExactly("any");
  }

  @Test
  void a_change_told_twice_is_one() {
    batch(Samples.changed(Samples.change("c1", "chat", "10:00")));
    batch(Samples.changed(Samples.change("c1", "chat", "10:00")));

    assertThat(view().changes("chat", 0, Samples.at("23:00"))).hasSize(1);
  }

  @Test
  void of_too_many_changes_the_newest_are_kept() {
    List<Signal> many = new ArrayList<>();
    for (int i = 0; i < Intake.CHANGES_KEPT + 20; i++) {
      Change one = Samples.change("c" + i, "chat", "10:00");
      many.add(
          Samples.changed(
              new Change(
                  one.id(),
                  one.at() + i,
                  "chat",
                  one.kind(),
                  one.title(),
                  null,
                  null,
                  null,
                  List.of(),
                  List.of())));
    }
    batch(many.toArray(Signal[]::new));

    List<Change> known = view().changes("chat", 0, Samples.at("23:00"));
    assertThat(known).hasSize(Intake.CHANGES_KEPT);
    assertThat(known.get(0).id()).isEqualTo("c20");
  }

  @Test
  void what_was_remembered_survives_a_restart() {
    batch(Samples.called("chat", "10:00"));
    intake = intake(Clock.WALL);
    batch(Samples.called("chat", "10:30"));

    Presence presence = view().presence(Routes.service("chat"), Source.CACHE);
    assertThat(presence.heardAt(Samples.at("10:00"))).isTrue();
    assertThat(presence.heardAt(Samples.at("10:30"))).isTrue();
  }

  private Intake intake(Clock clock) {
    return new Intake(
        store,
        clock,
        () -> Samples.at("20:00"),
        source -> 60_000,
        new PolicyBook()::at,
        route -> true);
  }

  private View view() {
    return new StoreView(store, new PolicyBook(), () -> 0);
  }

  private void batch(Signal... signals) {
    intake.accept(new SignalRecord.Batch(0, List.of(signals)), out::add);
  }

  private void told(Source source, String time) {
    intake.accept(
        new SignalRecord.Watermark(source, 0, 1, Samples.at(time), Samples.at(time), false),
        out::add);
  }
}
