package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateIndex;
import io.mendline.processors.pipeline.StateIndex.IndexEntry;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A concern's store over a Kafka Streams store of bytes: states by {@link StoreKeys}, and beside
 * them the entries of the concern's index.
 */
final class KafkaStore<V> implements Store<V> {
  /** Bytes of a value; a broker refuses records that are not much larger. */
  private static final int LARGEST = 990_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final StateCodec<V> codec;
  private final StateIndex<V> index;
  private final BinaryWriter writer = new BinaryWriter(1024);

  /** The key last read, and what stood in the index for it then: states are changed in place. */
  private StateKey lastRead;

  private List<IndexEntry> lastEntries = List.of();

  KafkaStore(KeyValueStore<Bytes, byte[]> store, StateCodec<V> codec) {
    this(store, codec, null);
  }

  /** A store with an index; null for none. */
  KafkaStore(KeyValueStore<Bytes, byte[]> store, StateCodec<V> codec, StateIndex<V> index) {
    this.store = store;
    this.codec = codec;
    this.index = index;
  }

  @Override
  public V get(StateKey key) {
    byte[] bytes = store.get(StoreKeys.of(key));
    V value = bytes == null ? null : read(key, bytes);
    if (index != null) {
      lastRead = key;
      lastEntries = value == null ? List.of() : index.entriesOf(key, value);
    }
    return value;
  }

  @Override
  public void put(StateKey key, V value) {
    byte[] bytes = value == null ? null : written(key, value);
    if (index != null) {
      reindex(key, value);
    }
    store.put(StoreKeys.of(key), bytes);
  }

  private byte[] written(StateKey key, V value) {
    writer.reset();
    codec.write(value, writer);
    byte[] bytes = writer.toByteArray();
    if (bytes.length > LARGEST) {
      // Its changelog would refuse it, and a refused send ends the thread, again and again.
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

  private void reindex(StateKey key, V value) {
    if (!key.equals(lastRead)) {
      V unused = get(key);
    }
    List<IndexEntry> before = lastEntries;
    List<IndexEntry> after = value == null ? List.of() : index.entriesOf(key, value);
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
    lastEntries = after;
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
  public void forEach(BiConsumer<StateKey, V> visitor) {
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
