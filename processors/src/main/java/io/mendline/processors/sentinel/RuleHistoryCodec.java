package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.sentinel.RuleHistory.Segment;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The binary form of {@link RuleHistory}: instants as distances from the one before, and of a
 * segment the distance and look-back only where they differ from those of the one before.
 */
final class RuleHistoryCodec implements StateCodec<RuleHistory> {
  private static final int VERSION = 1;

  /** Beside a segment's marks: it has the distance and look-back of the one before. */
  private static final int AS_BEFORE = 1 << 6;

  @Override
  public void write(RuleHistory state, BinaryWriter out) {
    out.writeByte(VERSION)
        .writeZigZag(state.newest)
        .writeNullableString(state.name)
        .writeZigZag(state.newest - state.namedAt)
        .writeVarLong(state.dropped)
        .writeVarInt(state.segments.size());
    long near = 0;
    long step = 0;
    long look = 0;
    for (Segment segment : state.segments) {
      boolean asBefore = segment.step() == step && segment.look() == look;
      out.writeByte(segment.marks() | (asBefore ? AS_BEFORE : 0));
      if (!asBefore) {
        out.writeVarLong(segment.step()).writeVarLong(segment.look());
      }
      out.writeZigZag(segment.first() - near).writeVarInt(segment.count());
      near = segment.last();
      step = segment.step();
      look = segment.look();
    }
    out.writeVarInt(state.tried.size());
    near = 0;
    for (Map.Entry<Long, int[]> window : state.tried.entrySet()) {
      out.writeZigZag(window.getKey() - near).writeVarInt(window.getValue().length);
      for (int id : window.getValue()) {
        out.writeVarInt(id);
      }
      near = window.getKey();
    }
    out.writeVarInt(state.off.size());
    near = 0;
    for (long at : state.off) {
      out.writeZigZag(at - near);
      near = at;
    }
    for (Spans spans : List.of(state.seen, state.clean, state.failed, state.disabled)) {
      write(spans, out);
    }
  }

  @Override
  public RuleHistory read(BinaryReader in) {
    Codecs.requireVersion(in, VERSION, "history of a rule");
    long newest = in.readZigZag();
    String name = in.readNullableString();
    long namedAt = newest - in.readZigZag();
    long dropped = in.readVarLong();
    List<Segment> segments = readSegments(in);
    List<Map.Entry<Long, int[]>> tried = readTried(in);
    List<Long> off = new ArrayList<>();
    long near = 0;
    for (int i = in.readVarInt(); i > 0; i--) {
      near += in.readZigZag();
      off.add(near);
    }
    RuleHistory state = new RuleHistory(readSpans(in), readSpans(in), readSpans(in), readSpans(in));
    state.newest = newest;
    state.name = name;
    state.namedAt = namedAt;
    state.dropped = dropped;
    state.segments.addAll(segments);
    tried.forEach(window -> state.tried.put(window.getKey(), window.getValue()));
    state.off.addAll(off);
    return state;
  }

  private static List<Segment> readSegments(BinaryReader in) {
    List<Segment> segments = new ArrayList<>();
    long near = 0;
    long step = 0;
    long look = 0;
    for (int i = in.readVarInt(); i > 0; i--) {
      int marks = in.readByte();
      if ((marks & AS_BEFORE) == 0) {
        step = in.readVarLong();
        look = in.readVarLong();
      }
      Segment segment =
          new Segment(near + in.readZigZag(), step, in.readVarInt(), look, marks & ~AS_BEFORE);
      segments.add(segment);
      near = segment.last();
    }
    return segments;
  }

  private static List<Map.Entry<Long, int[]>> readTried(BinaryReader in) {
    List<Map.Entry<Long, int[]>> tried = new ArrayList<>();
    long near = 0;
    for (int i = in.readVarInt(); i > 0; i--) {
      near += in.readZigZag();
      int count = in.readVarInt();
      List<Integer> ids = new ArrayList<>();
      for (int k = 0; k < count; k++) {
        ids.add(in.readVarInt());
      }
      tried.add(Map.entry(near, ids.stream().mapToInt(Integer::intValue).toArray()));
    }
    return tried;
  }

  private static void write(Spans spans, BinaryWriter out) {
    long[] near = {0};
    out.writeList(
        spans.list(),
        (to, span) -> {
          to.writeZigZag(span.from() - near[0]).writeVarLong(span.length());
          near[0] = span.to();
        });
  }

  private static Spans readSpans(BinaryReader in) {
    long[] near = {0};
    return new Spans(
        in.readList(
            from -> {
              long start = near[0] + from.readZigZag();
              near[0] = start + from.readVarLong();
              return new Spans.Span(start, near[0]);
            }));
  }
}
