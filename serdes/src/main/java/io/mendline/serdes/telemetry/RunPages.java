package io.mendline.serdes.telemetry;

import java.util.Locale;

/** Reads which workspace a run's page belongs to. */
final class RunPages {
  private static final String ORGANISATION = "o=";
  private static final String AZURE_HOST = "adb-";

  private RunPages() {}

  /**
   * The workspace id in {@code ?o=123}, else the one in a host such as {@code
   * adb-123.4.azuredatabricks.net}, else the host, lower-cased.
   *
   * @param url nullable
   * @return null if it is no address
   */
  static String workspace(String url) {
    int scheme = url == null ? -1 : url.indexOf("://");
    if (scheme < 0) {
      return null;
    }
    for (int at = url.indexOf(ORGANISATION); at > 0; at = url.indexOf(ORGANISATION, at + 1)) {
      String digits = digits(url, at + ORGANISATION.length());
      char before = url.charAt(at - 1);
      if (!digits.isEmpty() && (before == '?' || before == '&')) {
        return digits;
      }
    }
    return ofHost(host(url, scheme + 3).toLowerCase(Locale.ROOT));
  }

  private static String ofHost(String host) {
    if (host.startsWith(AZURE_HOST)) {
      String digits = digits(host, AZURE_HOST.length());
      return digits.isEmpty() ? host : digits;
    }
    return host.isEmpty() ? null : host;
  }

  private static String host(String url, int start) {
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    return url.substring(
        url.lastIndexOf('@', end) >= start ? url.lastIndexOf('@', end) + 1 : start, end);
  }

  private static String digits(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return text.substring(start, end);
  }
}
