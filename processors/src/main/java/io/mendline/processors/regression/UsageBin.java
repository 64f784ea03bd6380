package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.TokenUsage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An open bin of the calls to a model.
 *
 * <p>Up to {@link #CAPACITY} distinct records it is exact. With n records left of more, between
 * half the capacity and all of it, the volume has a relative standard error of about 1/√n for
 * records of like size (4 to 6 %), and the ratio one of its standard deviation between records over
 * √n (1 to 2 points).
 *
 * <p>Held per record: 32 bits of its content id beside the rank. In a full bin the chance that any
 * two records are taken for one is 2 in 100,000.
 *
 * <p>Cost: a record whose rank was given up costs a comparison, any other a binary search and the
 * copying of at most 3 KB.
 */
final class UsageBin extends OpenBin<Bin> {
  /** Distinct records held at most. */
  static final int CAPACITY = 512;

  /** So many records are counted: they are close enough together. */
  private static final int ENOUGH = 120;

  private static final int WIDTH = Integer.BYTES;
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /** By rank, ascending; only those that are held and have records. */
  private final List<Stratum> strata;

  UsageBin(long start, long length) {
    super(start, length);
    this.strata = new ArrayList<>();
  }

  UsageBin(BinaryReader in) {
    super(in);
    this.strata = new ArrayList<>(in.readList(Stratum::read));
  }

  @Override
  int held() {
    int held = 0;
    for (Stratum stratum : strata) {
      held += stratum.count();
    }
    return held;
  }

  /**
   * Counts a record unless it was counted before.
   *
   * @param cacheable whether its calls reach the least prompt that is cached
   */
  void add(TokenUsage usage, boolean cacheable, long contentId, Coordinates at) {
    int rank = rank(contentId);
    if (rank >= level() && stratum(rank).add(contentId, usage, cacheable)) {
      took(usage.time(), contentId, at, CAPACITY);
    }
  }

  @Override
  void giveUpBelow(int rank) {
    while (!strata.isEmpty() && strata.get(0).rank < rank) {
      strata.remove(0);
    }
  }

  @Override
  Bin close() {
    long calls = 0;
    long promptTokens = 0;
    long cachedTokens = 0;
    long uncacheableCalls = 0;
    for (Stratum stratum : strata) {
      calls += stratum.calls;
      promptTokens += stratum.promptTokens;
      cachedTokens += stratum.cachedTokens;
      uncacheableCalls += stratum.uncacheableCalls;
    }
    return new Bin(
        start,
        length,
        level() > 0 ? ENOUGH : Math.min(ENOUGH, held()),
        calls << level(),
        promptTokens << level(),
        cachedTokens << level(),
        uncacheableCalls << level(),
        level() > 0,
        first());
  }

  @Override
  void write(BinaryWriter out) {
    writeFrame(out);
    out.writeList(strata, (writer, stratum) -> stratum.write(writer));
  }

  private Stratum stratum(int rank) {
    int at = 0;
    while (at < strata.size() && strata.get(at).rank < rank) {
      at++;
    }
    if (at == strata.size() || strata.get(at).rank > rank) {
      strata.add(at, new Stratum(rank));
    }
    return strata.get(at);
  }

  /** The distinct records of one rank. */
  private static final class Stratum {
    private final int rank;
    private byte[] fingerprints = {};
    private long calls;
    private long promptTokens;
    private long cachedTokens;
    private long uncacheableCalls;

    Stratum(int rank) {
      this.rank = rank;
    }

    int count() {
      return fingerprints.length / WIDTH;
    }

    boolean add(long contentId, TokenUsage usage, boolean cacheable) {
      int fingerprint = (int) (contentId >>> 32);
      int place = place(fingerprint);
      if (place < count() && (int) INT.get(fingerprints, place * WIDTH) == fingerprint) {
        return false;
      }
      byte[] more = new byte[fingerprints.length + WIDTH];
      int at = place * WIDTH;
      System.arraycopy(fingerprints, 0, more, 0, at);
      INT.set(more, at, fingerprint);
      System.arraycopy(fingerprints, at, more, at + WIDTH, fingerprints.length - at);
      fingerprints = more;
      if (cacheable) {
        calls += usage.calls();
        promptTokens += usage.promptTokens();
        cachedTokens += usage.cachedTokens();
      } else {
        uncacheableCalls += usage.calls();
      }
      return true;
    }

    /** How many fingerprints are less. */
    private int place(int fingerprint) {
      int low = 0;
      int high = count();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if ((int) INT.get(fingerprints, middle * WIDTH) < fingerprint) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    void write(BinaryWriter out) {
      out.writeByte(rank).writeVarLong(calls).writeVarLong(promptTokens);
      out.writeVarLong(cachedTokens).writeVarLong(uncacheableCalls).writeBytes(fingerprints);
    }

    static Stratum read(BinaryReader in) {
      Stratum stratum = new Stratum(in.readByte());
      stratum.calls = in.readVarLong();
      stratum.promptTokens = in.readVarLong();
      stratum.cachedTokens = in.readVarLong();
      stratum.uncacheableCalls = in.readVarLong();
      stratum.fingerprints = in.readBytes();
      if (stratum.fingerprints.length % WIDTH != 0) {
        throw new CorruptDataException("a fingerprint is cut short", in.position());
      }
      return stratum;
    }
  }
}
