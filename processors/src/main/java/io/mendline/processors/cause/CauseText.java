package io.mendline.processors.cause;

import java.util.ArrayList;
import java.util.List;

/**
 * The text of a failure without what is not the cause: stack frames, source excerpts, rules,
 * colours. What is left is a chain of links, outermost first.
 *
 * <p>A link begins at {@code Caused by:} in a JVM trace and at the exception line of a Python
 * trace. Suppressed exceptions are not causes. Where Python says that one exception "was the direct
 * cause of the following", the following is the outer one although it comes later. Links within a
 * line, such as {@code Task x failed with message: …}, are not known here: see {@link CauseChain}.
 *
 * <p>One pass; at most {@link #MAX_LENGTH} characters of the message and as many of the trace are
 * looked at.
 */
final class CauseText {
  /**
   * Of a longer text the head and the tail are kept and the middle is cut out. The tail is the
   * larger part, because the deepest cause stands at the end; 24 KB hold some 200 stack frames.
   */
  static final int MAX_LENGTH = 32_768;

  private static final int HEAD = 8_192;

  private static final String CAUSED_BY = "Caused by:";
  private static final String TRACEBACK = "Traceback (most recent call last)";
  private static final String DIRECT_CAUSE = "The above exception was the direct cause";
  private static final String DURING = "During handling of the above exception";

  /** How Py4J begins the line with the JVM's exception. */
  private static final String PY4J_CAUSE = ": ";

  /** What tells text that was meant to have line breaks from, say, a Windows path. */
  private static final String[] ESCAPED_TRACE = {
    "\\n\\tat ",
    "\\nCaused by",
    "\\nTraceback",
    "\\n  File ",
    "\\n\\nDuring",
    "{\"",
    "\\\"",
    "\\u001b"
  };

  private static final String[] TRUNCATED = {"... truncated", "***WARNING: message truncated"};

  private static final int MAX_AFTER_TRUNCATION = 200;

  /**
   * One link. {@code cut} if the source's own truncation ended it, so that its last words may be
   * halves.
   */
  record Link(String text, boolean cut) {}

  private final List<StringBuilder> links = new ArrayList<>();
  private int current = -1;
  private int insertAt;

  /** Where the first exception of the present chain of Python tracebacks stands. */
  private int groupStart;

  private boolean chained;
  private boolean inTraceback;
  private int tracebackIndent;
  private int suppressedIndent = -1;

  private CauseText() {}

  /** The links of the message, then those of the trace, which goes deeper. Either may be null. */
  static List<Link> links(String message, String trace) {
    List<Link> all = new ArrayList<>();
    addLinks(message, all);
    addLinks(trace, all);
    return all;
  }

  private static void addLinks(String source, List<Link> all) {
    if (source == null || source.isBlank()) {
      return;
    }
    String text = plain(bounded(source));
    boolean truncated = false;
    for (String marker : TRUNCATED) {
      int at = text.indexOf(marker, Math.max(0, text.length() - MAX_AFTER_TRUNCATION));
      if (at >= 0) {
        truncated = true;
        text = text.substring(0, at);
      }
    }
    if (text.indexOf('\n') < 0 && !text.contains(TRACEBACK)) {
      all.add(new Link(text.strip(), truncated));
      return;
    }
    CauseText reader = new CauseText();
    reader.readLines(text);
    // The last link read is the one that the end of the text belongs to, wherever in the chain it
    // stands.
    for (int i = 0; i < reader.links.size(); i++) {
      String link = reader.links.get(i).toString().strip();
      if (!link.isEmpty()) {
        all.add(new Link(link, truncated && i == reader.current));
      }
    }
  }

  private static String bounded(String source) {
    return source.length() <= MAX_LENGTH
        ? source
        : source.substring(0, HEAD)
            + "\n"
            + source.substring(source.length() - (MAX_LENGTH - HEAD - 1));
  }

