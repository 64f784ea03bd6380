package io.mendline.processors.sentinel;

/**
 * Neighbouring windows of a rule of which the same is known. Instants and lengths are in seconds.
 *
 * @param firstEnd end of the first window, seconds since 1970
 * @param step how long a window is, and how far apart they are; 0 where that is not known
 * @param count how many windows, at least one
 * @param look how far back from its end a run over such a window looked; 0 where that is not known
 * @param status what is known of each of them
 * @param logged whether a record speaks of them
 */
public record Stretch(
    long firstEnd, long step, int count, long look, WindowStatus status, boolean logged) {
  /** Start of the first window, seconds since 1970. */
  public long start() {
    return firstEnd - step;
  }

  /** End of the last window, seconds since 1970. */
  public long end() {
    return firstEnd + (count - 1) * step;
  }

  /** Whether this one's first window follows the other's last, with no window between. */
  boolean follows(Stretch before) {
    long apart = firstEnd - before.end();
    long usual = Math.max(step, before.step);
    return apart > 0 && 2 * apart < 3 * usual;
  }

  /** Whether both together are one stretch. */
  boolean continues(Stretch before) {
    return status == before.status
        && logged == before.logged
        && step == before.step
        && look == before.look
        && step > 0
        && firstEnd - before.end() == step;
  }

  /** This one with that many more windows at its end. */
  Stretch longerBy(int windows) {
    return new Stretch(firstEnd, step, count + windows, look, status, logged);
  }

  /** Adds the time of the windows. */
  void addTimeTo(Spans time) {
    time.add(start(), end());
  }

  /** Adds the time that the runs over these windows looked at; nothing where they did not run. */
  void addSeenTo(Spans seen) {
    if (!status.ran()) {
      return;
    }
    long back = Math.max(look, 1);
    if (back >= step) {
      seen.add(firstEnd - back, end());
      return;
    }
    for (int i = 0; i < count; i++) {
      long at = firstEnd + i * step;
      seen.add(at - back, at);
    }
  }
}
