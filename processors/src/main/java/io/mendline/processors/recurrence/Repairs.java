package io.mendline.processors.recurrence;

import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Which runs that had failed for one cause were tried again, and how they ended, oldest first.
 *
 * <p>The answer of {@link #upTo} is a function of the set of tries, whatever has come after: so
 * none is forgotten before the {@link #KEPT} are over, but those above {@value #MOST}.
 */
final class Repairs {
  /** So long a try counts. */
  static final Duration KEPT = Duration.ofDays(30);

  /** So long it is kept: whoever asks may be behind. */
  private static final Duration HELD = KEPT.plusDays(1);

  /** At most so many are kept, of some 12 bytes each; the oldest go first. */
  static final int MOST = 512;

  private final List<Repair> tries;

  Repairs() {
    this(List.of());
  }

  private Repairs(List<Repair> tries) {
    this.tries = new ArrayList<>(tries);
  }

  /**
   * One try.
   *
   * @param at when the run ended, epoch milliseconds
   * @param run a hash that tells runs apart
   */
  private record Repair(long at, long run, boolean worked) {
    static final Comparator<Repair> ORDER =
        Comparator.comparingLong(Repair::at)
            .thenComparingLong(Repair::run)
            .thenComparing(Repair::worked);
  }

  /** Takes a try; one that is known counts once. */
  void add(Output.Tried tried) {
    long run = new BinaryWriter(48).writeString(tried.findingId()).hashFrom(0);
    Repair repair = new Repair(tried.at(), run, tried.worked());
    int place = Collections.binarySearch(tries, repair, Repair.ORDER);
    if (place < 0) {
      tries.add(-place - 1, repair);
      if (tries.size() > MOST) {
        tries.remove(0);
      }
    }
  }

  /** How often trying again has helped in the {@link #KEPT} up to an event time. */
  RepairOdds upTo(long at) {
    int tried = 0;
    int worked = 0;
    for (Repair repair : tries) {
      if (repair.at <= at && repair.at > at - KEPT.toMillis()) {
        tried++;
        worked += repair.worked ? 1 : 0;
      }
    }
    return tried == 0 ? RepairOdds.NONE : new RepairOdds(tried, worked);
  }

  /** The event time of the newest try; of one at least. */
  long newest() {
    return tries.get(tries.size() - 1).at;
  }

  /** When the first of them is forgotten; of one at least. */
  long forgottenAt() {
    return tries.get(0).at + HELD.toMillis() + 1;
  }

  void forget(long at) {
    tries.removeIf(repair -> repair.at + HELD.toMillis() < at);
  }

  boolean isEmpty() {
    return tries.isEmpty();
  }

  void write(BinaryWriter out) {
    out.writeVarInt(tries.size());
    long before = 0;
    for (Repair repair : tries) {
      out.writeZigZag(repair.at - before).writeFixed64(repair.run).writeBoolean(repair.worked);
      before = repair.at;
    }
  }

  static Repairs read(BinaryReader in) {
    int count = in.readVarInt();
    List<Repair> tries = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < count; i++) {
      at += in.readZigZag();
      tries.add(new Repair(at, in.readFixed64(), in.readBoolean()));
    }
    return new Repairs(tries);
  }
}