  /**
   * Without colour codes and carriage returns; a trace that arrives as the inside of a JSON string
   * gets its line breaks back.
   */
  private static String plain(String text) {
    boolean escaped = false;
    if (text.indexOf('\\') >= 0) {
      for (String sign : ESCAPED_TRACE) {
        escaped |= text.contains(sign);
      }
    }
    if (!escaped && text.indexOf('\u001b') < 0 && text.indexOf('\r') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\r') {
        i++;
      } else if (c == '\u001b') {
        i = afterColour(text, i + 1);
      } else if (escaped && text.startsWith("\\u001b", i)) {
        i = afterColour(text, i + 6);
      } else if (escaped
          && c == '\\'
          && i + 1 < text.length()
          && "ntr".indexOf(text.charAt(i + 1)) >= 0) {
        char kind = text.charAt(i + 1);
        out.append(kind == 'n' ? "\n" : kind == 't' ? "\t" : "");
        i += 2;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  /** ECMA-48 control sequence after its escape: {@code [}, parameters, one final character. */
  private static int afterColour(String text, int at) {
    if (at >= text.length() || text.charAt(at) != '[') {
      return at;
    }
    int i = at + 1;
    while (i < text.length() && text.charAt(i) >= ' ' && text.charAt(i) <= '?') {
      i++;
    }
    return Math.min(text.length(), i + 1);
  }

  private void readLines(String text) {
    newLink();
    int from = 0;
    while (from < text.length()) {
      int end = text.indexOf('\n', from);
      end = end < 0 ? text.length() : end;
      int start = from;
      while (start < end && Character.isWhitespace(text.charAt(start))) {
        start++;
      }
      if (start < end) {
        readLine(text, start, end, start - from);
      }
      from = end + 1;
    }
  }

  private void readLine(String text, int start, int end, int indent) {
    if (text.startsWith(CAUSED_BY, start)) {
      if (suppressedIndent < 0 || indent < suppressedIndent) {
        suppressedIndent = -1;
        inTraceback = false;
        chained = false;
        newLink();
        readRest(text, start + CAUSED_BY.length(), end, indent);
      }
      return;
    }
    if (text.startsWith("Suppressed:", start)) {
      suppressedIndent = indent;
      return;
    }
    if (isFrame(text, start, end)) {
      return;
    }
    if (text.startsWith(PY4J_CAUSE, start)) {
      inTraceback = false;
      newLink();
      readRest(text, start + PY4J_CAUSE.length(), end, indent);
      return;
    }
    if (text.startsWith(DIRECT_CAUSE, start)) {
      chained = true;
      insertAt = groupStart;
      return;
    }
    if (text.startsWith(DURING, start)) {
      chained = true;
      return;
    }
    readRest(text, start, end, indent);
  }

  private void readRest(String text, int start, int end, int indent) {
    int traceback = indexOf(text, TRACEBACK, start, end);
    if (traceback >= 0) {
      if (traceback > start) {
        append(text, start, traceback);
      }
      int rest = traceback + TRACEBACK.length() + 1;
      if (rest < end) {
        // A trace folded into one line: its end is as near to the cause as it gets.
        newLink();
        append(text, rest, end);
        return;
      }
      inTraceback = true;
      tracebackIndent = indent;
      return;
    }
    if (inTraceback) {
      if (indent > tracebackIndent) {
        return;
      }
      // The first line that is not indented is the exception; more lines may belong to its message.
      inTraceback = false;
      newLink();
      groupStart = chained ? groupStart : current;
      chained = false;
    }
    append(text, start, end);
  }

  private void append(String text, int start, int end) {
    StringBuilder link = links.get(current);
    if (!link.isEmpty()) {
      link.append('\n');
    }
    link.append(text, start, end);
  }

  private void newLink() {
    links.add(insertAt, new StringBuilder());
    current = insertAt++;
  }

  /** Whether a line is where, not why: a stack frame, an excerpt of the source, a rule. */
  private boolean isFrame(String text, int start, int end) {
    return switch (text.charAt(start)) {
      case 'a' -> text.startsWith("at ", start) && indexOf(text, "(", start, end) >= 0;
      case '.' ->
          end - start > 4
              && text.startsWith("... ", start)
              && Character.isDigit(text.charAt(start + 4));
      case 'F' ->
          text.startsWith("File ", start) && (inTraceback || text.startsWith("File \"", start));
      case 'D' -> text.startsWith("Driver stacktrace:", start);
      case '-', '=', '^', '~' -> isRule(text, start, end);
      case '<', '/', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> inTraceback;
      default -> false;
    };
  }

  /** A line under or between other lines, or IPython's {@code ----> 12 code}. */
  private boolean isRule(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == '>' && inTraceback) {
        return true;
      }
      if ("-=^~ ".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int indexOf(String text, String wanted, int start, int end) {
    for (int i = start; i <= end - wanted.length(); i++) {
      if (text.startsWith(wanted, i)) {
        return i;
      }
    }
    return -1;
  }
}
