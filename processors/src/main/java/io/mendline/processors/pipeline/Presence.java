package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.Arrays;

/**
 * When something was heard, in bins of five minutes: the evidence that a silence needs (law 3). A
 * bin counts as heard when an event of that time was seen, whenever it arrived, so that what
 * arrives late is judged as if it had come in time.
 *
 * <p>Kept as stretches of bins that were heard one after the other; of a route that always speaks
 * that is one stretch. Nothing is forgotten by its age: partitions of a backlog are read at
 * different speeds, and what one has told of next month must not wipe out the week that another is
 * still being judged by. What bounds it is the number of stretches, {@value #MAX_STRETCHES}, of
 * which the oldest goes: at the worst, a route that speaks every other bin, that is 16 days and
 * some four kilobytes.
 */
public final class Presence {
  /** The length of a bin, milliseconds. */
  public static final long BIN_MILLIS = 5 * 60_000L;

  /** How many stretches are kept. */
  static final int MAX_STRETCHES = 2_304;

  /** How many bins a pace is judged by: eight days. */
  private static final int PACE_BINS = 8 * 24 * 12;

  private static final int FEW_SILENCES = 12;
  private static final int MANY_SILENCES = 40;
  private static final int BINS_OF_AN_HOUR = 12;

  /** First bins of the stretches, ascending. */
  private long[] first = new long[1];

  /** The bins after their last ones. */
  private long[] end = new long[1];

  private int size;

  /**
   * Marks the bin of an event time.
   *
   * @return whether that changed anything
   */
  public boolean hear(long eventTime) {
    long bin = binOf(eventTime);
    int at = stretchBy(bin);
    if (at >= 0 && bin < end[at]) {
      return false;
    }
    boolean afterOne = at >= 0 && end[at] == bin;
    boolean beforeNext = at + 1 < size && first[at + 1] == bin + 1;
    if (afterOne && beforeNext) {
      end[at] = end[at + 1];
      remove(at + 1);
    } else if (afterOne) {
      end[at] = bin + 1;
    } else if (beforeNext) {
      first[at + 1] = bin;
    } else if (size < MAX_STRETCHES) {
      insert(at + 1, bin, bin + 1);
    } else if (at < 0) {
      return false;
    } else {
      remove(0);
      insert(at, bin, bin + 1);
    }
    return true;
  }

  /** Whether the bin that holds this instant was heard. */
  public boolean heardAt(long instant) {
    long bin = binOf(instant);
    int at = stretchBy(bin);
    return at >= 0 && bin < end[at];
  }

  /** Whether anything was heard in a bin that overlaps {@code [from, to)}. */
  public boolean heardBetween(long from, long to) {
    int at = stretchBy(binOf(to - 1));
    return at >= 0 && end[at] > binOf(from);
  }

  /**
   * When the route was heard last up to an instant: the end of the newest bin heard that ends no
   * later, epoch milliseconds, or {@link Long#MIN_VALUE}.
   */
  public long heardBy(long instant) {
    long bin = binBefore(instant);
    int at = stretchBy(bin);
    return at < 0 ? Long.MIN_VALUE : Math.min(bin + 1, end[at]) * BIN_MILLIS;
  }

  /**
   * When the route was heard next from an instant on, up to another: the start of the first bin
   * heard that begins at the instant or later and ends by the other, epoch milliseconds, or {@link
   * Long#MAX_VALUE}.
   */
  public long heardFrom(long instant, long by) {
    long from = binOf(instant + BIN_MILLIS - 1);
    int at = stretchBy(from);
    long bin;
    if (at >= 0 && from < end[at]) {
      bin = from;
    } else if (at + 1 < size) {
      bin = first[at + 1];
    } else {
      return Long.MAX_VALUE;
    }
    return bin <= binBefore(by) ? bin * BIN_MILLIS : Long.MAX_VALUE;
  }

  /**
   * Whether the route was heard all through a time: with no silence in it that is longer than half
   * again its usual pace.
   */
  public boolean heardThroughout(long from, long to) {
    long heard = heardBy(from);
    if (heard == Long.MIN_VALUE) {
      return false;
    }
    long usual = pace(heard) * 3 / 2 + BIN_MILLIS;
    while (heard < to) {
      long next = heardFrom(heard, to);
      if (next == Long.MAX_VALUE) {
        // The bin that the end lies in is not over.
        return to - heard <= usual + BIN_MILLIS;
      }
      if (next - heard > usual) {
        return false;
      }
      heard = next + BIN_MILLIS;
    }
    return true;
  }

  /**
   * The route's pace over the eight days before an instant, milliseconds: the silence between two
   * bins heard that all but a twentieth of the silences do not exceed; zero for a route that is
   * heard in every bin.
   */
  public long pace(long before) {
    Silences silences = silences(before);
    return silences.at((int) (silences.count() * 0.95)) * BIN_MILLIS;
  }

