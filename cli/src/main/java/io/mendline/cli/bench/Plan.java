package io.mendline.cli.bench;

import io.mendline.cli.sample.SteadyTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What to measure.
 *
 * @param events records of telemetry in each run; a multiple of {@link SteadyTelemetry#BLOCK}
 * @param resources how many resources they are about, one measurement after the other
 * @param scenarios which scenarios
 * @param warmUps runs of each that are not measured: the compiler is busy with the service for a
 *     minute or two
 * @param repeats measured runs of each
 * @param halfLoad for how long latency is measured
 * @param stores {@code rocksdb} or {@code memory}
 * @param javaOptions more options for the measured processes
 */
record Plan(
    int events,
    List<Integer> resources,
    Set<Scenario> scenarios,
    int warmUps,
    int repeats,
    Duration halfLoad,
    String stores,
    List<String> javaOptions) {

  /** In how many blocks the telemetry of a run comes. */
  int blocks() {
    return events / SteadyTelemetry.BLOCK;
  }
}
