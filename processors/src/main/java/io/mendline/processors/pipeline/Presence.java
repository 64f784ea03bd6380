package io.mendline.processors.pipeline;

import java.util.Arrays;
import java.util.BitSet;

/**
 * When something was heard, in bins of five minutes over the last eight days: the evidence that a
 * silence needs (law 3). A bin counts as heard when an event of that time was seen, whenever it
 * arrived, so that what arrives late is judged as if it had come in time.
 *
 * <p>At most 2,304 bits, 288 bytes.
 */
public final class Presence {
  /** The length of a bin, milliseconds. */
  public static final long BIN_MILLIS = 5 * 60_000L;

  /** How many bins are kept. */
  public static final int BINS = 8 * 24 * 12;

  private final BitSet heard;
  private long newestBin;

  /** Nothing heard yet. */
  public Presence() {
    this(Long.MIN_VALUE, new BitSet());
  }

  private Presence(long newestBin, BitSet heard) {
    this.newestBin = newestBin;
    this.heard = heard;
  }

  /**
   * Marks the bin of an event time.
   *
   * @return whether that changed anything
   */
  public boolean hear(long eventTime) {
    long bin = Math.floorDiv(eventTime, BIN_MILLIS);
    if (newestBin == Long.MIN_VALUE || bin - newestBin >= BINS) {
      heard.clear();
      newestBin = bin;
    } else if (bin > newestBin) {
      for (long skipped = newestBin + 1; skipped <= bin; skipped++) {
        heard.clear(slot(skipped));
      }
      newestBin = bin;
    } else if (bin <= newestBin - BINS) {
      return false;
    }
    if (heard.get(slot(bin))) {
      return false;
    }
    heard.set(slot(bin));
    return true;
  }

  /** Whether the bin that holds this instant was heard. */
  public boolean heardAt(long instant) {
    long bin = Math.floorDiv(instant, BIN_MILLIS);
    return bin <= newestBin && bin > newestBin - BINS && heard.get(slot(bin));
  }

  /** Whether anything was heard in a bin that overlaps {@code [from, to)}. */
  public boolean heardBetween(long from, long to) {
    long last = Math.min(Math.floorDiv(to - 1, BIN_MILLIS), newestBin);
    for (long bin = Math.max(Math.floorDiv(from, BIN_MILLIS), newestBin - BINS + 1);
        bin <= last;
        bin++) {
      if (heard.get(slot(bin))) {
        return true;
      }
    }
    return false;
  }

  /**
   * When the route was heard last up to an instant: the end of the newest bin heard that ends no
   * later, epoch milliseconds, or {@link Long#MIN_VALUE}.
   */
  public long heardBy(long instant) {
    if (newestBin == Long.MIN_VALUE) {
      return Long.MIN_VALUE;
    }
    long oldest = newestBin - BINS + 1;
    for (long bin = Math.min(binBefore(instant), newestBin); bin >= oldest; bin--) {
      if (heard.get(slot(bin))) {
        return (bin + 1) * BIN_MILLIS;
      }
    }
    return Long.MIN_VALUE;
  }

  /**
   * When the route was heard next from an instant on, up to another: the start of the first bin
   * heard that begins at the instant or later and ends by the other, epoch milliseconds, or {@link
   * Long#MAX_VALUE}.
   */
  public long heardFrom(long instant, long by) {
    long first = Math.floorDiv(instant + BIN_MILLIS - 1, BIN_MILLIS);
    long last = newestBin == Long.MIN_VALUE ? first - 1 : Math.min(binBefore(by), newestBin);
    for (long bin = Math.max(first, newestBin - BINS + 1); bin <= last; bin++) {
      if (heard.get(slot(bin))) {
        return bin * BIN_MILLIS;
      }
    }
    return Long.MAX_VALUE;
  }

  /**
   * The route's pace before an instant, milliseconds: the silence between two bins heard that all
   * but a twentieth of the silences do not exceed; zero for a route that is heard in every bin.
   */
  public long pace(long before) {
    int[] silences = silences(before);
    return silences.length == 0 ? 0 : silences[(int) (silences.length * 0.95)] * BIN_MILLIS;
  }

  /** The silences between bins heard, in bins, the shortest first. */
  private int[] silences(long before) {
    if (newestBin == Long.MIN_VALUE) {
      return new int[0];
    }
    int[] silences = new int[BINS];
    int count = 0;
    long from = Long.MIN_VALUE;
    long last = Math.min(binBefore(before), newestBin);
    for (long bin = newestBin - BINS + 1; bin <= last; bin++) {
      if (heard.get(slot(bin))) {
        if (from != Long.MIN_VALUE) {
          silences[count++] = (int) (bin - from - 1);
        }
        from = bin;
      }
    }
    int[] sorted = Arrays.copyOf(silences, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** The newest bin that ends by an instant. */
  private static long binBefore(long instant) {
    return Math.floorDiv(instant, BIN_MILLIS) - 1;
  }

  /** The end of the newest bin heard, epoch milliseconds, or {@link Long#MIN_VALUE}. */
  public long heardUntil() {
    return newestBin == Long.MIN_VALUE ? Long.MIN_VALUE : (newestBin + 1) * BIN_MILLIS;
  }

  private static int slot(long bin) {
    return (int) Math.floorMod(bin, (long) BINS);
  }

  /** The binary form. */
  public static final class Codec implements StateCodec<Presence> {
    private static final int VERSION = 1;

    @Override
    public void write(Presence state, io.mendline.serdes.binary.BinaryWriter out) {
      out.writeByte(VERSION);
      out.writeFixed64(state.newestBin);
      out.writeBytes(state.heard.toByteArray());
    }

    @Override
    public Presence read(io.mendline.serdes.binary.BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "presence");
      return new Presence(in.readFixed64(), BitSet.valueOf(in.readBytes()));
    }
  }
}
