package io.mendline.processors.runs;

/** How a job is, in one word: of what holds, the first. */
public enum JobHealth {
  /** The last run to end has failed. */
  FAILING,
  /** A run that was expected did not start, and nothing has made good for it. */
  MISSED,
  /** A run does not end. */
  STUCK,
  /** Its runs have become slow. */
  SLOW,
  /** The platform has not started a run, and no later one has gone well. */
  SKIPPED,
  /** The last run to end has gone well. */
  HEALTHY,
  /** No end of a run is known. */
  UNKNOWN
}
