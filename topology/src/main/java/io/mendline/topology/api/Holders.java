package io.mendline.topology.api;

import io.mendline.topology.api.HostAnswer.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.LagInfo;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Which instances hold a partition of a store, as this one has last heard. After one has died it is
 * the others' answer for as long as its session lasts, so whoever asks has to try the next holder.
 */
final class Holders {
  private static final long LAGS_KEPT_NANOS = Duration.ofSeconds(1).toNanos();

  /** What has only just come is not known yet, and what was behind may have caught up. */
  private static final long UNSETTLED_KEPT_NANOS = Duration.ofMillis(100).toNanos();

  private final KafkaStreams streams;
  private final HostInfo here;

  /**
   * How many offsets at the end of a changelog hold nothing to be read. Behind a transaction stands
   * its marker, which a copy never comes past while nothing follows.
   */
  private final int markers;

  private final Lags lags = new Lags();

  /**
   * The holders of an application's stores.
   *
   * @param transactions whether its changelogs are written within transactions
   */
  Holders(KafkaStreams streams, HostInfo here, boolean transactions) {
    this.streams = streams;
    this.here = here;
    this.markers = transactions ? 1 : 0;
  }

  /** The holders of a partition: first the one that processes it, then those with a copy. */
  List<HostInfo> of(String store, int partition) {
    List<HostInfo> holders = new ArrayList<>();
    KeyQueryMetadata known = metadata(store, partition);
    if (!known.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
      if (!known.activeHost().equals(HostInfo.unavailable())) {
        holders.add(known.activeHost());
      }
      holders.addAll(known.standbyHosts());
    }
    return holders;
  }

  boolean isHere(HostInfo host) {
    return host.equals(here);
  }

  StoreReader reader(String store, int partition) {
    return new StoreReader(streams, store, partition);
  }

  /**
   * How this instance holds a partition of stores that lie together.
   *
   * @throws StoreReader.NotHere when it cannot tell how much of it it has seen
   */
  Held heldHere(List<String> stores, int partition) throws StoreReader.NotHere {
    boolean active = metadata(stores.get(0), partition).activeHost().equals(here);
    long behind = 0;
    for (String store : stores) {
      behind += lags.of(store, partition);
    }
    return new Held(partition, active, behind);
  }

  private KeyQueryMetadata metadata(String store, int partition) {
    try {
      KeyQueryMetadata known =
          streams.queryMetadataForKey(
              store, partition, (topic, key, value, count) -> Optional.of(Set.of(key)));
      return known == null ? KeyQueryMetadata.NOT_AVAILABLE : known;
    } catch (StreamsException | IllegalStateException e) {
      // Not started yet, or stopped.
      return KeyQueryMetadata.NOT_AVAILABLE;
    }
  }

  /** How far the partitions on this instance are behind; asking costs a call to the broker. */
  private final class Lags {
    private Map<String, Map<Integer, LagInfo>> known = Map.of();
    private long askedAt = System.nanoTime() - LAGS_KEPT_NANOS;

    synchronized long of(String store, int partition) throws StoreReader.NotHere {
      LagInfo lag = known.getOrDefault(store, Map.of()).get(partition);
      boolean settled = lag != null && lag.offsetLag() <= markers;
      long kept = settled ? LAGS_KEPT_NANOS : UNSETTLED_KEPT_NANOS;
      if (System.nanoTime() - askedAt >= kept) {
        try {
          known = streams.allLocalStorePartitionLags();
          askedAt = System.nanoTime();
        } catch (StreamsException | IllegalStateException e) {
          known = Map.of();
        }
        lag = known.getOrDefault(store, Map.of()).get(partition);
      }
      if (lag == null) {
        throw new StoreReader.NotHere("it cannot be told how far partition " + partition + " is");
      }
      return Math.max(0, lag.offsetLag() - markers);
    }
  }
}
