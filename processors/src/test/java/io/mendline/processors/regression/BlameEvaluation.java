package io.mendline.processors.regression;

import io.mendline.processors.regression.MadeUpFall.Beside;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Suspect;

/** How often the right change is named first, and how often one is named where none is right. */
final class BlameEvaluation {
  private BlameEvaluation() {}

  /**
   * What came of a number of falls.
   *
   * @param cases how many
   * @param named of how many some change is named
   * @param far of how many the first that is named lies two hours before the fall or more, or one
   *     after it
   * @param right of how many the right one is named first
   * @param clear of how many the first is clear, so that undoing it is proposed
   * @param wronglyClear of how many the first is clear and not the right one
   */
  record Score(int cases, int named, int far, int right, int clear, int wronglyClear) {}

  static Score of(long seed, int cases, boolean caused, Beside beside) {
    int named = 0;
    int far = 0;
    int right = 0;
    int clear = 0;
    int wronglyClear = 0;
    for (int i = 0; i < cases; i++) {
      MadeUpFall fall = MadeUpFall.of(seed + i, caused, beside);
      Finding finding = fall.finding();
      boolean any = !finding.getSuspects().isEmpty();
      boolean first = any && finding.getSuspects().get(0).getChangeId().equals(fall.right());
      boolean isClear = Boolean.parseBoolean(finding.getAttributes().get("suspectClear"));
      named += any ? 1 : 0;
      far += any && isFar(finding.getSuspects().get(0), fall.fall()) ? 1 : 0;
      right += first ? 1 : 0;
      clear += isClear ? 1 : 0;
      wronglyClear += isClear && !first ? 1 : 0;
    }
    return new Score(cases, named, far, right, clear, wronglyClear);
  }

  private static boolean isFar(Suspect suspect, long fall) {
    long off = suspect.getAt().toEpochMilli() - fall;
    return off < -2 * Scope.HOUR || off > Scope.HOUR;
  }

  /** Prints the table of the document: the first seed and the number of cases of each row. */
  public static void main(String[] arguments) {
    long seed = Long.parseLong(arguments[0]);
    int cases = Integer.parseInt(arguments[1]);
    System.out.println(
        "| caused | beside | cases | named | far off | right first | clear | wrongly clear |");
    for (boolean caused : new boolean[] {true, false}) {
      for (Beside beside : Beside.values()) {
        Score score = of(seed, cases, caused, beside);
        System.out.printf(
            "| %s | %s | %d | %d | %d | %d | %d | %d |%n",
            caused,
            beside,
            score.cases(),
            score.named(),
            score.far(),
            score.right(),
            score.clear(),
            score.wronglyClear());
      }
    }
  }
}
