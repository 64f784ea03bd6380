package io.mendline.processors.cause;

import io.mendline.processors.cause.CauseChain.ClassHit;
import io.mendline.processors.cause.CauseChain.Link;
import io.mendline.processors.cause.CauseChain.Standing;
import io.mendline.processors.cause.CauseEntry.Rank;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import java.util.List;
import java.util.function.Predicate;

/**
 * Says why something failed: a pure function of the evidence and the catalogue, without clock or
 * state, safe to share between threads.
 *
 * <p>What is found first in this order is the diagnosis. "Deepest first" means from the last {@code
 * Caused by:} (or the text behind the last wrapper such as {@code failed with message:}) outwards,
 * because the inner cause is why the outer ones happened.
 *
 * <ol>
 *   <li>An entry of the user's catalogue, by anything.
 *   <li>An error class or decisive code in the text, deepest first: HIGH. It is one that the
 *       catalogue names, or one that Spark or Delta publishes.
 *   <li>A termination code, result or termination type that decides: HIGH.
 *   <li>Wording, a class that is nowhere published, an SQLSTATE, deepest first: MEDIUM.
 *   <li>A generic error class such as {@code ValueError}, which claims little itself, or one that
 *       Spark publishes for what fails inside of it.
 *   <li>A code that says that it failed and not why: LOW. With a message that nothing recognises,
 *       the key is the message's shape and the rest is by the code.
 *   <li>A wrapper alone, such as "see run output for details": LOW, the evidence is missing.
 *   <li>The shape of the deepest message: LOW.
 * </ol>
 *
 * Within one link of the chain a declared class goes before a code, a class before wording, and
 * wording in the order of the catalogue. A class in a link is found before wording in the same
 * link, never before a deeper link's wording.
 *
 * <p>What no rule knows is taken for transient, as Sentinel's documentation takes it, except an
 * exception of a program, which is taken for permanent: the same code with the same input raises it
 * again. Neither is believed enough to call a retry doomed.
 *
 * <p>Cost: one pass over at most 64 KB of text, then the few patterns whose required words occur.
 */
public final class RootCauseClassifier {
  private static final String UNKNOWN = "unknown/";

  /** A first line shorter than this says too little to be a shape of its own. */
  private static final int MIN_SHAPE_LINE = 8;

  private static final int MAX_CODE_LENGTH = 80;

  private final CauseCatalogue catalogue;

