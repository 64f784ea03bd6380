package io.mendline.topology.api;

import io.mendline.serdes.text.Instants;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the parameters of requests; what cannot be meant is refused by name. */
final class Parameters {
  static final String PAGE = "page";
  static final String LIMIT = "limit";

  private static final int USUAL_LIMIT = 50;
  private static final int GREATEST_LIMIT = 500;

  private Parameters() {}

  /**
   * The parameters of a request that are filters.
   *
   * @param known the names that the list takes, beside the page's own
   * @throws Problem when one is not known, or given twice
   */
  static Map<String, String> filter(Map<String, List<String>> given, Set<String> known) {
    Map<String, String> filter = new HashMap<>();
    given.forEach(
        (name, values) -> {
          if (name.equals(PAGE) || name.equals(LIMIT)) {
            return;
          }
          if (!known.contains(name)) {
            throw Problem.badRequest(
                "\"" + name + "\" is no parameter here; these are: " + new TreeSet<>(known));
          }
          if (values.size() > 1) {
            throw Problem.badRequest(
                "\"" + name + "\" is given twice; separate several values by commas");
          }
          filter.put(name, values.get(0));
        });
    return filter;
  }

  /** How many rows are wanted. */
  static int limit(String given) {
    if (given == null) {
      return USUAL_LIMIT;
    }
    try {
      int limit = Integer.parseInt(given);
      if (limit >= 1 && limit <= GREATEST_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Refused below, with what was given.
    }
    throw Problem.badRequest("\"limit\" is a number from 1 to " + GREATEST_LIMIT);
  }

  /** The symbols that a parameter names, separated by commas; none when it is not given. */
  static <E extends Enum<E>> Set<E> symbols(Map<String, String> given, String name, Class<E> of) {
    Set<E> symbols = EnumSet.noneOf(of);
    String text = given.get(name);
    if (text != null) {
      for (String symbol : text.split(",", -1)) {
        symbols.add(symbol(name, symbol.trim(), of));
      }
    }
    return symbols;
  }

  /** The symbol that a text names. */
  static <E extends Enum<E>> E symbol(String name, String text, Class<E> of) {
    String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
    for (E each : of.getEnumConstants()) {
      if (each.name().equals(wanted)) {
        return each;
      }
    }
    throw Problem.badRequest(
        "\""
            + name
            + "\" is one of "
            + Arrays.stream(of.getEnumConstants())
                .map(Enum::name)
                .filter(each -> !each.equals("UNKNOWN"))
                .collect(Collectors.joining(", ")));
  }

  /** An instant, epoch milliseconds. */
  static long instant(Map<String, String> given, String name, long otherwise) {
    String text = given.get(name);
    if (text == null) {
      return otherwise;
    }
    long millis = Instants.parse(text);
    if (millis == Instants.UNREADABLE) {
      throw Problem.badRequest("\"" + name + "\" is an instant, as 2026-06-12T08:00:00Z");
    }
    return millis;
  }
}
