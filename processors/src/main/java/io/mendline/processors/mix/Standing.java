package io.mendline.processors.mix;

/**
 * A shift that the service's share has not come back from.
 *
 * @param shift the last one
 * @param firstOnset when the first of them began, epoch milliseconds; further ones may come on top
 * @param firstBefore the share before it, to come back to
 * @param told whether people were told; else it waits until it is known not to be a weekend
 */
record Standing(Shift shift, long firstOnset, double firstBefore, boolean told) {
  static Standing first(Shift shift) {
    return new Standing(shift, shift.onset(), shift.before(), shift.weekKnown());
  }

  Standing toldNow() {
    return new Standing(shift, firstOnset, firstBefore, true);
  }

  Standing deeper(Shift next) {
    return new Standing(next, firstOnset, firstBefore, true);
  }
}
