package io.mendline.processors.policy;

/** Patterns in which {@code *} stands for any text; everything else for itself, without case. */
public final class Globs {
  private Globs() {}

  /**
   * Whether the whole text matches; a null text matches only {@code *}. Linear in practice, no
   * regex.
   */
  public static boolean matches(String pattern, String text) {
    String s = text == null ? "" : text;
    int p = 0;
    int t = 0;
    int star = -1;
    int mark = 0;
    while (t < s.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = t;
      } else if (p < pattern.length() && same(pattern.charAt(p), s.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /**
   * Whether a pattern names a Databricks job: by its id, {@code <workspace>/<job id>} or the latter
   * alone, or by its name.
   *
   * @param resourceId {@code <workspace>/<job id>}
   * @param name nullable
   */
  public static boolean names(String pattern, String resourceId, String name) {
    return matches(pattern, resourceId)
        || matches(pattern, resourceId.substring(resourceId.lastIndexOf('/') + 1))
        || (name != null && matches(pattern, name));
  }

  /**
   * Whether a pattern names a file: one without a slash by the file's name wherever it lies, one
   * with a slash by its whole path. {@code **} stands for any folders, none among them, and so does
   * {@code *}.
   *
   * @param path with slashes; not null
   */
  public static boolean matchesPath(String pattern, String path) {
    if (pattern.indexOf('/') < 0) {
      return matches(pattern, path.substring(path.lastIndexOf('/') + 1));
    }
    return matches(pattern, path) || matches(pattern, "/" + path);
  }

  private static boolean same(char a, char b) {
    return a == b || Character.toLowerCase(a) == Character.toLowerCase(b);
  }
}
