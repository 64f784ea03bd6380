package io.mendline.processors.sentinel;

import io.mendline.schemas.Confidence;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Transience;

/**
 * Why a run failed, as its record tells.
 *
 * @param key stable key of the cause
 * @param category what kind of thing has to change
 * @param transience whether the same run may succeed later with nothing changed
 * @param title the cause in a few words
 * @param hint what usually helps; nullable
 * @param confidence how sure that is: HIGH by a code, MEDIUM by wording, LOW where nothing says
 */
record Cause(
    String key,
    String category,
    Transience transience,
    String title,
    String hint,
    Confidence confidence) {

  /** The cause in the words of the contract. */
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
