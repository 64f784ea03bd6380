package io.mendline.cli.deadletters;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Which letters of one partition were sent again: ranges of offsets, written as {@code 0-99,120}.
 * Kept as the metadata of a committed offset, so it is as durable as a consumer group and needs no
 * topic of its own.
 */
final class Replayed {
  /** A broker takes so many characters of metadata by default. */
  static final int MOST_CHARACTERS = 4_096;

  /** First offset of each range, to its last. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException when somebody else wrote it
   */
  static Replayed parse(String text) {
    Replayed replayed = new Replayed();
    for (String range : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int dash = range.indexOf('-');
      long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
      replayed.ranges.put(first, dash < 0 ? first : Long.parseLong(range.substring(dash + 1)));
    }
    return replayed;
  }

  boolean contains(long offset) {
    Map.Entry<Long, Long> range = ranges.floorEntry(offset);
    return range != null && offset <= range.getValue();
  }

  /** Adds an offset; ranges that touch become one. */
  void add(long offset) {
    if (contains(offset)) {
      return;
    }
    long first = offset;
    long last = offset;
    Map.Entry<Long, Long> before = ranges.floorEntry(offset);
    if (before != null && before.getValue() == offset - 1) {
      first = before.getKey();
    }
    Long after = ranges.remove(offset + 1);
    if (after != null) {
      last = after;
    }
    ranges.put(first, last);
  }

  /** Forgets offsets that are deleted from the topic. */
  void forgetBefore(long offset) {
    ranges.headMap(offset).values().removeIf(last -> last < offset);
  }

  /** The first offset that was not sent again, from one on. */
  long firstAfter(long offset) {
    Map.Entry<Long, Long> range = ranges.floorEntry(offset);
    return range != null && range.getValue() >= offset ? range.getValue() + 1 : offset;
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(",");
    ranges.forEach((first, last) -> text.add(first.equals(last) ? first + "" : first + "-" + last));
    return text.toString();
  }
}
