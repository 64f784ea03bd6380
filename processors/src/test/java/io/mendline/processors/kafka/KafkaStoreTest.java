package io.mendline.processors.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateIndex;
import io.mendline.processors.pipeline.StateIndex.IndexEntry;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.internals.InMemoryKeyValueStore;
import org.junit.jupiter.api.Test;

class KafkaStoreTest {
  private static final StateKey A = new StateKey("route", "a");
  private static final StateKey B = new StateKey("route", "b");

  private final List<String> writes = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final HeldStates ample = new HeldStates(1 << 20, nanos::get);
  private final InMemoryKeyValueStore bytes =
      new InMemoryKeyValueStore("states") {
        @Override
        public synchronized void put(Bytes key, byte[] value) {
          writes.add(key + (value == null ? " gone" : ""));
          super.put(key, value);
        }
      };

  @Test
  void whatIsPutIsReadAtOnceAndWrittenOnceWithTheCommit() {
    KafkaStore<Text> store = store(ample);
    store.put(A, new Text("1"));
    for (int i = 2; i <= 10; i++) {
      Text text = store.get(A);
      text.value = Integer.toString(i);
      store.put(A, text);
    }
    assertThat(writes).isEmpty();
    assertThat(store.get(A).value).isEqualTo("10");

    store.writeAll();
    store.writeAll();

    assertThat(writes).hasSize(1);
    assertThat(store(ample).get(A).value).isEqualTo("10");
  }

  @Test
  void theStatesOfARouteAreAsTheyWerePutLastAndNothingIsWrittenForIt() {
    KafkaStore<Text> store = store(ample);
    StateKey changed = new StateKey("route", "changed");
    StateKey gone = new StateKey("route", "gone");
    for (StateKey key : List.of(B, changed, gone, new StateKey("route2", "a"))) {
      store.put(key, new Text("old"));
    }
    store.writeAll();
    writes.clear();
    store.put(changed, new Text("new"));
    store.put(gone, null);
    store.put(A, new Text("fresh"));
    store.put(new StateKey("rout", "e"), new Text("other"));

    List<String> seen = new ArrayList<>();
    store.forEachOf("route", (key, text) -> seen.add(key.id() + " " + text.value));
    assertThat(seen).containsExactly("a fresh", "b old", "changed new");
    assertThat(writes).isEmpty();

    store.writeAll();
    seen.clear();
    store(ample).forEachOf("route", (key, text) -> seen.add(key.id() + " " + text.value));
    assertThat(seen).containsExactly("a fresh", "b old", "changed new");
  }

  @Test
  void whatComesAndGoesBetweenTwoCommitsIsNeverWritten() {
    KafkaStore<Text> store = store(ample);
    assertThat(store.get(A)).isNull();
    store.put(A, new Text("1"));
    store.put(A, null);
    store.writeAll();
    assertThat(writes).isEmpty();
  }

  @Test
  void whatIsRemovedIsGone() {
    KafkaStore<Text> store = store(ample);
    store.put(A, new Text("1"));
    store.writeAll();
    store.put(A, null);
    assertThat(store.get(A)).isNull();
    store.writeAll();
    assertThat(store(ample).get(A)).isNull();
  }

  @Test
  void whatMakesRoomForOthersIsWrittenBefore() {
    HeldStates room = new HeldStates(4 * HeldStates.costOf(10), nanos::get);
    KafkaStore<Text> store = store(room);
    Map<StateKey, String> expected = new TreeMap<>();
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      StateKey key = new StateKey("route", "key-" + random.nextInt(20));
      Text known = store.get(key);
      assertThat(known == null ? null : known.value).as("%s", key).isEqualTo(expected.get(key));
      if (random.nextInt(10) == 0) {
        store.put(key, null);
        expected.remove(key);
      } else {
        Text text = known == null ? new Text("") : known;
        text.value = "value-" + i;
        store.put(key, text);
        expected.put(key, text.value);
      }
      if (random.nextInt(100) == 0) {
        store.writeAll();
      }
    }
    assertThat(room.isExceeded()).isFalse();

