/**
 * Telemetry made up from a seed, in the sources' own shapes, for tests, benchmarks and trials.
 *
 * <p>Every rule, job, cache and service has a script ({@code Script}) whose decisions are drawn by
 * hashing the seed, whom they are about, and which window, run or roll-up it is. So what happens is
 * known without playing it: {@link io.mendline.cli.sample.TelemetryGenerator#expected()} asks the
 * scripts what has to be found, and no detector has a part in it.
 */
package io.mendline.cli.sample;
