package io.mendline.benchmarks;

import io.mendline.schemas.Finding;
import io.mendline.schemas.Suspect;
import java.util.List;
import java.util.Locale;

/** How often the right change was named of falls that were found. */
final class BlameScore {
  private static final long HOUR = 3_600_000;

  private int falls;
  private int named;
  private int far;
  private int right;
  private int clear;
  private int wronglyClear;

  /**
   * Counts one fall that was found.
   *
   * @param rightId the change that it came from; null where it came from none
   * @param onset when it really began, epoch milliseconds
   */
  void add(Finding finding, String rightId, long onset) {
    List<Suspect> suspects = finding.getSuspects();
    boolean first = !suspects.isEmpty() && suspects.get(0).getChangeId().equals(rightId);
    boolean isClear = Boolean.parseBoolean(finding.getAttributes().get("suspectClear"));
    falls++;
    named += suspects.isEmpty() ? 0 : 1;
    far += !suspects.isEmpty() && isFar(suspects.get(0).getAt().toEpochMilli() - onset) ? 1 : 0;
    right += first ? 1 : 0;
    clear += isClear ? 1 : 0;
    wronglyClear += isClear && !first ? 1 : 0;
  }

  /** Nobody would look at it, if it were known when the fall began. */
  private static boolean isFar(long off) {
    return off < -2 * HOUR || off > HOUR;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%d | %d | %d | %d | %d | %d", falls, named, far, right, clear, wronglyClear);
  }
}
