package io.mendline.processors.cause;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is known about causes: the bundled entries ({@code causes.yaml} beside this class), before
 * them those of the user, and behind them the {@link PublishedClasses}, compiled for look-up. The
 * format is described at the head of that file. Immutable.
 */
public final class CauseCatalogue {
  private static final String BUNDLED = "causes.yaml";

  /** One string of the index, and what to do where it occurs. */
  record Literal(Kind kind, String text, CauseEntry entry, int pattern, boolean prefix) {
    enum Kind {
      WRAPPER,
      CLASS,
      PATTERN,
      BRACKET,
      SQLSTATE
    }

    static Literal of(Kind kind, String text) {
      return new Literal(kind, text, null, -1, false);
    }
  }

  /** A pattern and the entry it speaks for. */
  record Pattern(CauseEntry entry, TextPattern test) {}

  /** One catalogue file, read and checked. */
  record Source(List<CauseEntry> entries, List<String> wrappers) {}

  private final List<CauseEntry> entries;
  private final List<String> wrappers;
  private final Map<String, CauseEntry> codes = new HashMap<>();
  private final Map<String, CauseEntry> sentinel = new HashMap<>();
  private final Map<String, CauseEntry> sqlstates = new HashMap<>();
  private final Map<String, CauseEntry> classes = new HashMap<>();
  private final List<String> classPrefixes = new ArrayList<>();
  private final List<Pattern> patterns = new ArrayList<>();
  private final List<Literal> literals = new ArrayList<>();
  private final LiteralIndex index;
  private final PublishedClasses published;

  private CauseCatalogue(List<CauseEntry> entries, List<String> wrappers) {
    this.entries = List.copyOf(entries);
    this.wrappers = List.copyOf(wrappers);
    wrappers.forEach(text -> literals.add(Literal.of(Literal.Kind.WRAPPER, text)));
    literals.add(Literal.of(Literal.Kind.BRACKET, "["));
    literals.add(Literal.of(Literal.Kind.SQLSTATE, "SQLSTATE"));
    this.entries.forEach(this::add);
    index = LiteralIndex.of(literals.stream().map(Literal::text).toList());
    published = new PublishedClasses(this);
  }

  /** The entries that come with Mendline. */
  public static CauseCatalogue bundled() {
    try (InputStream in = CauseCatalogue.class.getResourceAsStream(BUNDLED)) {
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Source source = new CatalogueReader(BUNDLED, false, 0).read(yaml);
      return new CauseCatalogue(source.entries(), source.wrappers());
    } catch (IOException e) {
      throw new CatalogueException(BUNDLED + ": cannot be read", e);
    }
  }

  /**
   * This catalogue with a user's entries, which are tried before the bundled ones and after those
   * of the user that are in it already.
   */
  public CauseCatalogue with(Path file) {
    try {
      return with(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new CatalogueException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * As {@link #with(Path)}, from text.
   *
   * @param name how errors call the source
   */
  public CauseCatalogue with(String name, String yaml) {
    List<CauseEntry> own = entries.stream().filter(CauseEntry::user).toList();
    Source source = new CatalogueReader(name, true, own.size()).read(yaml);
    List<CauseEntry> all = new ArrayList<>(own);
    all.addAll(source.entries());
    entries.stream().filter(entry -> !entry.user()).forEach(all::add);
    List<String> allWrappers = new ArrayList<>(wrappers);
    allWrappers.addAll(source.wrappers());
    return new CauseCatalogue(all, allWrappers);
  }

  private void add(CauseEntry entry) {
    for (String code : entry.codes()) {
      codes.putIfAbsent(normalCode(code), entry);
      // A code of one word, or one that does not decide, is too common a word to be looked for in
      // messages.
      if (!entry.ambiguous() && code.indexOf('_') > 0) {
        literals.add(new Literal(Literal.Kind.CLASS, code, entry, -1, false));
      }
    }
    entry.sentinel().forEach(code -> sentinel.putIfAbsent(normalSentinel(code), entry));
    entry.sqlstates().forEach(state -> sqlstates.putIfAbsent(state, entry));
    for (String name : entry.classes()) {
      boolean prefix = name.endsWith("*");
      String text = prefix ? name.substring(0, name.length() - 1) : name;
      if (prefix) {
        classPrefixes.add(text);
      } else {
        classes.putIfAbsent(text, entry);
      }
      literals.add(new Literal(Literal.Kind.CLASS, text, entry, -1, prefix));
    }
    entry.phrases().forEach(text -> add(entry, TextPattern.Phrase.of(text)));
    entry.regexes().forEach(text -> add(entry, TextPattern.Regex.of(text)));
  }

  private void add(CauseEntry entry, TextPattern test) {
    String required = test.requiredLiteral();
    literals.add(new Literal(Literal.Kind.PATTERN, required, entry, patterns.size(), false));
    patterns.add(new Pattern(entry, test));
  }

  List<CauseEntry> entries() {
    return entries;
  }

  LiteralIndex index() {
    return index;
  }

  Literal literal(int id) {
    return literals.get(id);
  }

  int patternCount() {
    return patterns.size();
  }

  /** Patterns are numbered in the order of their entries. */
  Pattern pattern(int number) {
    return patterns.get(number);
  }

  /** Null for a code that is not listed, and for null. */
  CauseEntry byCode(String code) {
    return code == null ? null : codes.get(normalCode(code));
  }

  /** By an issue or reason code of Sentinel in either style; null if it is not listed. */
  CauseEntry bySentinelCode(String code) {
    return sentinel.get(normalSentinel(code));
  }

  /** The entry with the longest prefix of an SQLSTATE; null if there is none. */
  CauseEntry bySqlstate(String state) {
    for (int length = state.length(); length >= 2; length--) {
      CauseEntry entry = sqlstates.get(state.substring(0, length));
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  /** By a class that Spark or Delta publishes, without its sub-class; null if neither does. */
  CauseEntry published(String errorClass) {
    return published.find(errorClass);
  }

  /** Whether an entry is responsible for an error class. */
  boolean lists(String errorClass) {
    return classes.containsKey(errorClass)
        || classPrefixes.stream().anyMatch(errorClass::startsWith);
  }

  static String normalCode(String code) {
    return code.strip().toUpperCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
  }

  /** {@code QUERY_TIMEOUT} and {@code QueryTimeout} are one. */
  static String normalSentinel(String code) {
    StringBuilder letters = new StringBuilder(code.length());
    for (int i = 0; i < code.length(); i++) {
      if (Character.isLetterOrDigit(code.charAt(i))) {
        letters.append(Character.toLowerCase(code.charAt(i)));
      }
    }
    return letters.toString();
  }
}
