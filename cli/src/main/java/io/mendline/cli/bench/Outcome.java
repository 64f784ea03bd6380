package io.mendline.cli.bench;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What was measured of one scenario at one number of resources.
 *
 * @param scenario which
 * @param runs each measured run
 * @param upkeep what only the service has; null for the others
 */
record Outcome(Scenario scenario, List<Run> runs, Upkeep upkeep) {
  /**
   * One run.
   *
   * @param eventsPerSecond records of telemetry that were dealt with to the end
   * @param cpuSecondsPerMillion processor time of the measured process for a million of them
   * @param rssBytes its resident memory at the end, -1 where the system does not tell
   * @param heapBytes what is left on its heap after a collection
   * @param changelogBytesPerEvent written to the changelogs, as compressed there; 0 without stores
   */
  record Run(
      double eventsPerSecond,
      double cpuSecondsPerMillion,
      long rssBytes,
      long heapBytes,
      double changelogBytesPerEvent) {}

  /**
   * What is measured once.
   *
   * @param restoreMillis from the start, without local state, until all of it is restored
   * @param latency milliseconds from the append of a message to when a consumer that reads only
   *     what is committed has the finding
   * @param eventsPerSecond at which load that was
   */
  record Upkeep(double restoreMillis, Quantiles latency, int findings, double eventsPerSecond) {}

  double eventsPerSecond() {
    return median(runs.stream().map(Run::eventsPerSecond).toList());
  }

  double cpuSecondsPerMillion() {
    return median(runs.stream().map(Run::cpuSecondsPerMillion).toList());
  }

  double rssBytes() {
    return median(runs.stream().map(Run::rssBytes).toList());
  }

  double heapBytes() {
    return median(runs.stream().map(Run::heapBytes).toList());
  }

  double changelogBytesPerEvent() {
    return median(runs.stream().map(Run::changelogBytesPerEvent).toList());
  }

  private static double median(List<? extends Number> values) {
    return Quantiles.of(values).median();
  }

  /** How its rate compares with another's; empty where that was not measured. */
  OptionalDouble ratioTo(Outcome other) {
    return other == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(eventsPerSecond() / other.eventsPerSecond());
  }
}
