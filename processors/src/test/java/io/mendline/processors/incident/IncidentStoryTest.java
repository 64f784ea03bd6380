package io.mendline.processors.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.ByteStore;
import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.KeyedStation;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.StoreView;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Attempt;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.Decision;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Operation;
import io.mendline.schemas.OperationKind;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lives of an incident: a run of job 77 failed at 10:00 for a cause that passes by itself. */
class IncidentStoryTest {

  private static final String INCIDENT =
      IncidentTracker.incidentId(Samples.ROUTE, Samples.failedRun("10:00").build().getId());

  private static final List<OperationKind> KINDS = List.of(OperationKind.values());
  private static final List<OutcomeStatus> STATUSES = List.of(OutcomeStatus.values());

  private final ByteStore<IncidentState> store = new ByteStore<>(new IncidentTracker().codec());
  private final PolicyBook policies = new PolicyBook();
  private final List<Output> out = new ArrayList<>();
  private int operations;
  private KeyedStation<IncidentState> station = station();

  @Test
  void an_incident_is_opened_at_once_and_nothing_is_asked_before_the_evidence_is_in() {
    policy("mode: auto");
    failed("10:00");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.OPEN);
    assertThat(incident().getOpenedAt()).isEqualTo(Samples.instant("10:00"));
    assertThat(releases()).isEmpty();

