package io.mendline.serdes.text;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Takes secrets out of free text before it leaves the place where it was read.
 *
 * <p>Always removed: bearer tokens and {@code Authorization} headers, {@code sig=} of shared access
 * signatures, {@code SharedAccessKey=} and {@code AccountKey=} of connection strings, values of
 * keys such as {@code password}, {@code client_secret} and {@code access_token}, passwords in URLs,
 * Databricks tokens ({@code dapi…}, {@code dose…}), GitHub tokens and JSON web tokens. The key
 * stays and the value becomes {@code [redacted]}, so that the text still says what went wrong.
 * Patterns of one's own come on top; every match of theirs is replaced as a whole.
 *
 * <p>Cost: one pass over the characters decides whether the built-in patterns are tried at all; a
 * text with nothing suspicious comes back as the same object and nothing is allocated. Own patterns
 * cannot be foreseen and are tried on every text. The built-in patterns cannot backtrack far;
 * whoever adds one answers for its cost.
 *
 * <p>Redacting twice changes nothing. Immutable and safe for use by several threads.
 */
public final class Redactor {
  /** What stands where a secret stood. */
  public static final String MASK = "[redacted]";

  // What may follow the word "bearer" in plain English: to mask it would hide the cause.
  private static final String NO_TOKEN =
      "(?:auth\\w*|challenge|credentials?|error|expired|for|format|has|header|in|invalid|is|malformed"
          + "|missing|not|or|and|realm|rejected|required|scheme|tokens?|was|with)\\b";

  // A value: quoted, or up to the next separator. What is masked already stays as it is.
  private static final String VALUE =
      "(?!\\[redacted\\])(?:\"[^\"]*\"|'[^']*'|[\"']?[^\\s&;\"'<>]+)";

  private static final List<Rule> BUILT_IN =
      List.of(
          new Rule(
              "(?i)(\\bauthorization[\"']?\\s*[:=]\\s*[\"']?(?:bearer|basic|token)\\s+)"
                  + "(?!\\[redacted\\])[^\\s\"',;]+",
              "$1" + MASK),
          new Rule("(?i)(\\bbearer\\s+)(?!" + NO_TOKEN + ")[A-Za-z0-9._~+/=%-]+", "$1" + MASK),
          new Rule(
              "(?i)(\\bbearer\\s+token\\s*+[:=]?\\s*+)(?=[A-Za-z._~+/=-]*[0-9])"
                  + "[A-Za-z0-9._~+/=-]{8,}",
              "$1" + MASK),
          new Rule(
              "(?i)(\\b(?:sig|sharedaccesskey|accountkey|sharedsecret|password|passwd|pwd"
                  + "|client_?secret|secret|access_?token|refresh_?token|id_?token|auth_?token"
                  + "|token|api[_-]?key|x-api-key)\\s*=\\s*)"
                  + VALUE,
              "$1" + MASK),
          new Rule(
              "(?i)((?:sharedaccesskey|accountkey|password|passwd|pwd|client_?secret|secret"
                  + "|access_?token|refresh_?token|api[_-]?key)\\\\?[\"']\\s*:\\s*\\\\?[\"'])"
                  + "(?!\\[redacted\\])[^\"'\\\\]+",
              "$1" + MASK),
          new Rule("(://[^\\s/:@?#]*:)(?!\\[redacted\\])[^\\s/?#]+@", "$1" + MASK + "@"),
          new Rule("(?i)(\\bhttps?://)(?!\\[redacted\\])[^\\s/:@?#]+@", "$1" + MASK + "@"),
          new Rule("\\bdapi[0-9A-Za-z]{8,}(?:-\\d+)?", "dapi" + MASK),
          new Rule("\\bdose[0-9a-f]{16,}", "dose" + MASK),
          new Rule("\\b(gh[pousr]_|github_pat_)[0-9A-Za-z_]{16,}", "$1" + MASK),
          new Rule("(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_.-]+", MASK));

  /** The characters with which something begins that {@link #suspicious} looks for. */
  private static final boolean[] BEGINS = new boolean[128];

  static {
    for (char c : ":@=\"'bBaAdeg_".toCharArray()) {
      BEGINS[c] = true;
    }
  }

