package io.mendline.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * Keeps the memory of all RocksDB stores of a process under one bound: one block cache, from which
 * index and filter blocks and the write buffers are taken as well.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  /** The setting that says how much, in MiB. */
  static final String MEGABYTES = "mendline.rocksdb.megabytes";

  private static final long MEBIBYTE = 1024L * 1024L;
  private static final int BLOCK_BYTES = 16 * 1024;
  private static final double INDEX_SHARE = 0.1;

  /**
   * One per size, for the life of the process: RocksDB's own objects live as long as its stores.
   */
  private static final Map<Integer, Shared> SHARED = new ConcurrentHashMap<>();

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    Shared shared =
        SHARED.computeIfAbsent(
            Integer.parseInt(String.valueOf(configs.get(MEGABYTES))), Shared::of);
    BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
    table.setBlockCache(shared.cache());
    table.setBlockSize(BLOCK_BYTES);
    table.setCacheIndexAndFilterBlocks(true);
    table.setCacheIndexAndFilterBlocksWithHighPriority(true);
    table.setPinTopLevelIndexAndFilter(true);
    options.setWriteBufferManager(shared.writeBuffers());
    options.setTableFormatConfig(table);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache and the write buffers are shared; they stay.
  }

  private record Shared(Cache cache, WriteBufferManager writeBuffers) {
    static Shared of(int megabytes) {
      Cache cache = new LRUCache(megabytes * MEBIBYTE, -1, false, INDEX_SHARE);
      return new Shared(cache, new WriteBufferManager(megabytes * MEBIBYTE / 2, cache));
    }
  }
}