  /**
   * The longest silence in the eight days before an instant that is nothing new, milliseconds: one
   * as long has been there twice besides. {@link Long#MAX_VALUE} where that says little of the next
   * one: while there were few silences yet, or where there are long ones of all lengths.
   */
  public long usualSilence(long before) {
    Silences silences = silences(before);
    if (silences.count() < FEW_SILENCES) {
      return Long.MAX_VALUE;
    }
    long usual = silences.at(silences.count() - 3);
    boolean known =
        usual <= BINS_OF_AN_HOUR
            || (silences.count() >= MANY_SILENCES
                && usual <= 3 * (silences.at(silences.count() / 2) + 1));
    return known ? usual * BIN_MILLIS : Long.MAX_VALUE;
  }

  /** What was heard from an instant on. */
  public Presence since(long instant) {
    Presence since = new Presence();
    long from = binOf(instant);
    for (int at = 0; at < size; at++) {
      if (end[at] > from) {
        since.insert(since.size, Math.max(from, first[at]), end[at]);
      }
    }
    return since;
  }

  /** Silences between bins heard, by length in bins. */
  private static final class Silences {
    /** How many bins that were heard follow right on another. */
    private final int none;

    /** The others, the shortest first. */
    private final int[] longer;

    Silences(int none, int[] longer) {
      this.none = none;
      this.longer = longer;
    }

    int count() {
      return none + longer.length;
    }

    /** The length at a place, zero where there is none at all. */
    long at(int place) {
      return place < none || longer.length == 0 ? 0 : longer[place - none];
    }
  }

  private Silences silences(long before) {
    long last = binBefore(before);
    long from = last - PACE_BINS + 1;
    int newest = stretchBy(last);
    int[] longer = new int[newest + 1];
    int count = 0;
    int none = 0;
    for (int at = newest; at >= 0 && end[at] > from; at--) {
      none += (int) (Math.min(last + 1, end[at]) - Math.max(from, first[at])) - 1;
      if (at > 0 && end[at - 1] > from) {
        longer[count++] = (int) (first[at] - end[at - 1]);
      }
    }
    int[] sorted = Arrays.copyOf(longer, count);
    Arrays.sort(sorted);
    return new Silences(none, sorted);
  }

  /** The end of the newest bin heard, epoch milliseconds, or {@link Long#MIN_VALUE}. */
  public long heardUntil() {
    return size == 0 ? Long.MIN_VALUE : end[size - 1] * BIN_MILLIS;
  }

  /** When the bin that holds this instant is over, epoch milliseconds. */
  static long endOfBin(long instant) {
    return (binOf(instant) + 1) * BIN_MILLIS;
  }

  private static long binOf(long instant) {
    return Math.floorDiv(instant, BIN_MILLIS);
  }

  /** The newest bin that ends by an instant. */
  private static long binBefore(long instant) {
    return binOf(instant) - 1;
  }

  /** The last stretch that begins with a bin or before it; -1 where there is none. */
  private int stretchBy(long bin) {
    if (size > 0 && first[size - 1] <= bin) {
      return size - 1;
    }
    int at = Arrays.binarySearch(first, 0, size, bin);
    return at >= 0 ? at : -at - 2;
  }

  private void insert(int at, long from, long to) {
    if (size == first.length) {
      first = Arrays.copyOf(first, size * 2);
      end = Arrays.copyOf(end, size * 2);
    }
    System.arraycopy(first, at, first, at + 1, size - at);
    System.arraycopy(end, at, end, at + 1, size - at);
    first[at] = from;
    end[at] = to;
    size++;
  }

  private void remove(int at) {
    size--;
    System.arraycopy(first, at + 1, first, at, size - at);
    System.arraycopy(end, at + 1, end, at, size - at);
  }

  /** The binary form: each stretch by its distance from the one before, and its length. */
  public static final class Codec implements StateCodec<Presence> {
    private static final int VERSION = 2;

    @Override
    public void write(Presence state, BinaryWriter out) {
      out.writeByte(VERSION).writeVarInt(state.size);
      long before = 0;
      for (int i = 0; i < state.size; i++) {
        out.writeZigZag(state.first[i] - before).writeVarLong(state.end[i] - state.first[i]);
        before = state.end[i];
      }
    }

    @Override
    public Presence read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "presence");
      Presence state = new Presence();
      int at = in.position();
      int size = in.readVarInt();
      if (size < 0 || size > MAX_STRETCHES) {
        throw new CorruptDataException("a presence of " + size + " stretches", at);
      }
      long before = 0;
      for (int i = 0; i < size; i++) {
        long first = before + in.readZigZag();
        before = first + in.readVarLong();
        if (before <= first || (i > 0 && first <= state.end[i - 1])) {
          throw new CorruptDataException("a stretch that is none", in.position());
        }
        state.insert(i, first, before);
      }
      return state;
    }
  }
}
