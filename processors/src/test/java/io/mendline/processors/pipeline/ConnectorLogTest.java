package io.mendline.processors.pipeline;

import static io.mendline.processors.pipeline.ConnectorTrouble.STILL;
import static io.mendline.processors.pipeline.ConnectorTrouble.State.FAILING;
import static io.mendline.processors.pipeline.ConnectorTrouble.State.SILENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.engine.MemoryStore;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the intake remembers of data connectors: letters stand for hours. */
class ConnectorLogTest {
  private static final long HOUR = ConnectorHours.HOUR_MILLIS;
  private static final long BEGIN = 500_000 * HOUR;
  private static final String WORKSPACE = "w";
  private static final String ROUTE = Routes.sentinel(WORKSPACE);

  private final Counted store = new Counted();
  private final Intake intake =
      new Intake(store, Clock.WALL, () -> 0, source -> 0, new PolicyBook()::at, route -> true);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "works,                        GGGGGGGG,        -,        -, -",
    "fails and works again,        GGGFFGGG,  FAILING,        3, 5",
    "fails still,                  GGGGGFFF,  FAILING,        5, still",
    "says little in between,       GGGF-nFG,  FAILING,        3, 7",
    "never worked,                 FFFFFFFF,  FAILING,        0, still",
    "falls silent,                 GGGG----,   SILENT,        4, still",
    "is heard again,               GGG----G,   SILENT,        3, 7",
    "is heard again by a summary,  GGG----n,   SILENT,        3, 7",
    "is heard seldom,              G----G--,        -,        -, -",
    "misses three hours,           GGGGG---,        -,        -, -",
    "fails and falls silent,       GGF-----,  FAILING,        2, still",
  })
  void troubles(String name, String hours, String state, String since, String until) {
    tell("c", hours);
    tell("other", "nnnnnnnn");

    List<ConnectorTrouble> troubles = view().connectors(ROUTE, BEGIN, BEGIN + 8 * HOUR);

    if (state.equals("-")) {
      assertThat(troubles).isEmpty();
      return;
    }
    ConnectorTrouble.State expected = ConnectorTrouble.State.valueOf(state);
    long minutes = expected == FAILING ? 25 * 60_000L : 0;
    assertThat(troubles)
        .containsExactly(
            new ConnectorTrouble(
                "c",
                "The c",
                expected,
                BEGIN + Long.parseLong(since) * HOUR + minutes,
                until.equals("still") ? STILL : BEGIN + Long.parseLong(until) * HOUR));
  }

  @Test
  void a_silence_of_the_whole_workspace_is_none_of_its_connectors() {
    tell("c", "GGGG----");

    assertThat(view().connectors(ROUTE, BEGIN, BEGIN + 8 * HOUR)).isEmpty();
  }

  @Test
  void only_what_was_told_up_to_a_time_and_touches_it_is_given() {
    tell("c", "GGGFFFGGG");

    assertThat(view().connectors(ROUTE, BEGIN, BEGIN + 3 * HOUR)).isEmpty();
    assertThat(view().connectors(ROUTE, BEGIN, BEGIN + 5 * HOUR))
        .extracting(ConnectorTrouble::until)
        .containsExactly(STILL);
    assertThat(view().connectors(ROUTE, BEGIN + 7 * HOUR, BEGIN + 9 * HOUR)).isEmpty();
    assertThat(view().connectors(Routes.sentinel("other"), BEGIN, BEGIN + 5 * HOUR)).isEmpty();
  }

  @Test
  void it_is_written_once_an_hour_and_when_a_state_changes() {
    tell("c", "G");
    store.puts = 0;

    tell("c", "GGG");
    assertThat(store.puts).as("one for each new hour").isEqualTo(2);
    tell("c", "G");
    assertThat(store.puts).isEqualTo(2);
    tell("c", "F");
    tell("c", "F");
    assertThat(store.puts).isEqualTo(3);
  }

  @Property(tries = 200)
  void the_order_of_arrival_decides_nothing(@ForAll long seed) {
    Random random = new Random(seed);
    List<SentinelHealth> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(
          row(
                  "c" + random.nextInt(3),
                  "GFn".charAt(random.nextInt(3)),
                  BEGIN + random.nextInt(30) * HOUR + random.nextInt(60) * 60_000L)
              .name("name " + random.nextInt(4))
              .build());
    }
    ConnectorLogTest inOrder = new ConnectorLogTest();
    rows.forEach(inOrder::tell);
    Collections.shuffle(rows, random);
    ConnectorLogTest shuffled = new ConnectorLogTest();
    rows.forEach(shuffled::tell);

    assertThat(shuffled.view().connectors(ROUTE, 0, BEGIN + 40 * HOUR))
        .isEqualTo(inOrder.view().connectors(ROUTE, 0, BEGIN + 40 * HOUR));
  }

  @Property(tries = 20)
  void of_too_many_connectors_the_same_are_known_in_whatever_order_they_come(@ForAll long seed) {
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < ConnectorLog.MOST + 20; i++) {
      ids.add(100 + i);
    }
    Collections.shuffle(ids, new Random(seed));
    ConnectorLogTest shuffled = new ConnectorLogTest();
    ids.forEach(id -> shuffled.tell("c" + id, "F"));

    assertThat(shuffled.view().connectors(ROUTE, BEGIN, BEGIN + HOUR))
        .hasSize(ConnectorLog.MOST)
        .extracting(ConnectorTrouble::id)
        .contains("c100", "c" + (99 + ConnectorLog.MOST))
        .doesNotContain("c" + (100 + ConnectorLog.MOST));
  }

  @Test
  void one_that_is_not_heard_any_more_makes_room() {
    for (int i = 0; i < ConnectorLog.MOST; i++) {
      tell("c" + (100 + i), "F");
    }
    long later = BEGIN + (ConnectorHours.HOURS + 1) * HOUR;
    tell(row("z", 'F', later).build());

    assertThat(view().connectors(ROUTE, later, later + HOUR))
        .extracting(ConnectorTrouble::id)
        .containsExactly("z");
    assertThat(store.size()).as("it, the list, and when the route was heard").isEqualTo(3);
  }

  @Test
  void hours_beyond_those_kept_are_forgotten() {
    tell("c", "FG");
    tell(row("c", 'G', BEGIN + (ConnectorHours.HOURS + 5) * HOUR).build());
    tell(row("c", 'F', BEGIN).build());

    assertThat(view().connectors(ROUTE, 0, STILL - HOUR))
        .extracting(ConnectorTrouble::state)
        .doesNotContain(FAILING, SILENT);
  }

  private View view() {
    return new StoreView(store, new PolicyBook(), () -> 0);
  }

  /** G works, F fails, n says something, - says nothing. */
  private void tell(String connector, String hours) {
    for (int i = 0; i < hours.length(); i++) {
      if (hours.charAt(i) != '-') {
        tell(row(connector, hours.charAt(i), BEGIN + i * HOUR + 25 * 60_000L).build());
      }
    }
  }

  private void tell(SentinelHealth row) {
    Signal signal =
        new Signal(
            Source.SENTINEL,
            ROUTE,
            null,
            row.time(),
            row.contentId(),
            new Coordinates("telemetry.sentinel", 0, 1),
            new Payload.Observed(row));
    intake.accept(new SignalRecord.Batch(0, List.of(signal)), message -> {});
  }

  private static SentinelHealth.Builder row(String connector, char what, long time) {
    return SentinelHealth.builder()
        .time(time)
        .workspace(WORKSPACE)
        .resourceType(SentinelHealth.ResourceType.CONNECTOR)
        .resourceId(connector)
        .name("The " + connector)
        .operation(
            what == 'n' ? Operation.DATA_FETCH_FAILURE_SUMMARY : Operation.DATA_FETCH_STATUS_CHANGE)
        .status(what == 'G' ? Status.SUCCESS : what == 'F' ? Status.FAILURE : Status.INFORMATIONAL);
  }

  /** Counts what is written of connectors. */
  private static final class Counted implements Store<RouteMemory> {
    private final MemoryStore<RouteMemory> states = new MemoryStore<>();
    private int puts;

    @Override
    public RouteMemory get(StateKey key) {
      return states.get(key);
    }

    @Override
    public void put(StateKey key, RouteMemory value) {
      puts += key.id().startsWith("connector") ? 1 : 0;
      states.put(key, value);
    }

    @Override
    public void forEach(BiConsumer<StateKey, RouteMemory> visitor) {
      states.forEach(visitor);
    }

    int size() {
      List<StateKey> keys = new ArrayList<>();
      forEach((key, value) -> keys.add(key));
      return keys.size();
    }
  }
}
