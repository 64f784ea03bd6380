package io.mendline.processors.cause;

import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import java.util.List;

/**
 * One entry of the catalogue: a cause, and how it is recognised. The fields are described at the
 * head of {@code causes.yaml}, which is what users read.
 *
 * @param order position in the catalogue; smaller is tried first
 * @param user from a user's catalogue rather than the bundled one
 * @param confidence the most that a match may claim
 * @param ambiguous the codes say that it failed, not why: the message is read first
 * @param hint null if there is none
 */
record CauseEntry(
    int order,
    boolean user,
    String key,
    String title,
    Category category,
    Transience transience,
    Confidence confidence,
    Rank rank,
    boolean ambiguous,
    String hint,
    List<String> codes,
    List<String> classes,
    List<String> sqlstates,
    List<String> phrases,
    List<String> regexes,
    List<String> sentinel,
    List<Detail> details,
    List<String> examples) {

  /**
   * Stands in a key for the error class that matched, so that one entry can serve a family of
   * classes.
   */
  static final String CLASS_PLACEHOLDER = "{class}";

  /**
   * How much an entry says. A generic match yields to a specific one anywhere in the chain of
   * causes, a wrapper to everything.
   */
  enum Rank {
    SPECIFIC,
    GENERIC,
    WRAPPER
  }

  /** Where the message names the particular thing: the text between two fixed pieces of text. */
  record Detail(String before, String after) {
    private static final int MAX_LENGTH = 80;

    /** The text found, or null. */
    String find(String text) {
      int from = text.indexOf(before);
      if (from < 0) {
        return null;
      }
      from += before.length();
      int limit = Math.min(text.length(), from + MAX_LENGTH);
      int to = from;
      while (to < limit && !ends(text, to)) {
        to++;
      }
      boolean tooLong = to == limit && limit < text.length();
      return to == from || tooLong ? null : text.substring(from, to);
    }

    private boolean ends(String text, int at) {
      char c = text.charAt(at);
      if (c == '\n') {
        return true;
      }
      return after.isEmpty()
          ? Character.isWhitespace(c) || c == ',' || c == ';' || c == ')'
          : text.startsWith(after, at);
    }
  }

  /**
   * The key for a match on an error class; the class is null for other matches, which have no
   * placeholder.
   */
  String keyFor(String errorClass) {
    return errorClass == null ? key : key.replace(CLASS_PLACEHOLDER, errorClass);
  }

  /** The title, with the particular table, module or setting if the text names it. */
  String titleFor(String text, String errorClass) {
    String named = errorClass == null ? title : title.replace(CLASS_PLACEHOLDER, errorClass);
    for (Detail detail : details) {
      String found = detail.find(text);
      if (found != null) {
        return named + ": " + found.replace("`", "");
      }
    }
    return named;
  }
}
