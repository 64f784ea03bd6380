package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.Commits;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateIndex;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryConfig;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;

/**
 * A store of a task, which adds three things to the one that it wraps.
 *
 * <p>It tells the {@link KafkaStore} over it when a commit is about to begin, so that what was put
 * is written with it. Kafka Streams asks that of its own record caches only, by an interface that
 * is not public; what a cache of bytes lacks is that each look at it decodes anew.
 *
 * <p>It counts the commits of its task, for {@link Commits}. Kafka Streams tells a store, but not a
 * processor, when a commit begins; the next one begins only after this one has ended.
 *
 * <p>It can be asked while it is written and restored. The stores of Kafka Streams 4.3 lock
 * themselves and then their position when they are written, and the other way round when they are
 * asked or restored; so a question can stop a task for ever (KAFKA-19629). Here a question is
 * answered without their position, which nobody here asks for.
 */
final class TaskStore
    implements KeyValueStore<Bytes, byte[]>, CachedStateStore<Bytes, byte[]>, Commits {
  private final KeyValueStore<Bytes, byte[]> store;
  private final Registry registry;
  private KafkaStore<?> states;
  private Runnable beforeCommit;
  private long begun;

  private TaskStore(KeyValueStore<Bytes, byte[]> store, Registry registry) {
    this.store = store;
    this.registry = registry;
  }

  /** Where the processors of an application find the stores of their tasks. */
  static final class Registry {
    private final Map<String, TaskStore> stores = new ConcurrentHashMap<>();
    private final HeldStates budget;

    Registry(HeldStates budget) {
      this.budget = budget;
    }

    /** A supplier of such stores. */
    KeyValueBytesStoreSupplier wrapping(KeyValueBytesStoreSupplier wrapped) {
      return new KeyValueBytesStoreSupplier() {
        @Override
        public String name() {
          return wrapped.name();
        }

        @Override
        public KeyValueStore<Bytes, byte[]> get() {
          return new TaskStore(wrapped.get(), Registry.this);
        }

        @Override
        public String metricsScope() {
          return wrapped.metricsScope();
        }
      };
    }

    /**
     * The states in a store of a processor's task: the same for all processors that use it, so that
     * each sees at once what another has put.
     *
     * @param codec of its states
     * @param index null for none
     */
    <V> KafkaStore<V> states(
        ProcessorContext<?, ?> context, String name, StateCodec<V> codec, StateIndex<V> index) {
      return of(context.taskId(), name).states(context.getStateStore(name), codec, index);
    }

    /**
     * Does something when a processor's task is about to commit; what it forwards is committed too.
     *
     * @param context of the processor, while it is initialized
     * @param name of a store of that processor
     */
    void beforeCommit(ProcessorContext<?, ?> context, String name, Runnable action) {
      InternalProcessorContext<?, ?> task = (InternalProcessorContext<?, ?>) context;
      ProcessorNode<?, ?, ?, ?> node = task.currentNode();
      of(context.taskId(), name).beforeCommit =
          () -> {
            // A commit is not within any processor, and only from within one can be forwarded.
            ProcessorNode<?, ?, ?, ?> before = task.currentNode();
            task.setCurrentNode(node);
            try {
              action.run();
            } finally {
              task.setCurrentNode(before);
            }
          };
    }

    /** The counter of a task's commits. */
    Commits commits(TaskId task, String store) {
      return of(task, store);
    }

    private TaskStore of(TaskId task, String store) {
      TaskStore found = stores.get(key(task, store));
      if (found == null) {
        throw new IllegalStateException("the task " + task + " has no store " + store);
      }
      return found;
    }

    private static String key(TaskId task, String store) {
      return task + "/" + store;
    }
  }

  @SuppressWarnings("unchecked") // A store's states have one type, that of its concern.
  private <V> KafkaStore<V> states(
      KeyValueStore<Bytes, byte[]> replicated, StateCodec<V> codec, StateIndex<V> index) {
    if (states == null) {
      states = new KafkaStore<>(replicated, codec, index, registry.budget);
    }
    return (KafkaStore<V>) states;
  }

  @Override
  public void flushCache() {
    if (beforeCommit != null) {
      beforeCommit.run();
    }
    if (states != null) {
      states.writeAll();
    }
  }

  @Override
  public void clearCache() {
    beforeCommit = null;
    if (states != null) {
      states.clear();
      states = null;
    }
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<Bytes, byte[]> listener, boolean sendOldValues) {
    return false;
  }

  @Override
  public long begun() {
    return begun;
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    begun++;
    store.commit(changelogOffsets);
  }

  @Override
  public Long committedOffset(TopicPartition partition) {
    return store.committedOffset(partition);
  }

  @Override
  @SuppressWarnings("deprecation") // Kafka Streams asks it of every store it wraps.
  public boolean managesOffsets() {
    return store.managesOffsets();
  }

  @Override
  public void put(Bytes key, byte[] value) {
    store.put(key, value);
  }

  @Override
  public byte[] putIfAbsent(Bytes key, byte[] value) {
    return store.putIfAbsent(key, value);
  }

  @Override
  public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    store.putAll(entries);
  }

  @Override
  public byte[] delete(Bytes key) {
    return store.delete(key);
  }

  @Override
  public byte[] get(Bytes key) {
    return store.get(key);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    return store.range(from, to);
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return store.all();
  }

  @Override
  public long approximateNumEntries() {
    return store.approximateNumEntries();
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    // A task that is revived after a failed transaction initializes the same stores again.
    clearCache();
    registry.stores.put(Registry.key(context.taskId(), store.name()), this);
    store.init(context, root);
  }

  @Override
  public void close() {
    clearCache();
    store.close();
  }

  @Override
  public boolean persistent() {
    return store.persistent();
  }

  @Override
  public boolean isOpen() {
    return store.isOpen();
  }

  @Override
  @SuppressWarnings("unchecked") // What a question of a kind is answered with is said by its class.
  public <R> QueryResult<R> query(Query<R> query, PositionBound bound, QueryConfig config) {
    if (!store.isOpen()) {
      return QueryResult.forFailure(FailureReason.NOT_PRESENT, store.name() + " is closed");
    }
    if (query instanceof KeyQuery<?, ?> byKey) {
      return (QueryResult<R>) QueryResult.forResult(store.get((Bytes) byKey.getKey()));
    }
    if (query instanceof RangeQuery<?, ?> range) {
      return (QueryResult<R>)
          QueryResult.forResult(
              store.range(
                  (Bytes) range.getLowerBound().orElse(null),
                  (Bytes) range.getUpperBound().orElse(null)));
    }
    return QueryResult.forUnknownQueryType(query, store);
  }

  @Override
  public Position getPosition() {
    return store.getPosition();
  }
}
