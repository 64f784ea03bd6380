package io.mendline.processors.governor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Store;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Action;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Decision;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Backfills of one dataset and layer: so many at once, and the oldest partition next. */
class BackfillTurnsTest {
  private static final String AUTO = "{mode: auto, partitions: {atOnce: 2}, actions: %s}";
  private static final String ACTIONS = "{BACKFILL_PARTITION: {capPerHour: 100000}}";

  private final Store<GovernorMemory> store = new MemoryStore<>();
  private final PolicyBook policies = new PolicyBook();
  private final List<Command> sent = new ArrayList<>();
  private final List<String> held = new ArrayList<>();
  private long now = Samples.at("10:00");
  private Governor governor;

  BackfillTurnsTest() {
    policy(AUTO.formatted(ACTIONS));
    start();
  }

  @Test
  void no_more_of_a_layer_run_than_may_at_once_and_the_others_say_what_for() {
    for (int day = 1; day <= 4; day++) {
      ask("sales/bronze/2026-06-0" + day);
    }

    assertThat(targets()).containsExactly("sales/bronze/2026-06-01", "sales/bronze/2026-06-02");
    assertThat(held)
        .containsExactly(
            "the limit of 2 backfills at once of sales/bronze is reached",
            "the limit of 2 backfills at once of sales/bronze is reached");
    assertThat(held).allMatch(reason -> Hold.of(reason) == Hold.AT_ONCE);
  }

  @Test
  void another_layer_and_another_dataset_have_their_own() {
    ask("sales/bronze/2026-06-01");
    ask("sales/bronze/2026-06-02");
    ask("sales/silver/2026-06-01");
    ask("stock/bronze/2026-06-01");

    assertThat(sent).hasSize(4);
  }

  @Test
  void the_oldest_of_those_that_wait_is_next() {
    for (int day : new int[] {9, 8, 3, 5, 1, 7}) {
      ask("sales/bronze/2026-06-0" + day);
    }
    report("sales/bronze/2026-06-08", OutcomeStatus.SUCCEEDED);
    report("sales/bronze/2026-06-01", OutcomeStatus.FAILED);
    report("sales/bronze/2026-06-09", OutcomeStatus.TIMED_OUT);

    assertThat(targets())
        .extracting(id -> id.substring(id.length() - 1))
        .containsExactly("9", "8", "1", "3", "5");
  }

  @Test
  void one_that_goes_on_keeps_its_place() {
    ask("sales/bronze/2026-06-01");
    ask("sales/bronze/2026-06-02");
    ask("sales/bronze/2026-06-03");
    report("sales/bronze/2026-06-01", OutcomeStatus.ACCEPTED);

    assertThat(sent).hasSize(2);
  }

  @Test
  void one_that_is_withdrawn_gives_its_place_to_the_next() {
    ask("sales/bronze/2026-06-01");
    ask("sales/bronze/2026-06-02");
    ask("sales/bronze/2026-06-03");
    governor.accept(new Request.Withdraw(id("sales/bronze/2026-06-02"), now, "over"), this::note);

    assertThat(targets()).endsWith("sales/bronze/2026-06-03");
  }

  @Test
  void one_that_nobody_took_is_lost_when_it_expires_and_the_next_goes() {
    ask("sales/bronze/2026-06-01");
    ask("sales/bronze/2026-06-02");
    now += 47 * 3_600_000L;
    ask("sales/bronze/2026-06-03");
    assertThat(sent).hasSize(2);

    now += 2 * 3_600_000L;
    governor.tick(this::note);
    assertThat(targets()).endsWith("sales/bronze/2026-06-03");
  }

  @Test
  void a_restart_forgets_neither_what_runs_nor_what_waits() {
    for (int day : new int[] {4, 5, 3, 2}) {
      ask("sales/bronze/2026-06-0" + day);
    }
    start();
    governor.tick(this::note);
    assertThat(sent).hasSize(2);

    report("sales/bronze/2026-06-04", OutcomeStatus.SUCCEEDED);
    assertThat(targets()).hasSize(3).endsWith("sales/bronze/2026-06-02");
  }

  @Test
  void of_those_that_wait_for_the_cap_the_oldest_is_next_too() {
    policy(AUTO.formatted("{BACKFILL_PARTITION: {capPerHour: 1}}"));
    ask("sales/bronze/2026-06-09");
    ask("sales/bronze/2026-06-08");
    ask("sales/bronze/2026-06-01");
    now += 2 * 3_600_000L;
    ask("sales/bronze/2026-06-05");

    assertThat(targets()).containsExactly("sales/bronze/2026-06-09", "sales/bronze/2026-06-01");
  }

