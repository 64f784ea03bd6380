package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.policy.Policy.Window;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The closed minutes of a pool, six bytes each: the hottest node's average in steps of 0.01 points
 * (two bytes, up to 655.34), the pool's average and the greatest sample in steps of 0.1 (twelve
 * bits each, up to 409.5), and which node it was (a byte). A step is 0.0125 % of a threshold of 80.
 * What lies beyond counts as the greatest that can be told; below zero as zero.
 */
final class HotBins {
  /** The minutes of half a day. */
  static final int HALF_DAY = 720;

  private static final int DAY = 2 * HALF_DAY;
  private static final int HOUR = 60;
  private static final int WIDTH = 6;
  private static final int UNHEARD = 0xFFFF;
  private static final int MOST_TENTHS = 0xFFF;

  /** More names than this are looked through for those that no bin has any more. */
  private static final int MOST_NAMES = 64;

  private static final int UNNAMED = 0xFF;

  /** The minute since the epoch of the first bin. */
  private long first;

  private byte[] bins = {};
  private List<String> names = new ArrayList<>();

  /**
   * What the minutes up to an instant say.
   *
   * @param bins how many minutes were heard; with none the rest says nothing
   * @param p95 the 95th percentile, by nearest rank, of the hottest node's averages, in percent
   * @param average the mean of the pool's averages
   * @param greatest the greatest sample
   * @param node the node that was the hottest in most of the minutes at or above the percentile;
   *     {@link Names#NONE} where none is named
   */
  record Reading(int bins, double p95, double average, double greatest, String node) {}

  boolean isEmpty() {
    return bins.length == 0;
  }

  /** Takes up a minute later than all before it; one with no weight says nothing. */
  void add(ClosedBin bin, int most) {
    String hottest = bin.hottest();
    double level = bin.nodes().get(hottest).mean();
    double average = bin.mean();
    if (Double.isNaN(level) || Double.isNaN(average)) {
      return;
    }
    long minute = Math.floorDiv(bin.start(), OpenBin.LENGTH);
    if (isEmpty() || minute - first >= 2L * most) {
      first = minute;
      bins = new byte[0];
      names.clear();
    }
    int from = (int) Math.max(0, minute - first + 1 - most);
    byte[] more = new byte[((int) (minute - first) + 1 - from) * WIDTH];
    Arrays.fill(more, (byte) 0xFF);
    int kept = Math.max(0, bins.length - from * WIDTH);
    System.arraycopy(bins, bins.length - kept, more, 0, kept);
    bins = more;
    first += from;
    write(bins.length - WIDTH, steps(level, 100, UNHEARD - 1), place(hottest), bin, average);
  }

  private void write(int at, int level, int node, ClosedBin bin, double average) {
    int mean = steps(average, 10, MOST_TENTHS);
    int greatest = steps(bin.greatest(), 10, MOST_TENTHS);
    bins[at] = (byte) (level >>> 8);
    bins[at + 1] = (byte) level;
    bins[at + 2] = (byte) node;
    bins[at + 3] = (byte) (mean >>> 4);
    bins[at + 4] = (byte) ((mean << 4) | (greatest >>> 8));
    bins[at + 5] = (byte) greatest;
  }

  private static int steps(double value, int perUnit, int most) {
    return (int) Math.max(0, Math.min(most, Math.rint(value * perUnit)));
  }

  private int place(String node) {
    int place = names.indexOf(node);
    if (place < 0) {
      if (names.size() >= MOST_NAMES) {
        forgetUnused();
      }
      if (names.size() >= MOST_NAMES) {
        return UNNAMED;
      }
      names.add(node);
      place = names.size() - 1;
    }
    return place;
  }

  private void forgetUnused() {
    List<String> used = new ArrayList<>();
    for (int at = 0; at < bins.length; at += WIDTH) {
      String name = nodeAt(at);
      if (level(at) != UNHEARD && name != null) {
        int place = used.indexOf(name);
        if (place < 0) {
          used.add(name);
          place = used.size() - 1;
        }
        bins[at + 2] = (byte) place;
      }
    }
    names = used;
  }

  private int level(int at) {
    return ((bins[at] & 0xFF) << 8) | (bins[at + 1] & 0xFF);
  }

