package io.mendline.processors.pipeline;

/**
 * How often trying again has helped against one cause: counted, not learned.
 *
 * @param tried how often runs that had failed for it were tried again, by whomever
 * @param worked how many of these tries ended well
 */
public record RepairOdds(int tried, int worked) {
  /** Of a cause for which nothing was tried. */
  public static final RepairOdds NONE = new RepairOdds(0, 0);

  /** Fewer tries than these condemn nothing. */
  private static final int ENOUGH = 10;

  /** One in so many has to work for another to be worth it. */
  private static final int WORTH_IT = 10;

  /** Whether too few of enough tries have worked for another to be worth it. */
  public boolean isDoomed() {
    return tried >= ENOUGH && worked * WORTH_IT < tried;
  }

  /** In words; null where nothing was tried. */
  public String text() {
    return tried == 0
        ? null
        : "trying again worked " + worked + " of " + tried + " times for this cause";
  }
}
