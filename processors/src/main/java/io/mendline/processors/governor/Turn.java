package io.mendline.processors.governor;

/**
 * A waiting command's place among those that wait.
 *
 * @param lane the dataset and layer of a backfill; null for all else
 * @param date the day of the partition that a backfill is of; empty for all else
 */
record Turn(String lane, String date, String commandId) implements Comparable<Turn> {
  @Override
  public int compareTo(Turn other) {
    int byDate = date.compareTo(other.date);
    return byDate != 0 ? byDate : commandId.compareTo(other.commandId);
  }
}