  public RootCauseClassifier(CauseCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** Never null; throws for null evidence only. */
  public Diagnosis classify(FailureEvidence evidence) {
    List<Link> chain = CauseChain.of(evidence, catalogue);
    MessageShape shape = MessageShape.of(shapeText(chain, evidence));
    Match own = inText(chain, true, any -> true);
    if (own != null) {
      return own.diagnosis(shape);
    }
    CauseEntry code = byCode(evidence);
    if (code != null && code.user()) {
      return byCode(code, shape);
    }
    Match match = find(chain, false, Rank.SPECIFIC, any -> true);
    boolean decided = match != null && match.confidence() == Confidence.HIGH;
    if (!decided && code != null && !code.ambiguous()) {
      return byCode(code, shape);
    }
    match = match != null ? match : find(chain, false, Rank.GENERIC, any -> true);
    if (match != null) {
      return match.diagnosis(shape);
    }
    Match wrapper = find(chain, false, Rank.WRAPPER, any -> true);
    if (code != null) {
      boolean saysMore = wrapper == null && !chain.isEmpty() && code.confidence() == Confidence.LOW;
      return saysMore
          ? unknown(code.category(), code.transience(), code.hint(), shape)
          : byCode(code, shape);
    }
    return wrapper != null ? wrapper.diagnosis(shape) : unknown(chain, shape);
  }

  /** By the wording alone, of only some of the entries; null if none of them knows it. */
  Diagnosis classifyText(String text, Predicate<CauseEntry> among) {
    List<Link> chain = CauseChain.of(FailureEvidence.ofMessage(text), catalogue);
    Match match = inText(chain, true, among);
    match = match != null ? match : inText(chain, false, among);
    return match == null ? null : match.diagnosis(MessageShape.of(text));
  }

  CauseCatalogue catalogue() {
    return catalogue;
  }

  private Match inText(List<Link> chain, boolean user, Predicate<CauseEntry> among) {
    for (Rank rank : Rank.values()) {
      Match match = find(chain, user, rank, among);
      if (match != null) {
        return match;
      }
    }
    return null;
  }

  /** The best of one rank, deepest link first. A wrapper around something deeper says nothing. */
  private Match find(List<Link> chain, boolean user, Rank rank, Predicate<CauseEntry> among) {
    int outermost = rank == Rank.WRAPPER ? chain.size() - 1 : 0;
    for (int i = chain.size() - 1; i >= 0 && i >= outermost; i--) {
      Link link = chain.get(i);
      Match match = byClass(link, link.hit(user, rank), among);
      match = match != null ? match : byWording(link, user, rank, among);
      if (match == null && !isOfWrapper(link.sqlstate, chain, i)) {
        match = bySqlstate(link, user, rank, among);
      }
      if (match != null) {
        return match;
      }
    }
    return null;
  }

  private Match byClass(Link link, ClassHit hit, Predicate<CauseEntry> among) {
    if (hit == null) {
      return null;
    }
    CauseEntry entry =
        hit.standing() == Standing.UNLISTED
            ? UnlistedClass.entry(hit.errorClass(), link, catalogue)
            : hit.entry();
    Confidence confidence =
        hit.standing() == Standing.DECLARED ? Confidence.HIGH : Confidence.MEDIUM;
    return among.test(entry) ? Match.of(entry, hit, confidence, link) : null;
  }

  private Match byWording(Link link, boolean user, Rank rank, Predicate<CauseEntry> among) {
    if (link.patterns == null) {
      return null;
    }
    for (int i = link.patterns.nextSetBit(0); i >= 0; i = link.patterns.nextSetBit(i + 1)) {
      CauseEntry entry = catalogue.pattern(i).entry();
      if (entry.user() == user
          && entry.rank() == rank
          && among.test(entry)
          && catalogue.pattern(i).test().matches(link.text)) {
        return Match.of(entry, null, Confidence.MEDIUM, link);
      }
    }
    return null;
  }

  /**
   * Whether an SQLSTATE is that of a wrapping class such as {@code STREAM_FAILED}, here or further
   * out: Spark prints it behind the wrapped message, and it says no more than the wrapper.
   */
  private static boolean isOfWrapper(String sqlstate, List<Link> chain, int at) {
    for (int i = at; sqlstate != null && i >= 0; i--) {
      ClassHit wrapper = chain.get(i).hit(false, Rank.WRAPPER);
      if (wrapper != null && sqlstate.equals(PublishedClasses.sqlstate(wrapper.errorClass()))) {
        return true;
      }
    }
    return false;
  }

  private Match bySqlstate(Link link, boolean user, Rank rank, Predicate<CauseEntry> among) {
    CauseEntry entry = link.sqlstate == null ? null : catalogue.bySqlstate(link.sqlstate);
    return entry != null && entry.user() == user && entry.rank() == rank && among.test(entry)
        ? Match.of(entry, null, Confidence.MEDIUM, link).by(link.sqlstate)
        : null;
  }

  /**
   * The entry of the code that says most; null if there is no code or only ones that mean "failed".
   */
  private CauseEntry byCode(FailureEvidence evidence) {
    CauseEntry code = catalogue.byCode(evidence.terminationCode());
    CauseEntry result = catalogue.byCode(evidence.result());
    if (result != null && (code == null || (code.ambiguous() && !result.ambiguous()))) {
      return result;
    }
    if (code != null) {
      return code;
    }
    CauseEntry type = catalogue.byCode(evidence.terminationType());
    if (isCode(evidence.terminationCode())) {
      return UnlistedClass.code(CauseCatalogue.normalCode(evidence.terminationCode()), type);
    }
    // The only life cycle that says why; INTERNAL_ERROR is what any exception in user code looks
    // like.
    boolean skipped = "SKIPPED".equalsIgnoreCase(evidence.lifeCycle());
    return type == null && skipped ? catalogue.byCode(evidence.lifeCycle()) : type;
  }

  private static boolean isCode(String text) {
    return text != null
        && !text.isBlank()
        && text.length() <= MAX_CODE_LENGTH
        && text.strip()
            .chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_'));
  }

  private static Diagnosis byCode(CauseEntry code, MessageShape shape) {
    return Diagnosis.of(
        code.key(),
        code.category(),
        code.transience(),
        code.title(),
        code.confidence(),
        shape.fingerprint(),
        code.hint());
  }

  private static Diagnosis unknown(List<Link> chain, MessageShape shape) {
    for (Link link : chain) {
      if (opensWithError(link.text)) {
        return unknown(Category.CODE, Transience.PERMANENT, null, shape);
      }
    }
    return unknown(Category.UNKNOWN, Transience.TRANSIENT, null, shape);
  }

  static Diagnosis unknown(
      Category category, Transience transience, String hint, MessageShape shape) {
    String slug = shape.slug();
    String key = UNKNOWN + slug + (slug.isEmpty() ? "" : "-") + shape.fingerprint();
    String title = shape.title().isEmpty() ? "Nothing is said" : shape.title();
    return Diagnosis.of(
        key, category, transience, title, Confidence.LOW, shape.fingerprint(), hint);
  }

  /** {@code some.package.NameError: …} or the name alone. */
  private static boolean opensWithError(String text) {
    int end = 0;
    while (end < text.length()
        && (Character.isJavaIdentifierPart(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    boolean closed = end == text.length() || text.charAt(end) == ':' || text.charAt(end) == '\n';
    return closed
        && (text.startsWith("Error", end - "Error".length())
            || text.startsWith("Exception", end - "Exception".length()));
  }

  /**
   * What the fingerprint is taken of: the deepest message that is whole; without any, the codes.
   */
  private static String shapeText(List<Link> chain, FailureEvidence evidence) {
    String text = null;
    for (int i = chain.size() - 1; i >= 0 && text == null; i--) {
      text = chain.get(i).cut ? null : firstLine(chain.get(i).text);
    }
    if (text == null && !chain.isEmpty()) {
      text = firstLine(chain.get(chain.size() - 1).text);
    }
    if (text != null) {
      return text;
    }
    String code = evidence.terminationCode();
    return code == null || code.isBlank() ? evidence.result() : code;
  }

  /** The first line, and the next one if the first only announces it. */
  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    while (end >= 0 && (end < MIN_SHAPE_LINE || text.charAt(end - 1) == ':')) {
      end = text.indexOf('\n', end + 1);
    }
    return end < 0 ? text : text.substring(0, end);
  }

  /**
   * Something recognised, and the link of the chain in which the particular table or module may be
   * named.
   */
  private record Match(
      CauseEntry entry, ClassHit hit, Confidence confidence, Link link, String sqlstate) {
    static Match of(CauseEntry entry, ClassHit hit, Confidence reached, Link link) {
      Confidence most = entry.confidence();
      return new Match(entry, hit, reached.compareTo(most) < 0 ? reached : most, link, null);
    }

    /** The SQLSTATE alone said so; its published meaning goes into the title. */
    Match by(String state) {
      return new Match(entry, hit, confidence, link, state);
    }

    private String title() {
      if (hit != null && hit.published() && hit.subClass() != null) {
        return PublishedClasses.title(hit.errorClass(), hit.subClass());
      }
      String title = entry.titleFor(link.text, hit == null ? null : hit.errorClass());
      String meaning = sqlstate == null ? null : SqlStates.meaning(sqlstate);
      return meaning == null ? title : title + ": " + meaning;
    }

    Diagnosis diagnosis(MessageShape shape) {
      return Diagnosis.of(
          entry.keyFor(hit == null ? null : hit.errorClass()),
          entry.category(),
          entry.transience(),
          title(),
          confidence,
          shape.fingerprint(),
          entry.hint());
    }
  }
}
