package io.mendline.processors.sentinel;

/**
 * What tells one window of a rule from another, to the second.
 *
 * @param byRunTime false: {@code second} is the start of the window. True: the start is not known,
 *     as neither the window nor the rule's frequency was told, and {@code second} is the time of
 *     the run, which is the window's end
 * @param second seconds since 1970
 */
record WindowKey(boolean byRunTime, long second) implements Comparable<WindowKey> {
  static WindowKey ofStart(long millis) {
    return new WindowKey(false, Math.floorDiv(millis, 1_000L));
  }

  static WindowKey ofRunTime(long millis) {
    return new WindowKey(true, Math.floorDiv(millis, 1_000L));
  }

  /** The start or the run time, epoch milliseconds. */
  long millis() {
    return second * 1_000L;
  }

  @Override
  public int compareTo(WindowKey other) {
    int bySecond = Long.compare(second, other.second);
    return bySecond != 0 ? bySecond : Boolean.compare(byRunTime, other.byRunTime);
  }

  /** What goes into the finding's id. */
  @Override
  public String toString() {
    return (byRunTime ? "run@" : "start@") + second;
  }
}
