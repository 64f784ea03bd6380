package io.mendline.processors.sentinel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The state of one rule: its windows in trouble, and the successes of the last hours, which may
 * turn out to belong to a window whose trouble is heard of later.
 */
public final class RuleWindows {
  private final NavigableMap<WindowKey, TroubledWindow> troubled = new TreeMap<>();
  private final List<RunFact> runs;
  private long dropped;

  RuleWindows() {
    this(List.of(), List.of(), 0);
  }

  RuleWindows(Collection<TroubledWindow> troubled, List<RunFact> runs, long dropped) {
    troubled.forEach(window -> this.troubled.put(window.key(), window));
    this.runs = new ArrayList<>(runs);
    this.dropped = dropped;
  }

  /** Windows in trouble by their key. */
  NavigableMap<WindowKey, TroubledWindow> troubled() {
    return troubled;
  }

  /** Records of runs that looked at their window's data, oldest first. */
  List<RunFact> runs() {
    return runs;
  }

  /** Keeps such a record. */
  void keepRun(RunFact fact) {
    int at = Collections.binarySearch(runs, fact, RunFact.ORDER);
    if (at < 0) {
      runs.add(-at - 1, runs.isEmpty() ? fact : fact.sharing(runs.get(0)));
    }
  }

  /** How much was dropped because a bound was reached. */
  long dropped() {
    return dropped;
  }

  /** Counts one more. */
  void drop() {
    dropped++;
  }

  boolean isEmpty() {
    return troubled.isEmpty() && runs.isEmpty();
  }
}
