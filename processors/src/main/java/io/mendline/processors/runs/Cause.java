package io.mendline.processors.runs;

import io.mendline.processors.cause.Diagnosis;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Transience;

/**
 * Why a fact says that a run failed: the part of a diagnosis that a finding shows, as it is kept.
 *
 * @param key stable name of the cause
 * @param category what kind of thing has to change, lower-case
 * @param transience whether the same work may succeed later with nothing changed
 * @param title one line for people
 * @param hint the known fix; nullable
 * @param confidence how sure the diagnosis is
 */
record Cause(
    String key,
    String category,
    Transience transience,
    String title,
    String hint,
    Confidence confidence) {

  private static final String UNKNOWN = "unknown/";

  static Cause of(Diagnosis diagnosis) {
    return new Cause(
        diagnosis.key(),
        diagnosis.category().id(),
        diagnosis.transience(),
        diagnosis.title(),
        diagnosis.hint(),
        diagnosis.confidence());
  }

  /** Whether a rule knows it; otherwise the key is made of the shape of the message. */
  boolean known() {
    return !key.startsWith(UNKNOWN);
  }

  /** The same in the words of the contract. */
  RootCause toRootCause() {
    return RootCause.newBuilder()
        .setKey(key)
        .setCategory(category)
        .setTransience(transience)
        .setTitle(title)
        .setHint(hint)
        .build();
  }
}
