package io.mendline.benchmarks;

import io.mendline.schemas.Finding;
import io.mendline.schemas.Suspect;
import java.util.List;
import java.util.Locale;

/** How often the right change was named of falls that were found. */
final class BlameScore {
  private int falls;
  private int named;
  private int right;
  private int clear;
  private int wronglyClear;

  /**
   * Counts one fall that was found.
   *
   * @param rightId the change that it came from; null where it came from none
   */
  void add(Finding finding, String rightId) {
    List<Suspect> suspects = finding.getSuspects();
    boolean first = !suspects.isEmpty() && suspects.get(0).getChangeId().equals(rightId);
    boolean isClear = Boolean.parseBoolean(finding.getAttributes().get("suspectClear"));
    falls++;
    named += suspects.isEmpty() ? 0 : 1;
    right += first ? 1 : 0;
    clear += isClear ? 1 : 0;
    wronglyClear += isClear && !first ? 1 : 0;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d | %d | %d | %d | %d", falls, named, right, clear, wronglyClear);
  }
}