  @Test
  void one_that_waits_for_a_person_does_not_hold_up_one_that_does_not() {
    policy("{mode: approval, partitions: {atOnce: 1}}");
    ask("sales/bronze/2026-06-01");
    ask("sales/bronze/2026-06-02");
    governor.accept(
        new Request.Decide(id("sales/bronze/2026-06-02"), now, Decision.APPROVED, "dana", null),
        this::note);

    assertThat(targets()).containsExactly("sales/bronze/2026-06-02");
  }

  @Test
  void a_dry_run_takes_no_place() {
    policy("{mode: dry-run, partitions: {atOnce: 1}}");
    ask("sales/bronze/2026-06-01");
    ask("sales/bronze/2026-06-02");

    assertThat(sent).hasSize(2).allMatch(Command::getDryRun);
  }

  /** What is promised however requests, reports and restarts are mixed. */
  @Property(tries = 150)
  void the_limit_holds_and_nothing_younger_goes_before_something_older(
      @ForAll @Size(max = 150) List<@IntRange(max = 9_999) Integer> choices) {
    Map<String, String> running = new TreeMap<>();
    TreeMap<String, String> waiting = new TreeMap<>();
    int next = 0;
    for (int choice : choices) {
      int before = sent.size();
      if (choice % 10 < 6) {
        String lane = choice % 3 == 0 ? "sales/silver" : "sales/bronze";
        String target = "%s/2026-%02d-%02d".formatted(lane, 1 + choice / 10 % 12, 1 + next++ % 28);
        if (!running.containsValue(target) && !waiting.containsKey(target)) {
          waiting.put(target, id(target, next));
          ask(target, id(target, next));
        }
      } else if (choice % 10 < 9 && !running.isEmpty()) {
        String command = List.copyOf(running.keySet()).get(choice / 10 % running.size());
        running.remove(command);
        governor.accept(
            choice % 10 == 6
                ? new Request.Withdraw(command, now, "over")
                : new Request.Report(command, now, OutcomeStatus.FAILED, null),
            this::note);
      } else {
        start();
        governor.tick(this::note);
      }
      for (Command command : sent.subList(before, sent.size())) {
        if (command.getStatus() == CommandStatus.ISSUED) {
          String target = command.getTarget().getId();
          String lane = target.substring(0, target.lastIndexOf('/') + 1);
          assertThat(waiting.tailMap(lane).firstKey()).as("the oldest").isEqualTo(target);
          waiting.remove(target);
          running.put(command.getId(), target);
          assertThat(running.values().stream().filter(each -> each.startsWith(lane)))
              .as("running")
              .hasSizeLessThanOrEqualTo(2);
        }
      }
    }
  }

  private void policy(String text) {
    policies.put(Policies.parse("p", text.getBytes(UTF_8)));
  }

  private void start() {
    governor = new Governor(store, policies, Clock.WALL, () -> now, false);
    governor.recover(this::note);
  }

  private void ask(String target) {
    ask(target, id(target));
  }

  private void ask(String target, String id) {
    long expiry = now + Duration.ofDays(2).toMillis();
    Command command =
        Samples.command(
                id,
                Resource.newBuilder().setType(ResourceType.DATASET_PARTITION).setId(target).build(),
                "10:00",
                "23:59")
            .setAction(Action.BACKFILL_PARTITION)
            .setExpiresAt(Instant.ofEpochMilli(expiry))
            .build();
    governor.accept(new Request.Release(id, now, command, null, "on-call"), this::note);
  }

  private void report(String target, OutcomeStatus status) {
    governor.accept(new Request.Report(id(target), now, status, null), this::note);
  }

  private static String id(String target) {
    return id(target, 0);
  }

  private static String id(String target, int number) {
    return Samples.INCIDENT
        + "-"
        + Integer.toHexString((target + number).hashCode())
        + "x"
        + number;
  }

  private List<String> targets() {
    return sent.stream()
        .filter(command -> command.getStatus() == CommandStatus.ISSUED)
        .map(command -> command.getTarget().getId())
        .toList();
  }

  private void note(Message message) {
    if (message instanceof Output.Commanded commanded) {
      sent.add(commanded.command());
    } else if (message instanceof Output.Noted noted && noted.entry().getAction().equals("HOLD")) {
      held.add(noted.entry().getHow());
    }
  }
}
