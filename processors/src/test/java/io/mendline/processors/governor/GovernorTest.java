package io.mendline.processors.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.Emitter;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Decision;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.Severity;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GovernorTest {
  private static final String ONE = Samples.INCIDENT + "-one";
  private static final String TWO = Samples.INCIDENT + "-two";

  private final ByteMemory store = new ByteMemory();
  private final PolicyBook policies = new PolicyBook();
  private final List<Output> out = new ArrayList<>();
  private String now = "10:00";
  private boolean atLeastOnce;
  private Governor governor = governor();

  @Nested
  class The_mode {
    @ParameterizedTest
    @CsvSource({
      "off,      REPAIR_RUN,      '',              OFF",
      "dry-run,  REPAIR_RUN,      ISSUED dry run,  DRY_RUN",
      "approval, REPAIR_RUN,      '',              HELD",
      "auto,     REPAIR_RUN,      ISSUED,          ISSUED",
      "auto,     ROLLBACK_CHANGE, '',              HELD",
      "auto,     ENABLE_RULE,     '',              HELD",
      "dry-run,  ROLLBACK_CHANGE, ISSUED dry run,  DRY_RUN",
    })
    void decides(String mode, Action action, String released, String audited) {
      policy("mode: " + mode);

      release(ONE, "77", action);

      assertThat(commands()).isEqualTo(released.isEmpty() ? List.of() : List.of(released));
      assertThat(audit()).containsExactly(audited);
    }

    @Test
    void of_an_action_stands_over_the_general_one() {
      policy("{mode: auto, actions: {REPAIR_RUN: {mode: dry-run}}}");

      release(ONE, "77");

      assertThat(commands()).containsExactly("ISSUED dry run");
    }

    @Test
    void is_read_at_the_release_and_not_before() {
      policy("mode: approval");
      release(ONE, "77");
      policy("mode: auto");

      governor.tick(out());

      assertThat(commands()).containsExactly("ISSUED");
    }
  }

  @Nested
  class Approval {
    @Test
    void is_asked_for_once_by_an_alert_that_carries_the_command() {
      policy("mode: approval");
      release(ONE, "77");
      governor.tick(out());
      governor.tick(out());

      assertThat(alerts()).hasSize(1);
      Alert asked = alerts().get(0);
      assertThat(asked.getStatus()).isEqualTo(AlertStatus.RAISED);
      assertThat(asked.getCommand().getId()).isEqualTo(ONE);
      assertThat(asked.getEscalateTo()).isEqualTo("on-call");
      assertThat(audit()).containsExactly("HELD");
    }

    @Test
    void releases_and_clears_the_alert() {
      policy("mode: approval");
      release(ONE, "77");
      decide(ONE, Decision.APPROVED);

      assertThat(commands()).containsExactly("ISSUED");
      assertThat(alerts()).extracting(Alert::getStatus).endsWith(AlertStatus.CLEARED);
      assertThat(alerts())
          .extracting(Alert::getId)
          .hasSize(2)
          .containsOnly(alerts().get(0).getId());
    }

    @Test
    void denied_drops_the_command_for_good() {
      policy("mode: approval");
      release(ONE, "77");
      decide(ONE, Decision.DENIED);
      decide(ONE, Decision.APPROVED);
      policy("mode: auto");
      governor.tick(out());

      assertThat(commands()).isEmpty();
      assertThat(audit()).containsExactly("HELD", "DENIED");
      assertThat(alerts()).extracting(Alert::getStatus).endsWith(AlertStatus.CLEARED);
    }

    @Test
    void of_an_unknown_kind_is_no_approval() {
      policy("mode: approval");
      release(ONE, "77");
      decide(ONE, Decision.UNKNOWN);

      assertThat(commands()).isEmpty();
    }

    @Test
    void that_comes_too_late_releases_nothing() {
      policy("mode: approval");
      release(ONE, "77");
      now = "11:01";
      decide(ONE, Decision.APPROVED);
      governor.tick(out());

      assertThat(commands()).isEmpty();
      assertThat(audit()).endsWith("EXPIRED");
    }

    @Test
    void is_needed_for_what_would_repeat_something_destructive() {
      policy("{mode: auto, destructive: ['*vacuum*']}");
      release(
          command(ONE, "77", "10:00", "11:00")
              .setParameters(Map.of("failedTasks", "load,vacuum_old"))
              .build());
      release(
          command(TWO, "78", "10:00", "11:00")
              .setParameters(Map.of("failedTasks", "load"))
              .build());

      assertThat(commands()).containsExactly("ISSUED");
      assertThat(command(0).getId()).isEqualTo(TWO);
      decide(ONE, Decision.APPROVED);
      assertThat(commands()).containsExactly("ISSUED", "ISSUED");
    }

    @Test
    void that_is_no_longer_needed_clears_the_alert() {
      policy("mode: approval");
      release(ONE, "77");
      policy("mode: auto");
      governor.tick(out());

      assertThat(commands()).containsExactly("ISSUED");
      assertThat(alerts()).extracting(Alert::getStatus).endsWith(AlertStatus.CLEARED);
    }

    @Test
    void that_nobody_gave_clears_the_alert_whatever_else_held_it_meanwhile() {
      policy("mode: approval");
      release(ONE, "77");
      policy("{mode: approval, killSwitch: true}");
      governor.tick(out());
      now = "11:01";
      governor.tick(out());

      assertThat(audit()).containsExactly("HELD", "HELD", "EXPIRED");
      assertThat(alerts()).extracting(Alert::getStatus).endsWith(AlertStatus.CLEARED);
    }

    @Test
    void of_a_command_that_is_not_known_does_nothing() {
      policy("mode: approval");
      decide(TWO, Decision.APPROVED);

      assertThat(out).isEmpty();
    }

    @Test
    void does_not_stand_over_the_kill_switch() {
      policy("{mode: approval, killSwitch: true}");
      release(ONE, "77");
      decide(ONE, Decision.APPROVED);
      assertThat(commands()).isEmpty();

      policy("mode: approval");
      governor.tick(out());
      assertThat(commands()).containsExactly("ISSUED");
    }
  }

  @Nested
  class The_kill_switch {
    @ParameterizedTest
    @CsvSource({"dry-run", "approval", "auto"})
    void holds_everything_and_says_so_once(String mode) {
      policy("{mode: " + mode + ", killSwitch: true}");
      release(ONE, "77");
      governor.tick(out());
      governor.tick(out());

      assertThat(commands()).isEmpty();
      assertThat(audit()).containsExactly("HELD");
    }

    @Test
    void lets_what_waited_go_when_it_is_off_again() {
      policy("{mode: auto, killSwitch: true}");
      release(ONE, "77");
      policy("mode: auto");
      now = "10:30";
      governor.tick(out());

      assertThat(commands()).containsExactly("ISSUED");
      assertThat(last().getCreatedAt()).isEqualTo(Samples.instant("10:30"));
    }

    @Test
    void outlasts_a_command_that_expires_meanwhile() {
      policy("{mode: auto, killSwitch: true}");
      release(ONE, "77");
      policy("mode: auto");
      now = "11:30";
      governor.tick(out());

      assertThat(commands()).isEmpty();
      assertThat(audit()).containsExactly("HELD", "EXPIRED");
    }
  }

  @Nested
  class A_resource {
    @Test
    void has_one_command_in_flight() {
      policy("mode: auto");
      release(ONE, "77");
      release(TWO, "77");
      assertThat(commands()).containsExactly("ISSUED");

      report(ONE, OutcomeStatus.SUCCEEDED);
      assertThat(commands()).containsExactly("ISSUED", "ISSUED");
      assertThat(last().getId()).isEqualTo(TWO);
    }

    @Test
    void does_not_hold_up_another() {
      policy("mode: auto");
      release(ONE, "77");
      release(TWO, "78");

      assertThat(commands()).containsExactly("ISSUED", "ISSUED");
    }

    @ParameterizedTest
    @EnumSource(
        value = OutcomeStatus.class,
        names = {"SUCCEEDED", "FAILED", "REJECTED", "TIMED_OUT", "DUPLICATE"})
    void is_free_again_after_an_end(OutcomeStatus status) {
      policy("mode: auto");
      release(ONE, "77");
      release(TWO, "77");
      report(ONE, status);

      assertThat(last().getId()).isEqualTo(TWO);
    }

    @ParameterizedTest
    @EnumSource(
        value = OutcomeStatus.class,
        names = {"ACCEPTED", "UNKNOWN"})
    void is_not_free_before_one(OutcomeStatus status) {
      policy("mode: auto");
      release(ONE, "77");
      release(TWO, "77");
      report(ONE, status);

      assertThat(commands()).containsExactly("ISSUED");
    }

    @Test
    void is_free_when_a_command_that_nobody_took_has_expired() {
      policy("mode: auto");
      release(ONE, "77");
      now = "11:01";
      release(TWO, "77", "11:01", "12:01");

      assertThat(commands()).containsExactly("ISSUED", "ISSUED");
    }

    /** A repair may well take longer than the hour within which it has to begin. */
    @Test
    void is_not_free_while_a_command_that_was_taken_in_time_goes_on() {
      policy("mode: auto");
      release(ONE, "77");
      now = "10:50";
      report(ONE, OutcomeStatus.ACCEPTED);
      now = "11:30";
      release(TWO, "77", "11:30", "12:30");
      assertThat(commands()).containsExactly("ISSUED");

      now = "11:40";
      report(ONE, OutcomeStatus.SUCCEEDED);
      assertThat(commands()).containsExactly("ISSUED", "ISSUED");
    }

    @Test
    void is_not_taken_by_a_dry_run() {
      policy("mode: dry-run");
      release(ONE, "77");
      release(TWO, "77");

      assertThat(commands()).containsExactly("ISSUED dry run", "ISSUED dry run");
    }
  }

  @Nested
  class The_cap {
    @Test
    void of_an_action_holds_what_is_too_much_in_an_hour() {
      policy("{mode: auto, actions: {REPAIR_RUN: {capPerHour: 2, expiresAfter: P1D}}}");
      for (int job = 1; job <= 4; job++) {
        release(Samples.INCIDENT + "-" + job, "" + job, "10:00", "23:00");
      }
      assertThat(commands()).hasSize(2);
      assertThat(audit()).containsExactly("ISSUED", "ISSUED", "HELD", "HELD");

      now = "10:59";
      governor.tick(out());
      assertThat(commands()).hasSize(2);

      now = "11:01";
      governor.tick(out());
      assertThat(commands()).hasSize(4);
    }

    @Test
    void of_one_action_does_not_hold_another() {
      policy("{mode: auto, actions: {REPAIR_RUN: {capPerHour: 0}}}");
      release(ONE, "77", Action.REPAIR_RUN);
      release(TWO, "78", Action.RUN_NOW);

      assertThat(commands()).containsExactly("ISSUED");
      assertThat(last().getAction()).isEqualTo(Action.RUN_NOW);
    }

    @Test
    void does_not_count_dry_runs() {
      policy("{mode: dry-run, actions: {REPAIR_RUN: {capPerHour: 1}}}");
      release(ONE, "77");
      policy("{mode: auto, actions: {REPAIR_RUN: {capPerHour: 1}}}");
      release(TWO, "78");

      assertThat(commands()).containsExactly("ISSUED dry run", "ISSUED");
    }
  }

  @Nested
  class A_request {
    @Test
    void that_is_told_twice_acts_once() {
      policy("mode: auto");
      release(ONE, "77");
      release(ONE, "77");
      report(ONE, OutcomeStatus.SUCCEEDED);
      release(ONE, "77");

      assertThat(commands()).containsExactly("ISSUED");
    }

    @Test
    void of_an_old_backlog_expires_instead_of_acting() {
      policy("mode: auto");
      now = "20:00";
      release(ONE, "77");

      assertThat(commands()).isEmpty();
      assertThat(audit()).containsExactly("EXPIRED");
    }

    @Test
    void to_withdraw_what_waits_drops_it() {
      policy("mode: approval");
      release(ONE, "77");
      withdraw(ONE);
      decide(ONE, Decision.APPROVED);

      assertThat(commands()).isEmpty();
      assertThat(audit()).containsExactly("HELD", "WITHDRAWN");
      assertThat(alerts()).extracting(Alert::getStatus).endsWith(AlertStatus.CLEARED);
    }

    @Test
    void to_withdraw_what_was_released_revokes_it_and_frees_the_resource() {
      policy("mode: auto");
      release(ONE, "77");
      release(TWO, "77");
      withdraw(ONE);

      assertThat(commands()).containsExactly("ISSUED", "REVOKED", "ISSUED");
      assertThat(command(1).getId()).isEqualTo(ONE);
      assertThat(command(1).getReason()).isEqualTo("the trouble is over");
      assertThat(last().getId()).isEqualTo(TWO);
    }

    @Test
    void to_withdraw_what_is_over_does_nothing() {
      policy("mode: auto");
      release(ONE, "77");
      report(ONE, OutcomeStatus.SUCCEEDED);
      out.clear();
      withdraw(ONE);
      withdraw(TWO);

      assertThat(out).isEmpty();
    }
  }

  @Nested
  class A_restart {
    @Test
    void keeps_what_waits_what_is_in_flight_and_what_was_released() {
      policy("{mode: auto, actions: {REPAIR_RUN: {capPerHour: 1, expiresAfter: P1D}}}");
      release(ONE, "77", "10:00", "23:00");
      release(TWO, "78", "10:00", "23:00");

      restart();
      now = "10:30";
      release(ONE, "77", "10:00", "23:00");
      governor.tick(out());
      assertThat(commands()).as("the cap holds").containsExactly("ISSUED");

      now = "11:30";
      governor.tick(out());
      assertThat(commands()).as("what waited is not forgotten").containsExactly("ISSUED", "ISSUED");

      restart();
      release(Samples.INCIDENT + "-three", "77", "11:30", "23:00");
      now = "12:45";
      governor.tick(out());
      assertThat(commands()).as("77 is still in flight").hasSize(2);
    }

    @Test
    void keeps_an_approval() {
      policy("{mode: approval, killSwitch: true}");
      release(ONE, "77");
      decide(ONE, Decision.APPROVED);
      restart();
      policy("mode: approval");
      governor.tick(out());

      assertThat(commands()).containsExactly("ISSUED");
    }

    @Test
    void begins_a_new_epoch() {
      policy("mode: auto");
      release(ONE, "77");
      restart();
      release(TWO, "78");

      assertThat(command(0).getEpoch()).isEqualTo(1);
      assertThat(command(1).getEpoch()).isEqualTo(2);
    }

    @Test
    void under_exactly_once_tells_nothing_again() {
      policy("mode: auto");
      release(ONE, "77");
      out.clear();
      restart();

      assertThat(out).isEmpty();
    }

    @Test
    void under_at_least_once_tells_again_what_may_be_lost() {
      atLeastOnce = true;
      restart();
      policy("{mode: auto, actions: {RUN_NOW: {mode: approval}, REPLAY_WINDOW: {mode: dry-run}}}");
      release(ONE, "77");
      release(TWO, "78", Action.RUN_NOW);
      release(Samples.INCIDENT + "-dry", "79", Action.REPLAY_WINDOW);
      List<String> told = commands();
      assertThat(told).hasSize(2);
      Command before = command(0);
      out.clear();

      restart();

      assertThat(commands()).containsExactlyInAnyOrderElementsOf(told);
      assertThat(alerts()).extracting(Alert::getStatus).containsExactly(AlertStatus.RAISED);
      assertThat(sent()).contains(before);
    }

    @Test
    void under_at_least_once_tells_a_revocation_again() {
      atLeastOnce = true;
      restart();
      policy("mode: auto");
      release(ONE, "77");
      withdraw(ONE);
      out.clear();

      restart();

      assertThat(commands()).containsExactly("REVOKED");
    }
  }

  @Nested
  class Alerts_of_a_gap {
    private static final String GAP = Samples.INCIDENT;

    @Test
    void are_one_that_is_told_again_when_there_are_twice_as_many() {
      for (int window = 1; window <= 9; window++) {
        tell("a" + window, AlertStatus.RAISED, Severity.MEDIUM);
      }

      assertThat(alerts())
          .extracting(Alert::getStatus, alert -> alert.getFindingIds().size())
          .containsExactly(
              tuple(AlertStatus.RAISED, 1),
              tuple(AlertStatus.UPDATED, 2),
              tuple(AlertStatus.UPDATED, 4),
              tuple(AlertStatus.UPDATED, 8));
      assertThat(alerts()).extracting(Alert::getId).containsOnly(alerts().get(0).getId());
      assertThat(alerts()).extracting(Alert::getDedupKey).containsOnly(GAP + "/ESCALATION");
    }

    @Test
    void are_told_again_at_once_when_one_is_graver() {
      tell("a1", AlertStatus.RAISED, Severity.MEDIUM);
      tell("a2", AlertStatus.RAISED, Severity.MEDIUM);
      tell("a3", AlertStatus.RAISED, Severity.HIGH);

      assertThat(alerts())
          .extracting(Alert::getSeverity)
          .containsExactly(Severity.MEDIUM, Severity.MEDIUM, Severity.HIGH);
    }

    @Test
    void are_cleared_with_the_last_of_them_and_may_begin_anew() {
      tell("a1", AlertStatus.RAISED, Severity.MEDIUM);
      tell("a2", AlertStatus.RAISED, Severity.MEDIUM);
      out.clear();

      tell("a1", AlertStatus.CLEARED, Severity.MEDIUM);
      assertThat(alerts()).isEmpty();
      restart();
      tell("a2", AlertStatus.CLEARED, Severity.MEDIUM);
      assertThat(alerts()).extracting(Alert::getStatus).containsExactly(AlertStatus.CLEARED);
      tell("a3", AlertStatus.RAISED, Severity.MEDIUM);

      assertThat(alerts()).extracting(Alert::getStatus).endsWith(AlertStatus.RAISED);
    }

    @Test
    void told_twice_change_nothing() {
      tell("a1", AlertStatus.RAISED, Severity.MEDIUM);
      tell("a1", AlertStatus.RAISED, Severity.MEDIUM);
      tell("a1", AlertStatus.CLEARED, Severity.MEDIUM);
      tell("a1", AlertStatus.CLEARED, Severity.MEDIUM);
      tell("never told", AlertStatus.CLEARED, Severity.MEDIUM);

      assertThat(alerts())
          .extracting(Alert::getStatus)
          .containsExactly(AlertStatus.RAISED, AlertStatus.CLEARED);
    }

    @Test
    void are_told_again_under_at_least_once_after_a_restart() {
      atLeastOnce = true;
      restart();
      tell("a1", AlertStatus.RAISED, Severity.MEDIUM);
      Alert told = alerts().get(0);
      out.clear();

      restart();

      assertThat(alerts()).containsExactly(told);
    }

    @Test
    void are_forgotten_eight_days_after_the_last_was_cleared() {
      tell("a1", AlertStatus.RAISED, Severity.MEDIUM);
      tickAfter(Duration.ofDays(9));
      assertThat(store.has(GovernorMemory.groupKey(GAP, AlertKind.ESCALATION))).isTrue();

      tell("a1", AlertStatus.CLEARED, Severity.MEDIUM);
      tickAfter(Duration.ofDays(9));

      assertThat(store.has(GovernorMemory.groupKey(GAP, AlertKind.ESCALATION))).isFalse();
    }

    private void tell(String alertId, AlertStatus status, Severity severity) {
      Alert alert =
          Alert.newBuilder(Samples.alert())
              .setId(alertId)
              .setKind(AlertKind.ESCALATION)
              .setStatus(status)
              .setSeverity(severity)
              .setFindingIds(List.of("finding of " + alertId))
              .build();
      long at = Samples.at(now);
      governor.accept(new Request.Tell(GAP, at, alert, at - 300_000, at), out());
    }
  }

  @Nested
  class Replays {
    @Test
    void of_several_windows_of_a_rule_do_not_wait_for_each_other() {
      policy("mode: auto");
      release(replay(ONE, "10:00"));
      release(replay(TWO, "10:05"));
      release(replay(Samples.INCIDENT + "-again", "10:05"));

      assertThat(commands()).containsExactly("ISSUED", "ISSUED");
      assertThat(audit()).endsWith("HELD");
    }

    private Command replay(String id, String windowEnd) {
      return command(id, "77", "10:00", "12:00")
          .setAction(Action.REPLAY_WINDOW)
          .setParameters(Map.of("windowEnd", windowEnd))
          .build();
    }
  }

  @Nested
  class What_is_over {
    @Test
    void is_forgotten_after_eight_days() {
      policy("mode: auto");
      release(ONE, "77");
      report(ONE, OutcomeStatus.SUCCEEDED);
      assertThat(store.has(GovernorMemory.commandKey(ONE))).isTrue();

      tickAfter(Duration.ofDays(7));
      assertThat(store.has(GovernorMemory.commandKey(ONE))).isTrue();
      tickAfter(Duration.ofDays(9));
      assertThat(store.has(GovernorMemory.commandKey(ONE))).isFalse();
    }

    @Test
    void keeps_what_the_executor_calls_it() {
      policy("mode: auto");
      release(ONE, "77");
      report(ONE, OutcomeStatus.ACCEPTED, "run 5");
      assertThat(tracked(ONE).externalRef()).isEqualTo("run 5");
      restart();
      report(ONE, OutcomeStatus.SUCCEEDED, null);
      assertThat(tracked(ONE).externalRef()).isEqualTo("run 5");
      assertThat(tracked(ONE).heldFor()).isEqualTo("reported succeeded");
    }

    @Test
    void counts_as_over_too_when_nobody_ever_reported() {
      policy("mode: auto");
      release(ONE, "77");

      tickAfter(Duration.ofDays(9));

      assertThat(store.has(GovernorMemory.commandKey(ONE))).isFalse();
    }
  }

  private void tickAfter(Duration later) {
    long at = Samples.at("10:00") + later.toMillis();
    Governor another = new Governor(store, policies, Clock.WALL, () -> at, false);
    another.recover(out());
    another.tick(out());
  }

  @Test
  void one_go_releases_at_most_two_hundred() {
    policy("{mode: auto, killSwitch: true, actions: {REPAIR_RUN: {capPerHour: 100000}}}");
    for (int job = 0; job < 450; job++) {
      release(Samples.INCIDENT + "-" + job, "" + job);
    }
    policy("{mode: auto, actions: {REPAIR_RUN: {capPerHour: 100000}}}");

    governor.tick(out());
    assertThat(commands()).hasSize(200);
    governor.tick(out());
    governor.tick(out());
    assertThat(commands()).hasSize(450);
  }

  @Test
  void memory_is_read_back_and_cut_bytes_are_refused() {
    policy("mode: auto");
    release(ONE, "77");
    long at = Samples.at(now);
    governor.accept(
        new Request.Tell(
            Samples.INCIDENT,
            at,
            Alert.newBuilder(Samples.alert()).setFindingIds(List.of("f")).build(),
            at - 300_000,
            at),
        out());
    GovernorCodec codec = new GovernorCodec();
    store.forEach((key, memory) -> CutBytes.areRefused(codec, memory));
  }

  /** What is promised however requests, reports, restarts and time are mixed. */
  @Property(tries = 150)
  void the_cap_holds_in_any_hour_and_no_resource_has_two_in_flight(
      @ForAll @Size(max = 120) List<@IntRange(max = 999) Integer> choices) {
    Store<GovernorMemory> memory = new MemoryStore<>();
    PolicyBook book = new PolicyBook();
    book.put(
        Policies.parse(
            "p",
            "{mode: auto, actions: {REPAIR_RUN: {capPerHour: 3}}}"
                .getBytes(StandardCharsets.UTF_8)));
    long[] clock = {Samples.at("00:00")};
    List<Command> sent = new ArrayList<>();
    Map<String, String> inFlight = new HashMap<>();
    TreeMap<Long, Integer> releases = new TreeMap<>();
    Governor[] alive = {started(memory, book, clock)};
    int next = 0;
    for (int choice : choices) {
      List<Output> put = new ArrayList<>();
      clock[0] += (choice / 10 % 10) * 60_000L;
      String known = sent.isEmpty() ? null : sent.get(choice % sent.size()).getId();
      if (choice % 10 < 5) {
        Command command =
            Samples.command(
                    Samples.INCIDENT + "-" + next++, Samples.job("" + choice % 3), "00:00", "23:59")
                .setExpiresAt(Instant.ofEpochMilli(clock[0] + 86_400_000L))
                .build();
        alive[0].accept(
            new Request.Release(command.getId(), clock[0], command, null, "on-call"),
            message -> put.add((Output) message));
      } else if (choice % 10 < 7 && known != null) {
        inFlight.values().remove(known);
        alive[0].accept(
            new Request.Report(known, clock[0], OutcomeStatus.FAILED, null),
            message -> put.add((Output) message));
      } else if (choice % 10 == 7 && known != null) {
        inFlight.values().remove(known);
        alive[0].accept(
            new Request.Withdraw(known, clock[0], "over"), message -> put.add((Output) message));
      } else if (choice % 10 == 8) {
        alive[0] = started(memory, book, clock);
      } else {
        alive[0].tick(message -> put.add((Output) message));
      }
      for (Output output : put) {
        if (output instanceof Output.Commanded commanded
            && commanded.command().getStatus() == CommandStatus.ISSUED) {
          Command command = commanded.command();
          sent.add(command);
          assertThat(inFlight.put(command.getTarget().getId(), command.getId()))
              .as("in flight on %s", command.getTarget().getId())
              .isNull();
          releases.merge(clock[0], 1, Integer::sum);
          assertThat(
                  releases.tailMap(clock[0] - 3_600_000L, false).values().stream()
                      .mapToInt(Integer::intValue)
                      .sum())
              .as("releases within an hour")
              .isLessThanOrEqualTo(3);
        }
      }
    }
    assertThat(sent).extracting(Command::getId).doesNotHaveDuplicates();
  }

  private static Governor started(Store<GovernorMemory> memory, PolicyBook book, long[] clock) {
    Governor governor = new Governor(memory, book, Clock.WALL, () -> clock[0], false);
    governor.recover(message -> {});
    return governor;
  }

  private Governor governor() {
    Governor made = new Governor(store, policies, Clock.WALL, () -> Samples.at(now), atLeastOnce);
    made.recover(out());
    return made;
  }

  private void restart() {
    governor = governor();
  }

  private void policy(String text) {
    policies.put(Policies.parse("test", text.getBytes(StandardCharsets.UTF_8)));
  }

  private void release(String commandId, String job) {
    release(commandId, job, Action.REPAIR_RUN);
  }

  private void release(String commandId, String job, Action action) {
    release(command(commandId, job, "10:00", "11:00").setAction(action).build());
  }

  private void release(String commandId, String job, String due, String expires) {
    release(command(commandId, job, due, expires).build());
  }

  private void release(Command command) {
    governor.accept(
        new Request.Release(command.getId(), Samples.at("10:00"), command, "team-a", "on-call"),
        out());
  }

  private static Command.Builder command(String id, String job, String due, String expires) {
    Resource target = Samples.job(job);
    return Samples.command(id, target, due, expires);
  }

  private void decide(String commandId, Decision decision) {
    governor.accept(new Request.Decide(commandId, Samples.at(now), decision, "ann", null), out());
  }

  private void report(String commandId, OutcomeStatus status) {
    report(commandId, status, null);
  }

  private void report(String commandId, OutcomeStatus status, String externalRef) {
    governor.accept(new Request.Report(commandId, Samples.at(now), status, externalRef), out());
  }

  private GovernorMemory.Tracked tracked(String commandId) {
    return (GovernorMemory.Tracked) store.get(GovernorMemory.commandKey(commandId));
  }

  private void withdraw(String commandId) {
    governor.accept(new Request.Withdraw(commandId, Samples.at(now), "the trouble is over"), out());
  }

  private Emitter out() {
    return message -> out.add((Output) message);
  }

  private List<Command> sent() {
    return out.stream()
        .filter(Output.Commanded.class::isInstance)
        .map(output -> ((Output.Commanded) output).command())
        .toList();
  }

  private Command command(int index) {
    return sent().get(index);
  }

  private Command last() {
    return command(sent().size() - 1);
  }

  private List<String> commands() {
    return sent().stream()
        .map(command -> command.getStatus() + (command.getDryRun() ? " dry run" : ""))
        .toList();
  }

  private List<Alert> alerts() {
    return out.stream()
        .filter(Output.Told.class::isInstance)
        .map(output -> ((Output.Told) output).alert())
        .toList();
  }

  private List<String> audit() {
    return out.stream()
        .filter(Output.Noted.class::isInstance)
        .map(output -> ((Output.Noted) output).entry().getStatus())
        .toList();
  }

  /** Keeps bytes only, so that nothing survives a restart that its codec forgets. */
  private static final class ByteMemory implements Store<GovernorMemory> {
    private final GovernorCodec codec = new GovernorCodec();
    private final TreeMap<StateKey, byte[]> bytes = new TreeMap<>();

    @Override
    public GovernorMemory get(StateKey key) {
      byte[] found = bytes.get(key);
      return found == null ? null : codec.read(new BinaryReader(found));
    }

    @Override
    public void put(StateKey key, GovernorMemory value) {
      if (value == null) {
        bytes.remove(key);
        return;
      }
      BinaryWriter writer = new BinaryWriter();
      codec.write(value, writer);
      bytes.put(key, writer.toByteArray());
    }

    @Override
    public void forEach(BiConsumer<StateKey, GovernorMemory> visitor) {
      bytes.forEach((key, found) -> visitor.accept(key, codec.read(new BinaryReader(found))));
    }

    boolean has(StateKey key) {
      return bytes.containsKey(key);
    }
  }
}
