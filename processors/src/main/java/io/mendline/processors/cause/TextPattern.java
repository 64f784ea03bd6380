package io.mendline.processors.cause;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A way to recognise a cause by wording. Each has a required literal: a piece of fixed text without
 * which it cannot match, so that it is only tried on the few messages that contain it. Matching
 * costs time linear in the text for any pattern and any text: phrases are searched piece by piece
 * without going back, and regular expressions are RE2's.
 */
sealed interface TextPattern {
  /** A required literal shorter than this would be in most messages. */
  int MIN_LITERAL = 3;

  boolean matches(String text);

  /** ASCII; null if the pattern has none that is long enough. */
  String requiredLiteral();

  /**
   * Words in order, without regard to case; {@code *} stands for anything. A piece that begins or
   * ends in a letter or digit begins or ends a word there, unless a {@code *} is beside it.
   */
  record Phrase(String text, List<String> pieces) implements TextPattern {
    static Phrase of(String text) {
      return new Phrase(text, List.of(text.toLowerCase(Locale.ROOT).split("\\*", -1)));
    }

    @Override
    public boolean matches(String subject) {
      int at = 0;
      for (int i = 0; i < pieces.size(); i++) {
        String piece = pieces.get(i);
        at = find(subject, piece, at, i == 0, i == pieces.size() - 1);
        if (at < 0) {
          return false;
        }
        at += piece.length();
      }
      return true;
    }

    private static int find(String text, String piece, int from, boolean first, boolean last) {
      if (piece.isEmpty()) {
        return from;
      }
      char head = piece.charAt(0);
      for (int i = from; i <= text.length() - piece.length(); i++) {
        if (lower(text.charAt(i)) == head
            && text.regionMatches(true, i, piece, 0, piece.length())
            && (!first || !wordGoesOn(text, i - 1, i))
            && (!last || !wordGoesOn(text, i + piece.length() - 1, i + piece.length()))) {
          return i;
        }
      }
      return -1;
    }

    private static boolean wordGoesOn(String text, int left, int right) {
      return left >= 0
          && right < text.length()
          && isWord(text.charAt(left))
          && isWord(text.charAt(right));
    }

    private static boolean isWord(char c) {
      return Character.isLetterOrDigit(c) || c == '_';
    }

    private static char lower(char c) {
      return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : Character.toLowerCase(c);
    }

    @Override
    public String requiredLiteral() {
      String longest = "";
      for (String piece : pieces) {
        for (String run : piece.split("[^\\x20-\\x7e]+", -1)) {
          longest = run.length() > longest.length() ? run : longest;
        }
      }
      return longest.strip().length() < MIN_LITERAL ? null : longest;
    }
  }

  /** A regular expression in RE2's syntax, without regard to case. */
  record Regex(String text, Pattern pattern) implements TextPattern {
    /** Throws {@link com.google.re2j.PatternSyntaxException}. */
    static Regex of(String text) {
      return new Regex(text, Pattern.compile(text, Pattern.CASE_INSENSITIVE));
    }

    @Override
    public boolean matches(String subject) {
      return pattern.matcher(subject).find();
    }

    @Override
    public String requiredLiteral() {
      return new LiteralFinder(text).longest();
    }
  }

  /**
   * The longest run of fixed text that every match of a regular expression contains. Looks at the
   * top level only: what is in a group, a class, optional or repeated is left out, and an
   * alternative at the top level means that nothing is required. It may miss a literal, never
   * invent one.
   */
  final class LiteralFinder {
    private final String regex;
    private final List<String> runs = new ArrayList<>();
    private final StringBuilder run = new StringBuilder();

    LiteralFinder(String regex) {
      this.regex = regex;
    }

    String longest() {
      int i = 0;
      while (i < regex.length()) {
        char c = regex.charAt(i);
        switch (c) {
          case '|' -> {
            return null;
          }
          case '(' -> i = afterGroup(i);
          case '[' -> i = afterClass(i);
          case '\\' -> i = afterEscape(i);
          case '?', '*', '{' -> {
            dropLast();
            i = c == '{' ? Math.max(i, regex.indexOf('}', i)) + 1 : i + 1;
          }
          case '.', '^', '$', '+' -> {
            endRun();
            i++;
          }
          default -> {
            append(c);
            i++;
          }
        }
      }
      endRun();
      String longest = "";
      for (String candidate : runs) {
        longest = candidate.length() > longest.length() ? candidate : longest;
      }
      return longest.strip().length() < MIN_LITERAL ? null : longest;
    }

    private void append(char c) {
      if (c >= ' ' && c <= '~') {
        run.append(c);
      } else {
        endRun();
      }
    }

    private void endRun() {
      runs.add(run.toString());
      run.setLength(0);
    }

    private void dropLast() {
      if (!run.isEmpty()) {
        run.setLength(run.length() - 1);
      }
      endRun();
    }

    private int afterEscape(int at) {
      if (at + 1 < regex.length() && !Character.isLetterOrDigit(regex.charAt(at + 1))) {
        append(regex.charAt(at + 1));
        return at + 2;
      }
      endRun();
      return afterNamedEscape(at + 2);
    }

    /**
     * What belongs to an escape by letter or digit: {@code \x41}, {@code \x{1F600}}, {@code \pL},
     * {@code \p{Greek}}, {@code \012}.
     */
    private int afterNamedEscape(int at) {
      if (at < regex.length() && regex.charAt(at) == '{') {
        return Math.max(at, regex.indexOf('}', at)) + 1;
      }
      char kind = at <= regex.length() ? regex.charAt(at - 1) : ' ';
      if (kind == 'x') {
        return at + 2;
      }
      if (kind == 'p' || kind == 'P') {
        return at + 1;
      }
      int i = at;
      while (Character.isDigit(kind) && i < regex.length() && Character.isDigit(regex.charAt(i))) {
        i++;
      }
      return i;
    }

    private int afterClass(int at) {
      endRun();
      int i = at + 1;
      if (i < regex.length() && regex.charAt(i) == '^') {
        i++;
      }
      if (i < regex.length() && regex.charAt(i) == ']') {
        i++;
      }
      while (i < regex.length() && regex.charAt(i) != ']') {
        if (regex.startsWith("[:", i)) {
          i = Math.max(i, regex.indexOf(":]", i) + 1);
        }
        i += regex.charAt(i) == '\\' ? 2 : 1;
      }
      return i + 1;
    }

    private int afterGroup(int at) {
      endRun();
      int depth = 0;
      int i = at;
      while (i < regex.length()) {
        char c = regex.charAt(i);
        if (c == '\\') {
          i += 2;
          continue;
        }
        if (c == '[') {
          i = afterClass(i);
          continue;
        }
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        i++;
        if (depth == 0) {
          return i;
        }
      }
      return i;
    }
  }
}
