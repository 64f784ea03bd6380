package io.mendline.processors.regression;

import io.mendline.schemas.FindingKind;

/** What a series is of, by the type of its resource. */
public enum SeriesType {
  /** The share of prompt tokens that a service's calls to a model read from the cache. */
  CACHE_SCOPE(FindingKind.CACHE_REGRESSION),
  /** The value of a metric of a scope. */
  METRIC(FindingKind.METRIC_REGRESSION);

  private final FindingKind kind;

  SeriesType(FindingKind kind) {
    this.kind = kind;
  }

  /** What its regressions are told as. */
  FindingKind kind() {
    return kind;
  }
}
