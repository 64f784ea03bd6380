package io.mendline.serdes.telemetry;

/** Reads the paths by which Azure names its resources. */
final class ResourcePaths {
  private static final String SUBSCRIPTIONS = "/subscriptions/";
  private static final String WORKSPACES = "/workspaces/";
  private static final String RULES = "/alertrules/";

  private ResourcePaths() {}

  /**
   * The name behind {@code /workspaces/}.
   *
   * @param lowerCasePath nullable
   * @return null if there is none
   */
  static String workspace(String lowerCasePath) {
    int at = lowerCasePath == null ? -1 : lowerCasePath.indexOf(WORKSPACES);
    if (at < 0) {
      return null;
    }
    int start = at + WORKSPACES.length();
    int end = lowerCasePath.indexOf('/', start);
    String name = lowerCasePath.substring(start, end < 0 ? lowerCasePath.length() : end);
    return name.isEmpty() ? null : name;
  }

  /**
   * The path of a workspace, from its subscription to its name, out of the path of what is in it.
   *
   * @param lowerCasePath nullable
   * @return null if it names no workspace
   */
  static String workspacePath(String lowerCasePath) {
    String name = workspace(lowerCasePath);
    return name == null
        ? null
        : lowerCasePath.substring(
            Math.max(0, lowerCasePath.indexOf(SUBSCRIPTIONS)),
            lowerCasePath.indexOf(WORKSPACES) + WORKSPACES.length() + name.length());
  }

  /**
   * The path of an analytics rule, from its subscription to its id, out of a path or an address.
   *
   * @param lowerCasePath nullable
   * @return null if it names no rule
   */
  static String rule(String lowerCasePath) {
    int id = ruleIdAt(lowerCasePath);
    if (id < 0) {
      return null;
    }
    int start = Math.max(0, lowerCasePath.indexOf(SUBSCRIPTIONS));
    return start < id ? lowerCasePath.substring(start, ruleIdEnd(lowerCasePath, id)) : null;
  }

  /** The id at the end of a rule's path; what is no such path as it is. */
  static String ruleKey(String lowerCaseId) {
    int id = ruleIdAt(lowerCaseId);
    return id < 0 ? lowerCaseId : lowerCaseId.substring(id, ruleIdEnd(lowerCaseId, id));
  }

  /** Where the id begins, or -1 if there is none. */
  private static int ruleIdAt(String path) {
    int at = path == null ? -1 : path.indexOf(RULES);
    int id = at + RULES.length();
    return at < 0 || ruleIdEnd(path, id) == id ? -1 : id;
  }

  private static int ruleIdEnd(String path, int from) {
    int end = from;
    while (end < path.length() && path.charAt(end) != '/' && path.charAt(end) != '?') {
      end++;
    }
    return end;
  }
}