    Map<StateKey, String> kept = new TreeMap<>();
    store.forEach((key, text) -> kept.put(key, text.value));
    assertThat(kept).isEqualTo(expected);
  }

  @Test
  void theIndexSaysWhatTheStatesSay() {
    KafkaStore<Text> store = new KafkaStore<>(bytes, new TextCodec(), new ByValue(), ample);
    store.put(A, new Text("open"));
    store.put(B, new Text("open"));
    store.writeAll();
    store.get(A).value = "closing";
    store.put(A, store.get(A));
    store.get(A).value = "closed";
    store.put(A, store.get(A));
    store.put(B, null);
    writes.clear();
    store.writeAll();

    assertThat(writes)
        .as("one entry goes, one comes, one state changes; what stood for a moment is not told")
        .hasSize(5);
    List<Bytes> keys = new ArrayList<>();
    try (var all = bytes.all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    assertThat(keys)
        .containsExactlyInAnyOrder(
            StoreKeys.of(A), StoreKeys.ofIndex("closed/a".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aStateThatAFailureLeftHalfChangedIsReadAgain() {
    KafkaStore<Text> store = store(ample);
    store.put(A, new Text("sound"));
    store.writeAll();
    store.get(A).value = "half";

    store.abandon(new IllegalStateException("a detector failed"));

    assertThat(store.get(A).value).isEqualTo("sound");
  }

  @Test
  void whereTheStoredStateIsOlderTheTaskGoesBackAndThenWritesAtOnceForAWhile() {
    KafkaStore<Text> store = store(ample);
    store.put(A, new Text("sound"));
    store.get(A).value = "half";
    RuntimeException failure = new IllegalStateException("a detector failed");
    assertThatThrownBy(() -> store.abandon(failure))
        .isInstanceOf(UnwrittenStateException.class)
        .hasCause(failure)
        .hasMessageContaining("a detector failed");

    KafkaStore<Text> next = store(ample);
    next.put(A, new Text("sound"));
    assertThat(writes).hasSize(1);
    next.get(A).value = "half";
    next.abandon(failure);
    assertThat(next.get(A).value).isEqualTo("sound");

    nanos.addAndGet(Duration.ofMinutes(11).toNanos());
    next.put(A, new Text("later"));
    assertThat(writes).hasSize(1);
  }

  @Test
  void aStateThatIsTooLargeIsRefusedAndNextTimeWithTheMessageThatMadeIt() {
    KafkaStore<Text> store = store(ample);
    store.put(A, new Text("x".repeat(1_000_000)));
    assertThatThrownBy(store::writeAll).hasMessageContaining("has grown to");

    KafkaStore<Text> next = store(ample);
    next.put(A, new Text("small"));
    assertThatThrownBy(() -> next.put(A, new Text("x".repeat(1_000_000))))
        .hasMessageContaining("has grown to");
    next.abandon(new IllegalStateException());
    assertThat(next.get(A).value).isEqualTo("small");
  }

  @Test
  void whatIsClearedTakesNoRoom() {
    HeldStates room = new HeldStates(1, nanos::get);
    KafkaStore<Text> store = store(room);
    store.put(A, new Text("1"));
    assertThat(room.isExceeded()).isTrue();
    store.clear();
    assertThat(room.isExceeded()).isFalse();
    assertThat(store.get(A)).isNull();
  }

  private KafkaStore<Text> store(HeldStates budget) {
    return new KafkaStore<>(bytes, new TextCodec(), null, budget);
  }

  /** A state that is changed in place. */
  private static final class Text {
    private String value;

    private Text(String value) {
      this.value = value;
    }
  }

  private static final class TextCodec implements StateCodec<Text> {
    @Override
    public void write(Text state, BinaryWriter out) {
      out.writeString(state.value);
    }

    @Override
    public Text read(BinaryReader in) {
      return new Text(in.readString());
    }
  }

  private static final class ByValue implements StateIndex<Text> {
    @Override
    public List<IndexEntry> entriesOf(StateKey key, Text state) {
      byte[] entry = (state.value + "/" + key.id()).getBytes(StandardCharsets.UTF_8);
      return List.of(new IndexEntry(entry, new byte[] {1}));
    }
  }
}
