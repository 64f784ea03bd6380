package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.ValueTable;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.MetricSample;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A minute of event time that still takes samples: every distinct one once, and whatever the order,
 * the same result.
 *
 * <p>Distinct are samples whose content differs: 32 bits of the content id are held of each. Where
 * there is no room for more, further ones are added up all the same, and of these one that is
 * delivered twice counts twice. Of more nodes than there is room for, those count whose names have
 * the least hashes, which are the same in any order.
 */
final class OpenBin {
  /** The length of every bin, milliseconds. */
  static final long LENGTH = 60_000;

  private static final Comparator<String> BY_HASH =
      Comparator.comparingInt((String name) -> name.hashCode() * 0x9E3779B1)
          .thenComparing(Comparator.naturalOrder());

  final long start;

  private final TreeMap<String, Sums> nodes = new TreeMap<>(BY_HASH);
  private int[] fingerprints = {};
  private double greatest = Double.NEGATIVE_INFINITY;

  /** What was measured at one node. */
  private record Sums(ExactSum load, ExactSum weight) {}

  /** What became of a sample. */
  enum Taken {
    /** It counts. */
    NEW,
    /** It counts, or counted before: there was no room to tell. */
    UNTOLD,
    /** It was counted before. */
    AGAIN,
    /** Its node is one too many. */
    CROWDED
  }

  OpenBin(long start) {
    this.start = start;
  }

  long end() {
    return start + LENGTH;
  }

  int nodes() {
    return nodes.size();
  }

  int held() {
    return fingerprints.length;
  }

  /**
   * Adds a sample.
   *
   * @param room how many more samples may be remembered
   * @param mostNodes how many nodes there may be
   */
  Taken add(MetricSample sample, long contentId, int room, int mostNodes) {
    int fingerprint = (int) (contentId >>> 32);
    int place = Arrays.binarySearch(fingerprints, fingerprint);
    if (place >= 0) {
      return Taken.AGAIN;
    }
    greatest = Math.max(greatest, sample.value());
    String name = Names.of(sample.node());
    if (!nodes.containsKey(name) && nodes.size() == mostNodes) {
      if (BY_HASH.compare(name, nodes.lastKey()) > 0) {
        return Taken.CROWDED;
      }
      nodes.remove(nodes.lastKey());
      add(name, sample);
      remember(fingerprint, -place - 1, room);
      return Taken.CROWDED;
    }
    add(name, sample);
    return remember(fingerprint, -place - 1, room) ? Taken.NEW : Taken.UNTOLD;
  }

  private void add(String name, MetricSample sample) {
    Sums sums = nodes.computeIfAbsent(name, added -> new Sums(new ExactSum(), new ExactSum()));
    sums.load.add(sample.value() * sample.weight());
    sums.weight.add(sample.weight());
  }

  private boolean remember(int fingerprint, int place, int room) {
    if (room <= 0) {
      return false;
    }
    int[] more = new int[fingerprints.length + 1];
    System.arraycopy(fingerprints, 0, more, 0, place);
    more[place] = fingerprint;
    System.arraycopy(fingerprints, place, more, place + 1, fingerprints.length - place);
    fingerprints = more;
    return true;
  }

  /** What was measured in the bin. */
  ClosedBin close() {
    SortedMap<String, ClosedBin.Node> closed = new TreeMap<>();
    nodes.forEach(
        (name, sums) ->
            closed.put(name, new ClosedBin.Node(sums.load.value(), sums.weight.value())));
    return new ClosedBin(start, closed, greatest);
  }

  void write(BinaryWriter out, ValueTable<String> names) {
    out.writeZigZag(start).writeDouble(greatest).writeVarInt(nodes.size());
    nodes.forEach(
        (name, sums) -> {
          out.writeVarInt(names.placeOf(name));
          sums.load.write(out);
          sums.weight.write(out);
        });
    ByteBuffer held = ByteBuffer.allocate(Integer.BYTES * fingerprints.length);
    held.asIntBuffer().put(fingerprints);
    out.writeBytes(held.array());
  }

  static OpenBin read(BinaryReader in, List<String> names) {
    OpenBin bin = new OpenBin(in.readZigZag());
    bin.greatest = in.readDouble();
    for (int left = in.readVarInt(); left > 0; left--) {
      String name = ValueTable.read(names, in);
      bin.nodes.put(name, new Sums(ExactSum.read(in), ExactSum.read(in)));
    }
    byte[] held = in.readBytes();
    if (held.length % Integer.BYTES != 0) {
      throw new CorruptDataException("a fingerprint is cut short", in.position());
    }
    bin.fingerprints = new int[held.length / Integer.BYTES];
    ByteBuffer.wrap(held).asIntBuffer().get(bin.fingerprints);
    return bin;
  }
}
