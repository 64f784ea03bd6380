package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateIndex;
import io.mendline.processors.pipeline.StateIndex.IndexEntry;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A concern's store over a Kafka Streams store of bytes: states by {@link StoreKeys}, and beside
 * them the entries of the concern's index.
 *
 * <p>States lately in use are held decoded. What is put is written, and so replicated, when the
 * task commits: a key that is told of ten times between two commits is decoded at most once and
 * written once. Nothing is lost by it that a crash would not lose anyway: a commit holds both the
 * state and the input that made it. Whoever asks a store sees what was committed last.
 *
 * <p>States are changed in place, so one that a failure left half changed cannot stay, see {@link
 * #soundly}.
 */
final class KafkaStore<V> implements Store<V> {
  /** Bytes of a value; a broker refuses records that are not much larger. */
  private static final int LARGEST = 990_000;

  /** States put at most before they are written, so that a commit never has too much to do. */
  private static final int MOST_UNWRITTEN = 10_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final StateCodec<V> codec;
  private final StateIndex<V> index;
  private final HeldStates budget;
  private final BinaryWriter writer = new BinaryWriter(1024);

  /** By last use, the one unused longest first. */
  private final Map<StateKey, Held<V>> held = new LinkedHashMap<>(64, 0.75f, true);

  private List<Held<V>> unwritten = new ArrayList<>();

  /** The state read or put last: the only one that can be half changed. */
  private Held<V> last;

  private StateKey lastKey;

  /**
   * A store.
   *
   * @param index null for none
   */
  KafkaStore(
      KeyValueStore<Bytes, byte[]> store,
      StateCodec<V> codec,
      StateIndex<V> index,
      HeldStates budget) {
    this.store = store;
    this.codec = codec;
    this.index = index;
    this.budget = budget;
  }

  /** A state that is held. */
  private static final class Held<V> {
    private final StateKey key;

    /** Null when there is none. */
    private V value;

    /** What the index of the store says of it. */
    private List<IndexEntry> indexed = List.of();

    private boolean stored;
    private boolean unwritten;
    private long cost;

    private Held(StateKey key) {
      this.key = key;
    }
  }

  @Override
  public V get(StateKey key) {
    last = of(key);
    lastKey = key;
    return last.value;
  }

  @Override
  public void put(StateKey key, V value) {
    // Mostly what was read is put, by the same key.
    Held<V> state = key.equals(lastKey) ? last : of(key);
    last = state;
    lastKey = key;
    state.value = value;
    if (budget.writesAtOnce()) {
      write(state);
      return;
    }
    if (!state.unwritten) {
      state.unwritten = true;
      unwritten.add(state);
      if (unwritten.size() >= MOST_UNWRITTEN) {
        writeAll();
      }
    }
  }

  /** Writes what was put and is not written yet. */
  void writeAll() {
    List<Held<V>> all = unwritten;
    unwritten = new ArrayList<>();
    for (Held<V> state : all) {
      // It may have been written meanwhile, to make room.
      if (state.unwritten) {
        write(state);
      }
    }
  }

  /**
   * Takes a step that changes states, and leaves none half changed where it fails.
   *
   * @throws UnwrittenStateException see {@link #abandon}
   */
  void soundly(Runnable step) {
    try {
      step.run();
    } catch (KafkaException e) {
      // Of the task, not of what is judged.
      throw e;
    } catch (RuntimeException e) {
      abandon(e);
      throw e;
    }
  }

  /**
   * Gives up the state read or put last, which a failure may have left half changed: it is read
   * again when it is needed.
   *
   * @throws UnwrittenStateException when what is stored of it is older than what was put: then only
   *     the last commit can be gone back to
   */
  void abandon(RuntimeException failure) {
    if (last == null) {
      return;
    }
    if (last.unwritten) {
      budget.writeAtOnce();
      throw new UnwrittenStateException(store.name(), failure);
    }
    held.remove(last.key, last);
    budget.release(last.cost);
    last = null;
    lastKey = null;
  }

  /** Gives up all that is held, as if nothing had been read or put since the last commit. */
  void clear() {
    held.values().forEach(state -> budget.release(state.cost));
    held.clear();
    unwritten.clear();
    last = null;
    lastKey = null;
  }

  private Held<V> of(StateKey key) {
    Held<V> state = held.get(key);
    if (state == null) {
      byte[] bytes = store.get(StoreKeys.of(key));
      state = new Held<>(key);
      state.stored = bytes != null;
      state.value = bytes == null ? null : read(key, bytes);
      if (index != null && bytes != null) {
        state.indexed = index.entriesOf(key, state.value);
      }
      hold(state, bytes == null ? 0 : bytes.length);
      held.put(key, state);
      makeRoom();
    }
    return state;
  }

  private void hold(Held<V> state, int bytes) {
    long cost = HeldStates.costOf(bytes);
    budget.take(cost - state.cost);
    state.cost = cost;
  }

  private void makeRoom() {
    while (budget.isExceeded() && held.size() > 1) {
      Iterator<Held<V>> all = held.values().iterator();
      Held<V> eldest = all.next();
      if (eldest.unwritten) {
        write(eldest);
      }
      held.remove(eldest.key, eldest);
      budget.release(eldest.cost);
    }
  }

  private void write(Held<V> state) {
    byte[] bytes = state.value == null ? null : written(state.key, state.value);
    if (index != null) {
      reindex(state);
    }
    if (bytes != null || state.stored) {
      store.put(StoreKeys.of(state.key), bytes);
    }
    state.stored = bytes != null;
    state.unwritten = false;
    hold(state, bytes == null ? 0 : bytes.length);
  }

  private byte[] written(StateKey key, V value) {
    writer.reset();
    codec.write(value, writer);
    byte[] bytes = writer.toByteArray();
    if (bytes.length > LARGEST) {
      // Its changelog would refuse it, and a refused send ends the thread, again and again. Written
      // at once, it is the message that it came of that is refused.
      budget.writeAtOnce();
      throw new IllegalStateException(
          "the state of %s in %s has grown to %d bytes".formatted(key, store.name(), bytes.length));
    }
    return bytes;
  }

  private V read(StateKey key, byte[] bytes) {
    try {
      return codec.read(new BinaryReader(bytes));
    } catch (RuntimeException e) {
      throw new CorruptStateException(store.name(), key.route() + "/" + key.id(), e);
    }
  }

  private void reindex(Held<V> state) {
    List<IndexEntry> before = state.indexed;
    List<IndexEntry> after =
        state.value == null ? List.of() : index.entriesOf(state.key, state.value);
    for (IndexEntry entry : before) {
      if (find(entry.key(), after) == null) {
        store.put(StoreKeys.ofIndex(entry.key()), null);
      }
    }
    for (IndexEntry entry : after) {
      IndexEntry stands = find(entry.key(), before);
      if (stands == null || !Arrays.equals(stands.value(), entry.value())) {
        store.put(StoreKeys.ofIndex(entry.key()), entry.value());
      }
    }
    state.indexed = after;
  }

  private static IndexEntry find(byte[] key, List<IndexEntry> entries) {
    for (IndexEntry entry : entries) {
      if (Arrays.equals(entry.key(), key)) {
        return entry;
      }
    }
    return null;
  }

  @Override
  public void forEachOf(String route, BiConsumer<StateKey, V> visitor) {
    Map<StateKey, V> found = new TreeMap<>();
    try (KeyValueIterator<Bytes, byte[]> all =
        store.range(StoreKeys.firstOf(route, ""), StoreKeys.endOf(route))) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> next = all.next();
        StateKey key = StoreKeys.read(next.key);
        Held<V> newer = held.get(key);
        found.put(key, newer == null ? read(key, next.value) : newer.value);
      }
    }
    // Nothing is written for this: the state whose turn it is may be half changed.
    for (Held<V> state : unwritten) {
      if (state.unwritten && !state.stored && state.key.route().equals(route)) {
        found.put(state.key, state.value);
      }
    }
    found.values().removeIf(Objects::isNull);
    found.forEach(visitor);
  }

  @Override
  public void forEach(BiConsumer<StateKey, V> visitor) {
    writeAll();
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> next = all.next();
        if (!StoreKeys.isIndex(next.key)) {
          StateKey key = StoreKeys.read(next.key);
          visitor.accept(key, read(key, next.value));
        }
      }
    }
  }
}
