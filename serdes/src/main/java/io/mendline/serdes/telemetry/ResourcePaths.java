package io.mendline.serdes.telemetry;

/** Reads the paths by which Azure names its resources. */
final class ResourcePaths {
  private static final String WORKSPACES = "/workspaces/";

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
}
