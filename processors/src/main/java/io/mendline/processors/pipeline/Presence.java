package io.mendline.processors.pipeline;

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
