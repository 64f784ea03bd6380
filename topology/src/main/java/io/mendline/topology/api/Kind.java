package io.mendline.topology.api;

import io.mendline.processors.engine.Pipeline;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be asked of a partition, and the stores that know. */
enum Kind {
  /** Incidents, the newest first. */
  INCIDENTS(Pipeline.INCIDENTS),
  /** The findings that incidents are about, the newest first. */
  FINDINGS(Pipeline.INCIDENTS),
  /** One incident, by {@code id}. */
  INCIDENT(Pipeline.INCIDENTS),
  /** All incidents of one resource, by {@code type} and {@code id}. */
  RESOURCE(Pipeline.INCIDENTS),
  /** Why things failed: a row for each cause on each route. */
  CAUSES(Pipeline.RECURRENCE),
  /** Analytics rules of Sentinel, by workspace. */
  SENTINEL_RULES(Pipeline.SENTINEL),
  /** The windows of one rule, by {@code id}, the newest first. */
  SENTINEL_WINDOWS(Pipeline.SENTINEL),
  /** Windows of rules that were skipped one after the other, the newest first. */
  SENTINEL_GAPS(Pipeline.SENTINEL),
  /** How much the rules of a workspace have looked at, by workspace. */
  SENTINEL_COVERAGE(Pipeline.SENTINEL, Pipeline.ROUTES),
  /** How far sources have come, and when routes were heard. */
  PROGRESS(Pipeline.ROUTES),
  /** The newest event of each partition of the input topics. */
  INPUTS(Pipeline.INGEST),
  /** Databricks jobs, by workspace. */
  JOBS(Pipeline.RUNS),
  /** One job, by {@code workspace} and {@code id}, with its runs. */
  JOB(Pipeline.RUNS),
  /** Partitions of datasets, the oldest first. */
  DATASET_PARTITIONS(Pipeline.RUNS),
  /** Caches and metrics that are judged as series, by id. */
  SERIES(Pipeline.REGRESSION, Pipeline.CAPACITY),
  /** One series, by {@code type} and {@code id}, with its bins. */
  ONE_SERIES(Pipeline.REGRESSION, Pipeline.CAPACITY, Pipeline.ROUTES),
  /** Regressions of series, the newest onset first. */
  REGRESSIONS(Pipeline.REGRESSION, Pipeline.CAPACITY),
  /** Commands, the last changed first. */
  COMMANDS(Pipeline.GOVERNOR),
  /** Backfills of partitions, the last changed first. */
  BACKFILLS(Pipeline.GOVERNOR);

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> stores;

  Kind(String... stores) {
    this.stores = List.of(stores);
  }

  /** The store that is asked first; the others lie with it, partition by partition. */
  String store() {
    return stores.get(0);
  }

  /** All stores that are asked. */
  List<String> stores() {
    return stores;
  }

  /** As in the address that instances ask each other at. */
  String path() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Kind> of(String path) {
    return Arrays.stream(values()).filter(kind -> kind.path().equals(path)).findFirst();
  }
}
