package io.mendline.topology.api;

import java.util.function.BiPredicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.KeyValueIterator;

/** Reads one partition of one store of this instance by interactive queries. */
final class StoreReader {
  private final KafkaStreams streams;
  private final String store;
  private final int partition;

  StoreReader(KafkaStreams streams, String store, int partition) {
    this.streams = streams;
    this.store = store;
    this.partition = partition;
  }

  /** Reads the same partition of another store. */
  StoreReader of(String other) {
    return new StoreReader(streams, other, partition);
  }

  /** The partition is not on this instance, or not any more. */
  static final class NotHere extends Exception {
    private static final long serialVersionUID = 1L;

    NotHere(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The value of a key, or null.
   *
   * @throws NotHere when this instance does not hold the partition
   */
  byte[] get(Bytes key) throws NotHere {
    return ask(KeyQuery.<Bytes, byte[]>withKey(key));
  }

  /**
   * Visits the entries from a key up to another, exclusive, in the order of their bytes.
   *
   * @param from null for the first
   * @param to null for the end
   * @param visitor returns whether to go on
   * @throws NotHere when this instance does not hold the partition
   */
  void range(Bytes from, Bytes to, BiPredicate<Bytes, byte[]> visitor) throws NotHere {
    RangeQuery<Bytes, byte[]> query =
        from == null && to == null
            ? RangeQuery.withNoBounds()
            : from == null
                ? RangeQuery.withUpperBound(to)
                : to == null ? RangeQuery.withLowerBound(from) : RangeQuery.withRange(from, to);
    try (KeyValueIterator<Bytes, byte[]> entries = ask(query)) {
      boolean more = true;
      while (more && entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        // The upper bound of a query is inclusive.
        more = !entry.key.equals(to) && visitor.test(entry.key, entry.value);
      }
    } catch (StreamsException e) {
      throw new NotHere("the store was closed while it was read");
    }
  }

  private <R> R ask(Query<R> query) throws NotHere {
    QueryResult<R> result;
    try {
      result =
          streams
              .query(
                  StateQueryRequest.inStore(store)
                      .withQuery(query)
                      .withPartitions(java.util.Set.of(partition)))
              .getPartitionResults()
              .get(partition);
    } catch (StreamsException e) {
      // Not started, stopped, or on its way to another instance.
      throw new NotHere(store + " cannot be asked now");
    }
    if (result == null) {
      throw new NotHere(store + " has no partition " + partition + " here");
    }
    if (result.isFailure()) {
      throw new NotHere(store + ", partition " + partition + ": " + result.getFailureReason());
    }
    return result.getResult();
  }
}
