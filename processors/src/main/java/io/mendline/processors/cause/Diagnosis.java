package io.mendline.processors.cause;

import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;

/**
 * Why something failed, as far as the evidence says.
 *
 * @param key stable name of the cause, such as {@code spark/TABLE_OR_VIEW_NOT_FOUND}; for what no
 *     rule knows {@code unknown/<words>-<fingerprint>}. Names of tables, modules and the like are
 *     never part of it
 * @param category what kind of thing has to change
 * @param transience whether the same work may succeed later with nothing changed
 * @param title one line for people; may end in the particular table, module or setting
 * @param confidence HIGH: a code or an error class said so; MEDIUM: the wording did; LOW: neither,
 *     or evidence is missing
 * @param fingerprint 16 hexadecimal digits; equal for messages of one shape, known cause or not
 * @param hint the known fix; null if there is none
 * @param doomedRetry whether to run the same again is known to fail again
 */
public record Diagnosis(
    String key,
    Category category,
    Transience transience,
    String title,
    Confidence confidence,
    String fingerprint,
    String hint,
    boolean doomedRetry) {

  /**
   * The only way to make one: says in one place when a retry is doomed, namely when the cause is
   * permanent, believed, and not somebody's own wish.
   */
  static Diagnosis of(
      String key,
      Category category,
      Transience transience,
      String title,
      Confidence confidence,
      String fingerprint,
      String hint) {
    boolean doomed =
        transience == Transience.PERMANENT
            && confidence != Confidence.LOW
            && category != Category.CANCELLED;
    return new Diagnosis(key, category, transience, title, confidence, fingerprint, hint, doomed);
  }
}
