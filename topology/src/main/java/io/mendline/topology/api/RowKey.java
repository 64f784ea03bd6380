package io.mendline.topology.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The place of a row in a list: what has the greater number comes first, what has the same is in
 * the order of ids. As a page token it says where the next page begins; it stays good while rows
 * come, go and move, because it is a place and not a count.
 *
 * @param at what the list is ordered by: epoch milliseconds, or a count
 * @param id tells rows of one number apart
 */
record RowKey(long at, String id) implements Comparable<RowKey> {
  /** Before every row. */
  static final RowKey FIRST = new RowKey(Long.MAX_VALUE, "");

  @Override
  public int compareTo(RowKey other) {
    int byNumber = Long.compare(other.at, at);
    return byNumber != 0 ? byNumber : id.compareTo(other.id);
  }

  /** As a page token. */
  String token() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((at + " " + id).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a page token.
   *
   * @param token null for the first page
   * @throws Problem when it is none of ours
   */
  static RowKey of(String token) {
    if (token == null) {
      return FIRST;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      int end = text.indexOf(' ');
      return new RowKey(Long.parseLong(text.substring(0, end)), text.substring(end + 1));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Problem.badRequest(
          "\"page\" is no token of a list; take it from \"next\" of the page before");
    }
  }
}
