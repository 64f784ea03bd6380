package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Store;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * A concern's store over a Kafka Streams store of bytes. A key is written as its route, a zero
 * byte, and its id, so that the keys of a route lie together.
 */
final class KafkaStore<V> implements Store<V> {
  private static final char SEPARATOR = '\0';

  private final KeyValueStore<Bytes, byte[]> store;
  private final StateCodec<V> codec;
  private final BinaryWriter writer = new BinaryWriter(1024);

  KafkaStore(KeyValueStore<Bytes, byte[]> store, StateCodec<V> codec) {
    this.store = store;
    this.codec = codec;
  }

  @Override
  public V get(StateKey key) {
    byte[] bytes = store.get(bytes(key));
    return bytes == null ? null : codec.read(new BinaryReader(bytes));
  }

  @Override
  public void put(StateKey key, V value) {
    if (value == null) {
      store.put(bytes(key), null);
      return;
    }
    writer.reset();
    codec.write(value, writer);
    store.put(bytes(key), writer.toByteArray());
  }

  @Override
  public void forEach(BiConsumer<StateKey, V> visitor) {
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> next = all.next();
        visitor.accept(key(next.key), codec.read(new BinaryReader(next.value)));
      }
    }
  }

  private static Bytes bytes(StateKey key) {
    return Bytes.wrap((key.route() + SEPARATOR + key.id()).getBytes(StandardCharsets.UTF_8));
  }

  private static StateKey key(Bytes bytes) {
    String text = new String(bytes.get(), StandardCharsets.UTF_8);
    int end = text.indexOf(SEPARATOR);
    return new StateKey(text.substring(0, end), text.substring(end + 1));
  }
}