  private static final Redactor STANDARD = new Redactor(List.of());

  private final List<Pattern> own;

  private Redactor(List<Pattern> own) {
    this.own = own;
  }

  /** The built-in patterns alone. */
  public static Redactor standard() {
    return STANDARD;
  }

  /**
   * The built-in patterns and, after them, some of one's own.
   *
   * @param patterns regular expressions as {@link Pattern} takes them
   * @throws IllegalArgumentException if one is not a regular expression, or matches the empty text;
   *     the message names it and says where
   */
  public static Redactor with(Collection<String> patterns) {
    return patterns.isEmpty()
        ? STANDARD
        : new Redactor(patterns.stream().map(Redactor::compile).toList());
  }

  /**
   * The text without its secrets.
   *
   * @param text nullable
   * @return the same object if there was nothing to remove; null for null
   */
  public String redact(String text) {
    if (text == null) {
      return null;
    }
    String redacted = text;
    if (suspicious(text)) {
      for (Rule rule : BUILT_IN) {
        redacted = rule.pattern.matcher(redacted).replaceAll(rule.replacement);
      }
    }
    for (Pattern pattern : own) {
      redacted = pattern.matcher(redacted).replaceAll(MASK);
    }
    return redacted.equals(text) ? text : redacted;
  }

  /**
   * Whether any built-in pattern could match: each needs one of the characters or words looked for
   * here. Says yes too often rather than too seldom.
   */
  static boolean suspicious(String text) {
    boolean url = false;
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= BEGINS.length || !BEGINS[c]) {
        continue;
      }
      boolean hit =
          switch (c) {
            case ':' -> {
              url = url || text.startsWith("://", i);
              yield false;
            }
            case '@' -> url;
            case '=', '"', '\'' -> secretKeyBefore(text, i);
            default -> wordAt(text, i, c, i + 1 < length ? text.charAt(i + 1) : ' ');
          };
      if (hit) {
        return true;
      }
    }
    return false;
  }

  /** Whether one of the words begins here; the next letter alone rules out most. */
  private static boolean wordAt(String text, int at, char c, char next) {
    return switch (c) {
      case 'b', 'B' -> (next | 0x20) == 'e' && text.regionMatches(true, at, "bearer", 0, 6);
      case 'a', 'A' -> (next | 0x20) == 'u' && text.regionMatches(true, at, "authorization", 0, 13);
      case 'd' -> next == 'a' ? text.startsWith("dapi", at) : text.startsWith("dose", at);
      case 'e' -> next == 'y' && text.startsWith("eyJ", at);
      case 'g' -> next == 'h' && text.startsWith("_", at + 3);
      case '_' -> next == 'p' && text.startsWith("_pat_", at);
      default -> false;
    };
  }

  /**
   * The keys of the patterns end in one of these letters: sig, …key, …secret, …token, pass…, pwd.
   */
  private static boolean secretKeyBefore(String text, int at) {
    int last = at - 1;
    while (last >= 0 && (text.charAt(last) <= ' ' || text.charAt(last) == '\\')) {
      last--;
    }
    return endsWith(text, last, "sig")
        || endsWith(text, last, "key")
        || endsWith(text, last, "secret")
        || endsWith(text, last, "token")
        || endsWith(text, last, "password")
        || endsWith(text, last, "passwd")
        || endsWith(text, last, "pwd");
  }

  private static boolean endsWith(String text, int last, String word) {
    return last + 1 >= word.length()
        && text.regionMatches(true, last + 1 - word.length(), word, 0, word.length());
  }

  private static Pattern compile(String pattern) {
    try {
      Pattern compiled = Pattern.compile(pattern);
      if (compiled.matcher("").find()) {
        throw new IllegalArgumentException(
            "redaction pattern '" + pattern + "' matches the empty text");
      }
      return compiled;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "redaction pattern '" + pattern + "': " + e.getDescription() + " at " + e.getIndex(), e);
    }
  }

  private static final class Rule {
    final Pattern pattern;
    final String replacement;

    Rule(String pattern, String replacement) {
      this.pattern = Pattern.compile(pattern);
      this.replacement = replacement;
    }
  }
}
