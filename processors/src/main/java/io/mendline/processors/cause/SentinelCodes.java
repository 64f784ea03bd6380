package io.mendline.processors.cause;

import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import java.util.Locale;

/**
 * Why Microsoft Sentinel could not run a rule, a connector, an automation or a playbook, by its
 * issue codes and its descriptions. The knowledge is in the cause catalogue, under keys that begin
 * with {@code sentinel/}; a user's entries go first here too.
 *
 * <p>Codes are taken in both styles, {@code QUERY_TIMEOUT} of the older documentation, misspellings
 * included, and {@code QueryTimeout} of live data. What is not known is transient with low
 * confidence: the documentation counts "any unknown failure" among the transient ones. Pure and
 * safe to share between threads.
 */
public final class SentinelCodes {
  private static final String PREFIX = "sentinel/";
  private static final int MAX_KEY = 60;

  private final RootCauseClassifier classifier;

  public SentinelCodes(CauseCatalogue catalogue) {
    this.classifier = new RootCauseClassifier(catalogue);
  }

  /**
   * The first of these that says why: the code, the text by the words of Sentinel's documentation,
   * the text as any other error message, the code as a name.
   *
   * @param code an issue or reason code; null or blank if there is none
   * @param text the record's description or the issue's; null or blank if there is none
   */
  public Diagnosis classify(String code, String text) {
    String words = text == null ? "" : text;
    CauseEntry listed = isBlank(code) ? null : classifier.catalogue().bySentinelCode(code);
    MessageShape shape = MessageShape.of(isBlank(words) ? code : words);
    if (listed != null) {
      return Diagnosis.of(
          listed.key(),
          listed.category(),
          listed.transience(),
          listed.title(),
          listed.confidence(),
          shape.fingerprint(),
          listed.hint());
    }
    // The reason field may hold a sentence instead of a code.
    for (String sentence : new String[] {code, words}) {
      Diagnosis known = isBlank(sentence) ? null : bySentence(sentence);
      if (known != null) {
        return known;
      }
    }
    String name = isBlank(code) || code.length() > MAX_KEY ? "" : kebab(code.strip());
    if (name.isEmpty() || code.strip().indexOf(' ') >= 0) {
      return RootCauseClassifier.unknown(Category.UNKNOWN, Transience.TRANSIENT, null, shape);
    }
    return Diagnosis.of(
        PREFIX + name,
        Category.UNKNOWN,
        Transience.TRANSIENT,
        isBlank(words) ? "Sentinel reports " + code.strip() : shape.title(),
        Confidence.LOW,
        shape.fingerprint(),
        null);
  }

  private Diagnosis bySentence(String sentence) {
    Diagnosis own = classifier.classifyText(sentence, entry -> entry.key().startsWith(PREFIX));
    return own != null ? own : classifier.classifyText(sentence, entry -> true);
  }

  private static boolean isBlank(String text) {
    return text == null || text.isBlank();
  }

  /** {@code QueryTimeout} and {@code QUERY_TIMEOUT} both become {@code query-timeout}. */
  private static String kebab(String code) {
    StringBuilder out = new StringBuilder(code.length() + 4);
    boolean gap = false;
    for (int i = 0; i < code.length(); i++) {
      char c = code.charAt(i);
      boolean letter = c < 128 && Character.isLetterOrDigit(c);
      boolean hump = i > 0 && Character.isUpperCase(c) && Character.isLowerCase(code.charAt(i - 1));
      gap |= hump || !letter;
      if (letter) {
        out.append(gap && !out.isEmpty() ? "-" : "").append(c);
        gap = false;
      }
    }
    return out.toString().toLowerCase(Locale.ROOT);
  }
}
