package io.mendline.processors.kafka;

import io.mendline.processors.engine.Pipeline;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/** The builders of all stores: bytes, logged, without a record cache, in memory or on RocksDB. */
public final class Stores {
  private Stores() {}

  /**
   * A store of the pipeline.
   *
   * @param inMemory in memory rather than on RocksDB; replicated either way
   */
  public static StoreBuilder<KeyValueStore<Bytes, byte[]>> store(
      String name, boolean inMemory, Application application) {
    KeyValueBytesStoreSupplier supplier =
        inMemory
            ? org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(name)
            : org.apache.kafka.streams.state.Stores.persistentKeyValueStore(name);
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            application.stores().wrapping(supplier), Serdes.Bytes(), Serdes.ByteArray())
        // A record cache would hold bytes, to be decoded with each signal; KafkaStore holds states.
        .withCachingDisabled()
        .withLoggingEnabled(Map.of());
  }

  /** The global store of policies. */
  public static StoreBuilder<KeyValueStore<Bytes, byte[]>> policies() {
    return org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
            org.apache.kafka.streams.state.Stores.inMemoryKeyValueStore(Pipeline.POLICIES),
            Serdes.Bytes(),
            Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingDisabled();
  }
}