  private String nodeAt(int at) {
    int place = bins[at + 2] & 0xFF;
    return place < names.size() ? names.get(place) : null;
  }

  /**
   * What the minutes say that end by an instant. Costs a sort of at most 720 numbers.
   *
   * @param at epoch milliseconds, the end of a minute
   */
  Reading read(long at, Window window) {
    int end = (int) Math.min(bins.length / WIDTH, Math.floorDiv(at, OpenBin.LENGTH) - first);
    int[] heard = new int[HALF_DAY];
    int count = 0;
    for (int minute : window == Window.SLIDING ? last(at, HALF_DAY) : busiest(at, end)) {
      if (minute >= 0 && minute < end && level(minute * WIDTH) != UNHEARD) {
        heard[count++] = minute * WIDTH;
      }
    }
    return count == 0 ? new Reading(0, 0, 0, 0, Names.NONE) : reading(Arrays.copyOf(heard, count));
  }

  private int[] last(long at, int minutes) {
    int after = (int) (Math.floorDiv(at, OpenBin.LENGTH) - first);
    int[] all = new int[minutes];
    for (int i = 0; i < minutes; i++) {
      all[i] = after - minutes + i;
    }
    return all;
  }

  /** The minutes of those 12 of the last 24 hours in which the hottest nodes were busiest. */
  private int[] busiest(long at, int end) {
    int[] day = last(at, DAY);
    record Hour(int from, double mean) {}
    List<Hour> hours = new ArrayList<>();
    for (int from = 0; from < DAY; from += HOUR) {
      long sum = 0;
      int count = 0;
      for (int i = from; i < from + HOUR; i++) {
        if (day[i] >= 0 && day[i] < end && level(day[i] * WIDTH) != UNHEARD) {
          sum += level(day[i] * WIDTH);
          count++;
        }
      }
      hours.add(new Hour(from, count == 0 ? -1 : (double) sum / count));
    }
    // Of equal ones the later.
    hours.sort(Comparator.comparingDouble(Hour::mean).thenComparingInt(Hour::from).reversed());
    int[] chosen = new int[HALF_DAY];
    int at0 = 0;
    for (Hour hour : hours.subList(0, HALF_DAY / HOUR)) {
      System.arraycopy(day, hour.from(), chosen, at0, HOUR);
      at0 += HOUR;
    }
    return chosen;
  }

  private Reading reading(int[] places) {
    int[] levels = new int[places.length];
    long average = 0;
    int greatest = 0;
    for (int i = 0; i < places.length; i++) {
      int at = places[i];
      levels[i] = level(at);
      average += ((bins[at + 3] & 0xFF) << 4) | ((bins[at + 4] & 0xFF) >>> 4);
      greatest = Math.max(greatest, ((bins[at + 4] & 0xF) << 8) | (bins[at + 5] & 0xFF));
    }
    Arrays.sort(levels);
    int p95 = levels[(95 * levels.length + 99) / 100 - 1];
    return new Reading(
        levels.length,
        p95 / 100.0,
        average / 10.0 / places.length,
        greatest / 10.0,
        hottest(places, p95));
  }

  private String hottest(int[] places, int least) {
    TreeMap<String, Integer> times = new TreeMap<>();
    for (int at : places) {
      String name = nodeAt(at);
      if (level(at) >= least && name != null) {
        times.merge(name, 1, Integer::sum);
      }
    }
    String most = Names.NONE;
    for (var named : times.entrySet()) {
      if (named.getValue() > times.getOrDefault(most, 0)) {
        most = named.getKey();
      }
    }
    return most;
  }

  /** How many minutes to keep. */
  static int kept(Window window) {
    return window == Window.SLIDING ? HALF_DAY : DAY;
  }

  void write(BinaryWriter out, ValueTable<String> table) {
    out.writeZigZag(first).writeBytes(bins);
    out.writeList(names, (to, name) -> to.writeVarInt(table.placeOf(name)));
  }

  static HotBins read(BinaryReader in, List<String> table) {
    HotBins read = new HotBins();
    read.first = in.readZigZag();
    read.bins = in.readBytes();
    read.names = new ArrayList<>(in.readList(from -> ValueTable.read(table, from)));
    return read;
  }
}