    until("10:02");
    assertThat(releases()).hasSize(1);
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.REMEDIATING);
  }

  @Test
  void a_success_in_time_cancels_the_step_even_when_it_is_told_late() {
    policy("mode: auto");
    failed("10:00");
    recovered("10:00:20");
    until("10:30");

    assertThat(releases()).isEmpty();
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(incident().getMttrSeconds()).isEqualTo(20);
  }

  @Test
  void what_the_executor_calls_done_is_verified_before_it_counts_as_resolved() {
    policy("mode: auto");
    failed("10:00");
    until("10:02");
    reported("10:03", OutcomeStatus.ACCEPTED);
    reported("10:05", OutcomeStatus.SUCCEEDED);
    until("10:06");
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.VERIFYING);

    recovered("10:10");
    until("10:11");
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(attempts()).containsExactly(AttemptStatus.SUCCEEDED);
    assertThat(alerts()).isEmpty();
  }

  @Test
  void what_telemetry_never_proves_ends_with_a_person() {
    policy("mode: auto");
    failed("10:00");
    until("10:02");
    reported("10:05", OutcomeStatus.SUCCEEDED);
    until("16:06");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.ESCALATED);
    assertThat(alerts())
        .extracting(Alert::getTrigger)
        .containsExactly(AlertTrigger.MISSING_EVIDENCE);
  }

  @Test
  void used_up_attempts_end_with_a_person_who_is_told_every_error_and_every_fix() {
    policy("mode: auto");
    failed("10:00");
    until("10:02");
    reported("10:03", OutcomeStatus.FAILED, "first fix broke");
    until("10:06");
    reported("10:07", OutcomeStatus.TIMED_OUT, "second fix hung");
    until("10:12");
    failedAgain("10:13");
    until("10:20");

    assertThat(releases())
        .hasSize(3)
        .extracting(Request.Release::commandId)
        .doesNotHaveDuplicates();
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.ESCALATED);
    Alert alert = alerts().get(0);
    assertThat(alert.getTrigger()).isEqualTo(AlertTrigger.ATTEMPTS_EXHAUSTED);
    assertThat(alert.getMessage())
        .contains("all 3 attempts are used up")
        .contains("the cluster was lost")
        .contains("lost again")
        .contains("REPAIR_RUN (attempt 1): failed: first fix broke")
        .contains("REPAIR_RUN (attempt 2): timed_out: second fix hung")
        .contains("REPAIR_RUN (attempt 3)");
  }

  @Test
  void what_failed_again_was_open_since_it_failed_first() {
    policy("mode: auto");
    failed("10:00");
    until("10:03");
    reported("10:04", OutcomeStatus.SUCCEEDED);
    until("10:10");
    tell(
        Samples.failedRun("10:10").setRevision(2).setSummary("it was lost again").build(), "10:10");
    recovered("10:30");
    until("10:35");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(incident().getOpenedAt()).isEqualTo(Samples.instant("10:00"));
    assertThat(incident().getMttrSeconds()).isEqualTo(30 * 60);
  }

  @Test
  void a_lasting_cause_ends_with_a_person_at_once() {
    policy("mode: auto");
    tell(Samples.failedRun("10:00").setRootCause(Samples.lasting()).build(), "10:00");
    until("10:02");

    assertThat(releases()).isEmpty();
    assertThat(alerts())
        .extracting(Alert::getTrigger)
        .containsExactly(AlertTrigger.PERMANENT_CAUSE);
  }

  @Test
  void an_approval_lets_the_step_go() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.AWAITING_APPROVAL);

    decided("10:10", Decision.APPROVED);
    until("10:11");
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.REMEDIATING);
    assertThat(asked(Request.Decide.class)).hasSize(1);
  }

  @Test
  void a_denied_step_ends_with_a_person() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    decided("10:10", Decision.DENIED);
    until("10:11");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.ESCALATED);
    assertThat(attempts()).containsExactly(AttemptStatus.REVOKED);
    assertThat(alerts()).extracting(Alert::getTrigger).containsExactly(AlertTrigger.DENIED);
  }

  @Test
  void a_decision_of_an_unknown_kind_decides_nothing() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    decided("10:10", Decision.UNKNOWN);
    until("10:11");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.AWAITING_APPROVAL);
    assertThat(alerts()).isEmpty();
  }

  @Test
  void an_approval_that_nobody_gives_expires_and_ends_with_a_person() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    until("11:02");

    assertThat(attempts()).containsExactly(AttemptStatus.EXPIRED);
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.ESCALATED);
    assertThat(asked(Request.Withdraw.class)).hasSize(1);
  }

  @Test
  void a_dry_run_that_does_not_recover_ends_with_a_person() {
    failed("10:00");
    until("10:02");
    assertThat(releases()).hasSize(1);
    until("16:02");

    assertThat(attempts()).containsExactly(AttemptStatus.DRY_RUN);
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.ESCALATED);
    assertThat(alerts().get(0).getMessage()).contains("was a dry run");
  }

  @Test
  void switched_off_asks_for_nothing_and_tells_a_person() {
    policy("mode: off");
    failed("10:00");
    until("10:02");

    assertThat(asked(Request.class)).isEmpty();
    assertThat(alerts()).hasSize(1);
  }

  @Test
  void closed_by_a_person_withdraws_the_step_and_clears_alerts() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    operated("10:10", OperationKind.CLOSE, null);
    until("10:11");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(incident().getResolvedAt()).isEqualTo(Samples.instant("10:10"));
    assertThat(asked(Request.Withdraw.class)).hasSize(1);
  }

  @Test
  void what_is_resolved_stays_resolved_at_its_time_when_it_recovers_later() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    operated("10:10", OperationKind.CLOSE, null);
    until("10:11");
    recovered("10:40");
    operated("10:50", OperationKind.CLOSE, null);
    until("11:00");

    assertThat(incident().getResolvedAt()).isEqualTo(Samples.instant("10:10"));
    assertThat(incident().getMttrSeconds()).isEqualTo(600);
  }

  @Test
  void taken_over_by_a_person_nothing_more_is_asked() {
    policy("mode: auto");
    failed("10:00");
    until("10:02");
    operated("10:03", OperationKind.TAKE_OVER, null);
    until("10:04");
    assertThat(asked(Request.Withdraw.class)).hasSize(1);
    assertThat(incident().getStatus()).as("nothing is being done").isEqualTo(IncidentStatus.OPEN);

    failedAgain("10:10");
    until("11:00");
    assertThat(releases()).hasSize(1);
  }

  @Test
  void handed_back_the_next_failure_is_dealt_with_again() {
    policy("mode: auto");
    failed("10:00");
    until("10:02");
    operated("10:03", OperationKind.TAKE_OVER, null);
    operated("10:30", OperationKind.RESUME, null);
    failedAgain("10:40");
    until("10:50");

    assertThat(releases()).hasSize(2);
  }

  @Test
  void snoozed_the_step_waits_and_is_then_worth_doing_as_long_as_ever() {
    policy("mode: auto");
    failed("10:00");
    operated("10:00:10", OperationKind.SNOOZE, "14:00");
    until("13:59");
    assertThat(releases()).isEmpty();

    // A failure of a run is settled up to a minute later, and incidents stay that far behind.
    until("14:01");
    assertThat(releases()).hasSize(1);
    assertThat(releases().get(0).at()).isEqualTo(Samples.at("14:00"));
    assertThat(releases().get(0).command().getNotBefore()).isEqualTo(Samples.instant("14:00"));
    assertThat(releases().get(0).command().getExpiresAt()).isEqualTo(Samples.instant("15:00"));
    until("14:30");
    assertThat(asked(Request.Withdraw.class)).isEmpty();
  }

  @Test
  void paused_the_step_waits_until_a_person_says_so() {
    policy("mode: auto");
    failed("10:00");
    operated("10:00:10", OperationKind.PAUSE, null);
    until("20:00");
    assertThat(releases()).isEmpty();

    operated("20:30", OperationKind.RESUME, null);
    until("20:31");
    assertThat(releases()).hasSize(1);
    assertThat(releases().get(0).at()).isEqualTo(Samples.at("20:30"));
    assertThat(releases().get(0).command().getExpiresAt()).isEqualTo(Samples.instant("21:30"));
  }

  @Test
  void a_denial_outlasts_a_person_who_takes_over() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    decided("10:03", Decision.DENIED);
    operated("10:04", OperationKind.TAKE_OVER, null);
    until("10:05");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.ESCALATED);
  }

  @Test
  void reopened_it_is_open_again_and_what_is_not_closed_cannot_be_reopened() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    operated("10:03", OperationKind.REOPEN, null);
    until("10:04");
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.AWAITING_APPROVAL);

    operated("10:05", OperationKind.CLOSE, null);
    operated("10:06", OperationKind.REOPEN, null);
    until("10:07");
    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.OPEN);
    assertThat(incident().getResolvedAt()).isNull();
  }

  @Test
  void a_late_outcome_is_passed_on_and_changes_nothing() {
    policy("mode: auto");
    failed("10:00");
    until("10:02");
    recovered("10:03");
    until("10:04");
    reported("10:05", OutcomeStatus.FAILED, "too late");
    until("10:06");

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(attempts()).containsExactly(AttemptStatus.SUCCEEDED);
    assertThat(asked(Request.Report.class)).hasSize(1);
  }

  @Test
  void an_outcome_told_twice_counts_once() {
    policy("mode: auto");
    failed("10:00");
    until("10:02");
    Message broke = outcome(lastCommand(), OutcomeStatus.FAILED, Samples.instant("10:03"), "broke");
    give(broke);
    give(broke);
    until("10:10");
    give(broke);
    until("10:12");

    assertThat(releases()).hasSize(2);
    assertThat(asked(Request.Report.class))
        .singleElement()
        .satisfies(report -> assertThat(report.externalRef()).isEqualTo("run 5"));
  }

  @ParameterizedTest
  @EnumSource(OperationKind.class)
  void what_people_do_to_an_incident_that_is_not_known_changes_nothing(OperationKind kind) {
    operated("10:03", kind, null);
    until("11:00");

    assertThat(out).isEmpty();
    assertThat(store.size()).isZero();
  }

  @Test
  void what_is_told_beyond_its_bound_is_not_taken_but_audited() {
    failed("10:00");
    Instant at = Samples.instant("10:05");
    for (int i = 0; i < IncidentState.FACTS_LIMIT + 4; i++) {
      give(operation("op-" + i, OperationKind.ACK, at, null));
    }

    assertThat(out.stream().filter(Output.Noted.class::isInstance).map(Output.Noted.class::cast))
        .extracting(noted -> noted.entry().getAction() + noted.entry().getDetail())
        // The failure itself was the first fact.
        .containsExactly("DROP_FACT{refused=1}", "DROP_FACT{refused=2}", "DROP_FACT{refused=4}");
  }

  @Test
  void resolved_it_stays_thirty_days_and_then_goes() {
    policy("mode: auto");
    failed("10:00");
    recovered("10:00:20");
    until("10:30");
    until(Instant.parse("2026-07-01T09:59:00Z"));
    assertThat(forgotten()).isEmpty();

    until(Instant.parse("2026-07-01T10:02:00Z"));
    assertThat(forgotten()).containsExactly(INCIDENT);
    until(Instant.parse("2026-07-03T00:00:00Z"));
    assertThat(store.size()).isZero();
  }

  @Test
  void unheard_of_for_thirty_days_it_is_closed() {
    failed("10:00");
    until(Instant.parse("2026-07-05T00:00:00Z"));

    assertThat(incident().getStatus()).isEqualTo(IncidentStatus.RESOLVED);
    assertThat(alerts()).extracting(Alert::getStatus).endsWith(AlertStatus.CLEARED);
  }

  /** Law 1: one jump of the watermark gives what many small steps give. */
  @Test
  void a_long_silence_folds_to_the_same_in_one_go() {
    failed("10:00");
    recovered("10:00:20");
    operated(Instant.parse("2026-07-01T22:00:00Z"), OperationKind.REOPEN, null);
    until(Instant.parse("2026-07-02T00:00:00Z"));

    assertThat(forgotten()).as("it had left before it was reopened").containsExactly(INCIDENT);
  }

  @Test
  void a_restart_changes_nothing() {
    policy("mode: auto");
    failed("10:00");
    station = station();
    until("10:02");
    station = station();
    reported("10:03", OutcomeStatus.FAILED, "broke");
    station = station();
    until("10:10");

    assertThat(releases()).hasSize(2);
  }

  @Test
  void state_is_refused_when_its_bytes_are_cut() {
    policy("mode: approval");
    failed("10:00");
    until("10:02");
    decided("10:03", Decision.DENIED);
    until("10:05");
    reported("11:00", OutcomeStatus.FAILED, "late");
    operated("11:00", OperationKind.ACK, null);

    Entry<IncidentState> entry = store.get(new StateKey(Routes.hash(Samples.ROUTE), INCIDENT));
    CutBytes.areRefused(new EntryCodec<>(new IncidentTracker().codec()), entry);
  }

  /** Law 1: whatever order facts come in, and however often, before the watermark passes them. */
  @Property(tries = 200)
  void the_order_of_arrival_and_second_deliveries_do_not_matter(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 9_999) Integer> choices,
      @ForAll long seed) {
    List<Message> facts = new ArrayList<>();
    for (int choice : choices) {
      facts.add(fact(choice));
    }
    List<Message> disorderly = new ArrayList<>(facts);
    disorderly.addAll(facts.subList(0, facts.size() / 2));
    Collections.shuffle(disorderly, new Random(seed));

    assertThat(life(disorderly)).isEqualTo(life(facts));
  }

  private static Message fact(int choice) {
    // Each fact has a second of its own: two outcomes of one instant have no order to keep.
    Instant at = Samples.instant("10:00").plusSeconds(30 + choice);
    String digest = Ids.digest(INCIDENT, Action.REPAIR_RUN, 1 + choice % 2);
    String command = INCIDENT + "-" + digest.substring(0, 12);
    return switch (choice % 4) {
      case 0 -> settled(cleared(at), at);
      case 1 -> settled(again(at), at);
      case 2 -> operation("op-" + choice, KINDS.get(choice / 4 % 8), at, at.plusSeconds(600));
      default -> outcome(command, STATUSES.get(choice / 4 % 6), at, "detail");
    };
  }

  /** Everything that was put out but for what depends on when it was read. */
  private static List<String> life(List<Message> facts) {
    IncidentStoryTest one = new IncidentStoryTest();
    one.policy("mode: auto");
    one.failed("10:00");
    facts.forEach(one::give);
    one.until("20:00");
    return one.out.stream()
        .filter(output -> !(output instanceof Output.Tracked))
        .map(Object::toString)
        .toList();
  }

  private KeyedStation<IncidentState> station() {
    MemoryStore<RouteMemory> routes = new MemoryStore<>();
    KeyedStation<IncidentState> made =
        new KeyedStation<>(
            new IncidentTracker(),
            store,
            new StoreView(routes, policies, () -> 0),
            Commits.ATOMIC,
            Budget.UNLIMITED);
    made.recover(this::collect);
    return made;
  }

  private void collect(Message message) {
    if (message instanceof Output output
        && !(message instanceof Output.Found)
        && !(message instanceof Output.Settled)) {
      out.add(output);
    }
  }

  private void give(Message message) {
    station.accept(message, this::collect);
  }

  private void policy(String text) {
    policies.put(Policies.parse("test", text.getBytes(StandardCharsets.UTF_8)));
  }

  private void failed(String time) {
    tell(Samples.failedRun(time).build(), time);
  }

  private void failedAgain(String time) {
    Instant at = Samples.instant(time);
    give(settled(again(at), at));
  }

  private void recovered(String time) {
    Instant at = Samples.instant(time);
    give(settled(cleared(at), at));
  }

  private void tell(Finding finding, String time) {
    give(new Output.Found(Samples.ROUTE, finding));
    give(settled(finding, Samples.instant(time)));
  }

  private static Finding again(Instant at) {
    return Samples.failedRun("10:00")
        .setRevision(2)
        .setSummary("the cluster was lost again at " + at)
        .build();
  }

  private static Finding cleared(Instant at) {
    return Samples.failedRun("10:00")
        .setRevision(3)
        .setStatus(FindingStatus.CLEARED)
        .setSummary("a run succeeded at " + at)
        .build();
  }

  private static Message settled(Finding finding, Instant at) {
    return new Output.Settled(Samples.ROUTE, at.toEpochMilli(), Source.RUNS.bit(), finding);
  }

  private void reported(String time, OutcomeStatus status) {
    reported(time, status, null);
  }

  private void reported(String time, OutcomeStatus status, String detail) {
    give(outcome(lastCommand(), status, Samples.instant(time), detail));
  }

  private static Message outcome(String command, OutcomeStatus status, Instant at, String detail) {
    return answer(
        Source.OUTCOMES,
        at,
        new Payload.Reported(
            Outcome.newBuilder()
                .setCommandId(command)
                .setStatus(status)
                .setAt(at)
                .setDetail(detail)
                .setExternalRef("run 5")
                .setActor("executor")
                .build()));
  }

  private void decided(String time, Decision decision) {
    Instant at = Samples.instant(time);
    give(
        answer(
            Source.APPROVALS,
            at,
            new Payload.Decided(
                Approval.newBuilder()
                    .setCommandId(lastCommand())
                    .setDecision(decision)
                    .setBy("ann")
                    .setAt(at)
                    .build())));
  }

  private void operated(String time, OperationKind kind, String until) {
    give(
        operation(
            "op-" + operations++,
            kind,
            Samples.instant(time),
            until == null ? null : Samples.instant(until)));
  }

  private void operated(Instant at, OperationKind kind, Instant until) {
    give(operation("op-" + operations++, kind, at, until));
  }

  private static Message operation(String id, OperationKind kind, Instant at, Instant until) {
    return answer(
        Source.OPERATIONS,
        at,
        new Payload.Operated(
            Operation.newBuilder()
                .setId(id)
                .setIncidentId(INCIDENT)
                .setKind(kind)
                .setBy("ann")
                .setAt(at)
                .setUntil(until)
                .build()));
  }

  private static Message answer(Source source, Instant at, Payload payload) {
    return new Signal(
        source,
        Routes.hash(Samples.ROUTE),
        null,
        at.toEpochMilli(),
        1,
        new Coordinates("answers", 0, 0),
        payload);
  }

  private void until(String time) {
    until(Samples.instant(time));
  }

  private void until(Instant at) {
    give(Progress.of(source -> at.toEpochMilli(), at.toEpochMilli()));
  }

  private String lastCommand() {
    List<Request.Release> all = releases();
    return all.get(all.size() - 1).commandId();
  }

  private <T extends Request> List<T> asked(Class<T> kind) {
    return out.stream()
        .filter(Output.Asked.class::isInstance)
        .map(output -> ((Output.Asked) output).request())
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  private List<Request.Release> releases() {
    return asked(Request.Release.class);
  }

  private Incident incident() {
    List<Incident> all =
        out.stream()
            .filter(Output.Tracked.class::isInstance)
            .map(output -> ((Output.Tracked) output).incident())
            .toList();
    return all.get(all.size() - 1);
  }

  private List<AttemptStatus> attempts() {
    return incident().getAttempts().stream().map(Attempt::getStatus).toList();
  }

  private List<Alert> alerts() {
    return out.stream()
        .filter(Output.Told.class::isInstance)
        .map(output -> ((Output.Told) output).alert())
        .toList();
  }

  private List<String> forgotten() {
    return out.stream()
        .filter(Output.Forgot.class::isInstance)
        .map(output -> ((Output.Forgot) output).incidentId())
        .toList();
  }
}
