package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.ValueTable;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A finding that is open.
 *
 * @param at as of when it was raised, epoch milliseconds: tells it from others
 * @param from when what it was raised for began, epoch milliseconds
 * @param revision of what was told last
 * @param level what was told last: the hot-node P95, or the metric's value
 * @param lastSeen as of when the trouble was seen last, epoch milliseconds
 * @param summary as told last
 * @param severe whether it is graver than usual
 * @param node whether its metric is measured at nodes
 * @param named the members that it has named
 * @param attributes as told last
 */
record Raised(
    long at,
    long from,
    int revision,
    double level,
    long lastSeen,
    String summary,
    boolean severe,
    boolean node,
    List<String> named,
    SortedMap<String, String> attributes) {

  Raised seen(long now) {
    return new Raised(at, from, revision, level, now, summary, severe, node, named, attributes);
  }

  /** The same, told again. */
  Raised told(
      double now, long seenAt, String saying, boolean graver, SortedMap<String, String> with) {
    return new Raised(
        at, from, revision + 1, now, seenAt, saying, severe || graver, node, named, with);
  }

  /** The same, which has named these. */
  Raised naming(List<String> all) {
    return new Raised(at, from, revision, level, lastSeen, summary, severe, node, all, attributes);
  }

  void write(BinaryWriter out, ValueTable<String> names) {
    out.writeZigZag(at)
        .writeZigZag(from)
        .writeVarInt(revision)
        .writeDouble(level)
        .writeZigZag(lastSeen);
    out.writeString(summary).writeBoolean(severe).writeBoolean(node);
    out.writeList(named, (to, name) -> to.writeVarInt(names.placeOf(name)));
    out.writeVarInt(attributes.size());
    attributes.forEach((key, value) -> out.writeString(key).writeString(value));
  }

  static Raised read(BinaryReader in, List<String> names) {
    long at = in.readZigZag();
    long from = in.readZigZag();
    int revision = in.readVarInt();
    double level = in.readDouble();
    long lastSeen = in.readZigZag();
    String summary = in.readString();
    boolean severe = in.readBoolean();
    boolean node = in.readBoolean();
    List<String> named = new ArrayList<>(in.readList(more -> ValueTable.read(names, more)));
    SortedMap<String, String> attributes = new TreeMap<>();
    for (int left = in.readVarInt(); left > 0; left--) {
      attributes.put(in.readString(), in.readString());
    }
    return new Raised(
        at, from, revision, level, lastSeen, summary, severe, node, named, attributes);
  }
}
