package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.ValueTable;
import io.mendline.processors.policy.Policy;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** How the requests of a pool were spread over its members in the last minutes. */
final class PoolLoad {
  /** More minutes than the longest window has wait only in a backlog that is read unevenly. */
  static final int MOST_BINS = 15;

  /** Members that were heard of are expected for a day. */
  private static final int DAY = (int) Duration.ofDays(1).toMinutes();

  private static final int MOST_MEMBERS = 64;

  /** From this share on one has all: what is left is probes and what was under way. */
  private static final double ALL = 0.99;

  private record Minute(long minute, SortedMap<String, Float> loads) {}

  private final List<Minute> minutes = new ArrayList<>();

  /** The first minute there was. */
  private long since = CapacityState.NEVER;

  /** The minute in which a member was last heard of. */
  private final TreeMap<String, Long> heard = new TreeMap<>();

  /**
   * Members whose part is not fair.
   *
   * @param requests how many there were
   * @param shares of all that are expected or were heard of, 0 to 1
   * @param fair what their shares should be
   * @param over those that have too much
   * @param under those that have too little, but something
   * @param silent those that have nothing
   * @param all the one that has all; null where there is none
   */
  record Verdict(
      double requests,
      SortedMap<String, Double> shares,
      SortedMap<String, Double> fair,
      Set<String> over,
      Set<String> under,
      Set<String> silent,
      String all) {
    boolean isSkewed() {
      return !over.isEmpty() || !under.isEmpty() || !silent.isEmpty();
    }
  }

  boolean isEmpty() {
    return minutes.isEmpty() && heard.isEmpty();
  }

  /** Takes up a minute later than all before it; what names no member is nobody's part. */
  void add(ClosedBin bin) {
    SortedMap<String, Float> loads = new TreeMap<>();
    bin.nodes()
        .forEach(
            (name, node) -> {
              if (!name.equals(Names.NONE)) {
                loads.put(name, (float) Math.max(0, node.load()));
              }
            });
    if (!loads.isEmpty()) {
      since = since == CapacityState.NEVER ? bin.start() : since;
      minutes.add(new Minute(Math.floorDiv(bin.start(), OpenBin.LENGTH), loads));
      if (minutes.size() > MOST_BINS) {
        minutes.remove(0);
      }
    }
  }

  /**
   * Judges the minutes up to an instant.
   *
   * @param at epoch milliseconds, the end of a minute
   * @param pool what is known of the pool; null for nothing
   * @return null where there is too little to judge by
   */
  Verdict judge(long at, Policy.LoadSkew rules, Policy.Pool pool) {
    long end = Math.floorDiv(at, OpenBin.LENGTH);
    long begin = end - rules.window().toMinutes();
    minutes.removeIf(minute -> minute.minute() < begin);
    TreeMap<String, Double> loads = new TreeMap<>();
    for (Minute minute : minutes) {
      if (minute.minute() < end) {
        minute
            .loads()
            .forEach(
                (name, load) -> {
                  heard.merge(name, minute.minute(), Math::max);
                  loads.merge(name, (double) load, Double::sum);
                });
      }
    }
    heard.values().removeIf(last -> last < end - DAY);
    while (heard.size() > MOST_MEMBERS) {
      heard.remove(heard.entrySet().stream().min(longestSilent()).orElseThrow().getKey());
    }
    double requests = loads.values().stream().mapToDouble(Double::doubleValue).sum();
    return requests < rules.minimumRequests() || since > begin * OpenBin.LENGTH
        ? null
        : verdict(loads, requests, rules, expected(pool));
  }

  private static Comparator<Map.Entry<String, Long>> longestSilent() {
    return Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey());
  }

  private Verdict verdict(
      Map<String, Double> loads,
      double requests,
      Policy.LoadSkew rules,
      SortedMap<String, Double> weights) {
    double all = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    SortedMap<String, Double> shares = new TreeMap<>();
    SortedMap<String, Double> fair = new TreeMap<>();
    Set<String> over = new TreeSet<>();
    Set<String> under = new TreeSet<>();
    Set<String> silent = new TreeSet<>();
    String one = null;
    for (var member : weights.entrySet()) {
      String name = member.getKey();
      double share = loads.getOrDefault(name, 0.0) / requests;
      double part = all == 0 ? 0 : member.getValue() / all;
      shares.put(name, share);
      fair.put(name, part);
      if (share == 0 && part > 0) {
        silent.add(name);
      } else if (share > rules.most() * part) {
        over.add(name);
      } else if (share < rules.least() * part) {
        under.add(name);
      }
      one = share >= ALL && weights.size() > 1 ? name : one;
    }
    return new Verdict(requests, shares, fair, over, under, silent, one);
  }

  /**
   * Who is expected, with the weight of each. Samples may name members, or the nodes that carry
   * them: then a node weighs what its members do. Whom the policy does not name weighs as much as
   * those that it names do on average.
   */
  private SortedMap<String, Double> expected(Policy.Pool pool) {
    SortedMap<String, Double> weights = new TreeMap<>(named(pool));
    double usual = weights.values().stream().mapToDouble(Double::doubleValue).average().orElse(1.0);
    heard.keySet().forEach(name -> weights.putIfAbsent(name, usual));
    return weights;
  }

  private Map<String, Double> named(Policy.Pool pool) {
    Map<String, Double> byName = new TreeMap<>();
    Map<String, Double> byNode = new TreeMap<>();
    if (pool != null) {
      for (Policy.Member member : pool.members()) {
        byName.put(Names.of(member.name()), member.weight());
        if (member.node() != null) {
          byNode.merge(Names.of(member.node()), member.weight(), Double::sum);
        }
      }
    }
    if (heard.keySet().stream().anyMatch(byName::containsKey)) {
      return byName;
    }
    return heard.keySet().stream().anyMatch(byNode::containsKey) ? byNode : new TreeMap<>();
  }

  void write(BinaryWriter out, ValueTable<String> names) {
    out.writeFixed64(since);
    out.writeList(
        minutes,
        (to, minute) -> {
          to.writeZigZag(minute.minute()).writeVarInt(minute.loads().size());
          minute
              .loads()
              .forEach(
                  (name, load) -> {
                    int bits = Float.floatToIntBits(load);
                    to.writeVarInt(names.placeOf(name));
                    to.writeByte(bits >>> 24).writeByte((bits >>> 16) & 0xFF);
                    to.writeByte((bits >>> 8) & 0xFF).writeByte(bits & 0xFF);
                  });
        });
    out.writeVarInt(heard.size());
    heard.forEach((name, last) -> out.writeVarInt(names.placeOf(name)).writeZigZag(last));
  }

  static PoolLoad read(BinaryReader in, List<String> names) {
    PoolLoad read = new PoolLoad();
    read.since = in.readFixed64();
    read.minutes.addAll(in.readList(from -> minute(from, names)));
    for (int left = in.readVarInt(); left > 0; left--) {
      String name = ValueTable.read(names, in);
      read.heard.put(name, in.readZigZag());
    }
    return read;
  }

  private static Minute minute(BinaryReader in, List<String> names) {
    long minute = in.readZigZag();
    SortedMap<String, Float> loads = new TreeMap<>();
    for (int left = in.readVarInt(); left > 0; left--) {
      String name = ValueTable.read(names, in);
      int bits = 0;
      for (int i = 0; i < Float.BYTES; i++) {
        bits = (bits << 8) | in.readByte();
      }
      loads.put(name, Float.intBitsToFloat(bits));
    }
    return new Minute(minute, loads);
  }
}
