/**
 * Regressions of caches and metrics: when a value gets worse and stays so, since when, by how much,
 * and which change most likely did it.
 *
 * <p>The way of a message: a detector ({@link
 * io.mendline.processors.regression.CacheRegressionDetector}, {@link
 * io.mendline.processors.regression.MetricRegressionDetector}) counts it in an open bin of event
 * time ({@link io.mendline.processors.regression.OpenBin}) of its series' state ({@link
 * io.mendline.processors.regression.SeriesState}). When the watermark has passed the bin, {@link
 * io.mendline.processors.regression.SeriesJudgement} closes it; {@link
 * io.mendline.processors.regression.TransitionFit} finds a change of level in the series, {@link
 * io.mendline.processors.regression.RegressionWatch} decides what becomes of it, and {@link
 * io.mendline.processors.regression.Blame} ranks the changes around it.
 */
package io.mendline.processors.regression;
