/**
 * Regressions of caches: when the share of prompt tokens read from a provider's cache falls and
 * stays low, since when, by how much, and which change most likely did it.
 *
 * <p>Four parts, each testable by itself: event-time bins with de-duplication ({@link
 * io.mendline.processors.regression.OpenBin}, {@link io.mendline.processors.regression.Bin}); the
 * judgement of a series of bins ({@link io.mendline.processors.regression.RegressionMethod}); the
 * ranking of changes ({@link io.mendline.processors.regression.Blame}); and the detector that keeps
 * the state and puts findings out ({@link
 * io.mendline.processors.regression.CacheRegressionDetector}).
 */
package io.mendline.processors.regression;
