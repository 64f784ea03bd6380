package io.mendline.processors.cause;

import io.mendline.processors.cause.CauseEntry.Rank;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The chain of causes in a failure's text, outermost first, with what the catalogue recognises in
 * each link.
 *
 * <p>The catalogue's {@link LiteralIndex} runs over the text once. Each hit is one of: the end of a
 * wrapper such as {@code failed with message:}, after which a deeper link begins; an error class or
 * code, judged on the spot; the required literal of a pattern, which is noted and tried later if
 * nothing better turns up; {@code [} before an error class that no catalogue file may list; an
 * SQLSTATE.
 */
final class CauseChain {
  /** How an error class stands in the text, weakest first. */
  enum Standing {
    /** Somewhere in the words. */
    MENTIONED,
    /** In brackets where a message begins, but neither listed nor published. */
    UNLISTED,
    /** In brackets, or where a message begins. */
    DECLARED
  }

  /**
   * An error class or code in the text.
   *
   * @param entry null if {@link Standing#UNLISTED}
   * @param published a published class that no catalogue file names
   */
  record ClassHit(
      CauseEntry entry,
      String errorClass,
      String subClass,
      Standing standing,
      int end,
      boolean published) {}

  /** One link and what was recognised in it. */
  static final class Link {
    String text;
    boolean cut;

    /** Numbers of the patterns whose required literal occurs; null if none. */
    BitSet patterns;

    private Map<Rank, ClassHit> userHits = Map.of();
    private Map<Rank, ClassHit> bundledHits = Map.of();

    /** The first one; null if there is none. */
    String sqlstate;

    /** Null if there is none. */
    ClassHit hit(boolean user, Rank rank) {
      return (user ? userHits : bundledHits).get(rank);
    }

    /**
     * The better founded wins; of declared ones the later, which is the inner of {@code Outer:
     * Inner: text}; of two that end together the longer, which comes first.
     */
    private void offer(ClassHit hit) {
      boolean listed = hit.entry() != null;
      Rank rank = listed ? hit.entry().rank() : Rank.SPECIFIC;
      Map<Rank, ClassHit> hits = hitsOf(listed && hit.entry().user());
      ClassHit old = hits.get(rank);
      int better = old == null ? 1 : hit.standing().compareTo(old.standing());
      if (better > 0
          || (better == 0 && hit.standing() == Standing.DECLARED && hit.end() > old.end())) {
        hits.put(rank, hit);
      }
    }

    private boolean recognised() {
      return !bundledHits.isEmpty() || !userHits.isEmpty();
    }

    /** Made when first needed, because most links have none. */
    private Map<Rank, ClassHit> hitsOf(boolean user) {
      if (user) {
        userHits = userHits.isEmpty() ? new EnumMap<>(Rank.class) : userHits;
        return userHits;
      }
      bundledHits = bundledHits.isEmpty() ? new EnumMap<>(Rank.class) : bundledHits;
      return bundledHits;
    }
  }

  private static final int SQLSTATE_LENGTH = 5;

  /** A package and class name longer than this is none. */
  private static final int MAX_CLASS_LENGTH = 200;

  /** No published class with an underscore is shorter. */
  private static final int MIN_CLASS_LENGTH = 8;

  private final CauseCatalogue catalogue;
  private final List<Link> links = new ArrayList<>();

  /**
   * The text being searched, where the present link begins in it, and where it ends at the latest.
   */
  private String text;

  private int from;
  private int limit;
  private Link link;

  private CauseChain(CauseCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  static List<Link> of(FailureEvidence evidence, CauseCatalogue catalogue) {
    CauseChain chain = new CauseChain(catalogue);
    for (CauseText.Link raw : CauseText.links(evidence.message(), evidence.trace())) {
      chain.search(raw);
    }
    return chain.links;
  }

  private void search(CauseText.Link raw) {
    text = raw.text();
    begin(0, text.length(), links.size());
    catalogue.index().scan(text, this::found);
    if (limit < text.length()) {
      leaveString();
    }
    end(text.length(), raw.cut());
  }

  private void begin(int start, int latest, int position) {
    from = start;
    limit = latest;
    link = new Link();
    links.add(position, link);
  }

  private void end(int to, boolean cut) {
    if (!link.recognised()) {
      offerUnbracketed(to);
    }
    link.text = text.substring(from, to).strip();
    link.cut = cut;
    if (link.text.isEmpty()) {
      links.remove(link);
    }
  }

  /**
   * Behind the closing quote of a message inside JSON; what follows belongs to the object around
   * it, so it is the outer link.
   */
  private void leaveString() {
    int position = links.indexOf(link);
    int close = limit;
    end(close, false);
    begin(close, text.length(), position);
  }

  private void found(int id, int end) {
    if (end > limit) {
      leaveString();
    }
    CauseCatalogue.Literal literal = catalogue.literal(id);
    int start = end - literal.text().length();
    if (start < from) {
      return;
    }
    switch (literal.kind()) {
      case WRAPPER -> unwrap(literal.text(), end);
      case CLASS -> offerListed(literal, start, end);
      case PATTERN -> {
        if (link.patterns == null) {
          link.patterns = new BitSet(catalogue.patternCount());
        }
        link.patterns.set(literal.pattern());
      }
      case BRACKET -> offerBracketed(start);
      case SQLSTATE -> readSqlstate(end);
    }
  }

  private void unwrap(String wrapper, int end) {
    char last = wrapper.charAt(wrapper.length() - 1);
    int latest = limit;
    if (last == '"' || last == '\'') {
      latest = end;
      while (latest < limit && (text.charAt(latest) != last || text.charAt(latest - 1) == '\\')) {
        latest++;
      }
    }
    int position = links.indexOf(link) + 1;
    end(end, false);
    begin(end, latest, Math.min(position, links.size()));
  }

  private void offerListed(CauseCatalogue.Literal literal, int start, int end) {
    if (!text.startsWith(literal.text(), start)
        || (start > from && isWord(text.charAt(start - 1)))
        || (!literal.prefix() && end < text.length() && isWord(text.charAt(end)))) {
      return;
    }
    int tokenEnd = end;
    while (literal.prefix() && tokenEnd < text.length() && isWord(text.charAt(tokenEnd))) {
      tokenEnd++;
    }
    Standing standing =
        opensMessage(start) && closesClass(tokenEnd, literal.text())
            ? Standing.DECLARED
            : Standing.MENTIONED;
    String simple = text.substring(start, tokenEnd);
    simple = simple.substring(simple.lastIndexOf('.') + 1);
    link.offer(new ClassHit(literal.entry(), simple, null, standing, end, false));
  }

  /**
   * Whether a name that starts here, with its package, stands at the beginning or behind a colon or
   * bracket.
   */
  private boolean opensMessage(int start) {
    int i = start - 1;
    int first = Math.max(from, start - MAX_CLASS_LENGTH);
    while (i >= first && (isWord(text.charAt(i)) || text.charAt(i) == '.')) {
      i--;
    }
    boolean bracket = i >= from && text.charAt(i) == '[';
    while (i >= from && " \t\"'\\".indexOf(text.charAt(i)) >= 0) {
      i--;
    }
    return i < from || bracket || ":\n[=".indexOf(text.charAt(i)) >= 0;
  }

  private boolean closesClass(int end, String name) {
    if (end >= text.length()) {
      return true;
    }
    char c = text.charAt(end);
    return ":].\n)\"';,\\".indexOf(c) >= 0 || (c == ' ' && name.indexOf('_') > 0);
  }

  /**
   * {@code [CLASS]} or {@code [CLASS.SUBCLASS]} at the beginning or behind a colon, if no catalogue
   * file lists it; the class is what matters.
   */
  private void offerBracketed(int bracket) {
    int end = capitals(bracket + 1);
    if (end < text.length() && text.charAt(end) == ']' && opensMessage(bracket)) {
      offerUnlisted(bracket + 1, end, Standing.DECLARED, true);
    }
  }

  /**
   * Published classes without brackets, such as {@code Error class: CLASS.SUBCLASS}. Looked for
   * only where nothing else was found, and in the text of the link alone.
   */
  private void offerUnbracketed(int to) {
    int seen = from;
    int underscore = text.indexOf('_', from);
    while (underscore >= 0 && underscore < to) {
      int start = underscore;
      while (start > seen && isUpper(text.charAt(start - 1))) {
        start--;
      }
      int end = Math.min(to, capitals(start));
      boolean word =
          (start == from || !isWord(text.charAt(start - 1)))
              && (end == to || !isWord(text.charAt(end)));
      if (word && end - start >= MIN_CLASS_LENGTH) {
        boolean declared = opensMessage(start) && closesClass(end, "_");
        offerUnlisted(start, end, declared ? Standing.DECLARED : Standing.MENTIONED, false);
      }
      seen = Math.max(end, underscore + 1);
      underscore = text.indexOf('_', seen);
    }
  }

  /** Where the capitals, digits, underscores and single dots that begin here end. */
  private int capitals(int start) {
    int last = Math.min(text.length(), start + MAX_CLASS_LENGTH);
    int i = start;
    while (i < last
        && (isUpper(text.charAt(i))
            || (text.charAt(i) == '.'
                && i > start
                && i + 1 < last
                && isUpper(text.charAt(i + 1))))) {
      i++;
    }
    return i;
  }

  private void offerUnlisted(int start, int end, Standing standing, boolean bracketed) {
    int dot = text.indexOf('.', start);
    int classEnd = dot < 0 || dot > end ? end : dot;
    String errorClass = text.substring(start, classEnd);
    if (catalogue.lists(errorClass)) {
      return;
    }
    CauseEntry published = catalogue.published(errorClass);
    if (published != null) {
      String subClass = classEnd == end ? null : text.substring(classEnd + 1, end);
      link.offer(new ClassHit(published, errorClass, subClass, standing, end, true));
    } else if (bracketed && errorClass.indexOf('_') > 0) {
      link.offer(new ClassHit(null, errorClass, null, Standing.UNLISTED, end, false));
    }
  }

  private void readSqlstate(int at) {
    int i = at;
    while (i < text.length() && i < at + 3 && ": =(".indexOf(text.charAt(i)) >= 0) {
      i++;
    }
    int end = i + SQLSTATE_LENGTH;
    if (i == at || end > text.length() || (end < text.length() && isWord(text.charAt(end)))) {
      return;
    }
    for (int j = i; j < end; j++) {
      if (!isUpper(text.charAt(j)) || text.charAt(j) == '_') {
        return;
      }
    }
    // Spark prints that of the wrapping class behind that of the wrapped one.
    if (link.sqlstate == null) {
      link.sqlstate = text.substring(i, end);
    }
  }

  private static boolean isUpper(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
