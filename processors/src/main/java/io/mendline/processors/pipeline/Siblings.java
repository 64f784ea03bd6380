package io.mendline.processors.pipeline;

import java.util.List;

/**
 * The jobs that are likely to fail next where one has failed for a lasting cause in its code or
 * configuration.
 *
 * @param named the closest first, at most {@value #MOST_NAMED}
 * @param others how many more there are, as far as they are known
 */
public record Siblings(List<Sibling> named, int others) {
  /** So many are named. */
  public static final int MOST_NAMED = 10;

  /** None. */
  public static final Siblings NONE = new Siblings(List.of(), 0);

  /** Takes a copy of the list. */
  public Siblings {
    named = List.copyOf(named);
  }

  /**
   * One of them.
   *
   * @param jobId its id
   * @param name its name; nullable
   * @param likenesses what it has in common with the job that failed, the closest first; never
   *     empty
   */
  public record Sibling(String jobId, String name, List<Likeness> likenesses) {
    /** Takes a copy of the list. */
    public Sibling {
      likenesses = List.copyOf(likenesses);
    }
  }
}
