package io.mendline.processors.pipeline;

/**
 * A time in which a data connector brought no data, as far as its workspace's records tell.
 *
 * @param id the connector
 * @param name a name for people; null where no record gave one
 * @param state what is known of it in that time
 * @param since from when on, epoch milliseconds: of a failing connector the first failure, to the
 *     minute; of a silent one the end of the hour in which it was heard last
 * @param until the hour in which it worked or was heard again, epoch milliseconds; {@link #STILL}
 *     where it did not
 */
public record ConnectorTrouble(String id, String name, State state, long since, long until) {
  /** It is no better by the end of the time that was asked for. */
  public static final long STILL = Long.MAX_VALUE;

  /** What is known of a connector in trouble. */
  public enum State {
    /** It says that it fails. */
    FAILING,
    /** It said how it is at an hour's pace, and says nothing any more. */
    SILENT
  }
}
