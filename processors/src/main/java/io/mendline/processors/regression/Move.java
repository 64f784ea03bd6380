package io.mendline.processors.regression;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A lasting change of a series' level that is taken as given: what came before it is compared with
 * what came after as if it had been at the later level.
 *
 * @param from when it began, epoch milliseconds
 * @param until when the later level was reached, epoch milliseconds; {@code from} for a step
 * @param by how far the level moved, in units of the source; below zero downwards
 */
record Move(long from, long until, double by) {
  /** Moves of a series that are remembered; of more the oldest two are put together. */
  static final int MOST = 12;

  /** How much of it still lay ahead at an instant, 0 to 1. */
  double ahead(double time) {
    if (time < from) {
      return 1;
    }
    return time >= until ? 0 : (until - time) / (until - from);
  }

  /**
   * Adds a move; one that follows on a gradual one without a pause goes on with it.
   *
   * @param moves in order of time, changed in place
   */
  static void add(List<Move> moves, Move move) {
    Move last = moves.isEmpty() ? null : moves.get(moves.size() - 1);
    if (last != null && last.until == move.from && last.until > last.from) {
      moves.set(moves.size() - 1, new Move(last.from, move.until, last.by + move.by));
    } else {
      moves.add(move);
    }
    if (moves.size() > MOST) {
      Move first = moves.remove(0);
      Move second = moves.get(0);
      moves.set(0, new Move(first.from, second.until, first.by + second.by));
    }
  }

  /** When the level of now was reached, epoch milliseconds; {@link CacheState#NOT_YET} of none. */
  static long last(List<Move> moves) {
    return moves.isEmpty() ? SeriesState.NOT_YET : moves.get(moves.size() - 1).until;
  }

  void write(BinaryWriter out) {
    out.writeZigZag(from).writeVarLong(until - from).writeDouble(by);
  }

  static Move read(BinaryReader in) {
    long from = in.readZigZag();
    return new Move(from, from + in.readVarLong(), in.readDouble());
  }

  static void writeAll(List<Move> moves, BinaryWriter out) {
    out.writeList(moves, (to, move) -> move.write(to));
  }

  static List<Move> readAll(BinaryReader in) {
    return new ArrayList<>(in.readList(Move::read));
  }
}
