package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct values of a state, in the order first met: written once, and named by their place
 * wherever they stand.
 */
public final class ValueTable<T> {
  private final Map<T, Integer> places = new LinkedHashMap<>();
  private T last;
  private int lastPlace;

  /** The place of a value, which is taken up if it is new. */
  public int placeOf(T value) {
    // Mostly the same value comes again and again.
    if (!value.equals(last)) {
      lastPlace = places.computeIfAbsent(value, added -> places.size());
      last = value;
    }
    return lastPlace;
  }

  /** Writes the place of a value that may be null: zero for null, else one more than its place. */
  public void writeNullable(T value, BinaryWriter to) {
    to.writeVarInt(value == null ? 0 : placeOf(value) + 1);
  }

  /**
   * Reads what {@link #writeNullable} wrote.
   *
   * @param values as {@link #values} gave them
   * @throws CorruptDataException when there is no such place
   */
  public static <T> T readNullable(List<T> values, BinaryReader from) {
    int place = from.readVarInt();
    return place == 0 ? null : at(values, place - 1, from);
  }

  /**
   * Reads a place, and gives what stands there.
   *
   * @throws CorruptDataException when there is no such place
   */
  public static <T> T read(List<T> values, BinaryReader from) {
    return at(values, from.readVarInt(), from);
  }

  private static <T> T at(List<T> values, int place, BinaryReader from) {
    if (place < 0 || place >= values.size()) {
      throw new CorruptDataException("a table has no place " + place, from.position());
    }
    return values.get(place);
  }

  /** The values by place. */
  public List<T> values() {
    return new ArrayList<>(places.keySet());
  }
}
