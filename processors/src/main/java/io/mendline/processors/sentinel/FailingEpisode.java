package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Transience;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An unbroken row of failures of one resource: what was gathered of it, and what was told. It is
 * made by judging facts in order, so it is a function of their set.
 */
final class FailingEpisode {
  /** Of equally sure causes the one that does not pass by itself: it is what has to be mended. */
  private static final Comparator<Cause> BEST =
      Causes.BEST.thenComparing(cause -> cause.transience() != Transience.PERMANENT);

  /** More issue codes than this are not kept of one episode. */
  static final int MAX_CODES = 16;

  final long since;
  long raisedAt = HealthState.NEVER;
  long clearedAt = HealthState.NEVER;
  int revision;
  long failures;
  long partialSuccesses;
  long throttled;
  SentinelHealth.Status lastStatus;
  long lastAt;
  Subject subject;
  Cause cause;
  String message;
  long messageAt;
  final List<String> codes = new ArrayList<>();
  final List<Sighting> sightings = new ArrayList<>();

  /**
   * An episode of which nothing is gathered yet.
   *
   * @param since event time of its first failure, epoch milliseconds
   */
  FailingEpisode(long since) {
    this.since = since;
  }

  /** Where a fact was read, with its identity and the source's own number for it, nullable. */
  record Sighting(long contentId, Coordinates at, String ref) {}

  /** Whether a finding was put out. */
  boolean raised() {
    return raisedAt != HealthState.NEVER;
  }

  /** How many failures it is made of, whatever their status. */
  long count() {
    return failures + partialSuccesses;
  }

  /**
   * Adds a failure.
   *
   * @return whether that is worth telling again: something new is known, or the failures have
   *     doubled
   */
  boolean fail(HealthFact fact) {
    if (knows(fact)) {
      return false;
    }
    boolean partial = fact.status() == SentinelHealth.Status.PARTIAL_SUCCESS;
    failures += partial ? 0 : 1;
    partialSuccesses += partial ? 1 : 0;
    throttled += fact.throttled() ? 1 : 0;
    boolean news = enrich(fact);
    news |= fact.status() != lastStatus;
    lastStatus = fact.status();
    lastAt = fact.time();
    subject = fact.subject();
    // A connector that fails for a month says so every hour, and nobody reads it every hour.
    return news || Long.bitCount(count()) == 1;
  }

  /**
   * Adds what a fact knows about the failure.
   *
   * @return whether it named a code that was new, or a cause that says more
   */
  boolean enrich(HealthFact fact) {
    if (sightings.size() < Findings.EVIDENCE_LIMIT && !knows(fact)) {
      sightings.add(new Sighting(fact.contentId(), fact.at(), fact.ref()));
    }
    boolean news = false;
    for (String code : fact.codes()) {
      if (codes.size() < MAX_CODES && !codes.contains(code)) {
        codes.add(code);
        news = true;
      }
    }
    if (fact.cause() != null && (cause == null || BEST.compare(fact.cause(), cause) < 0)) {
      cause = fact.cause();
      news = true;
    }
    if (fact.message() != null && (message == null || fact.time() >= messageAt)) {
      message = fact.message();
      messageAt = fact.time();
    }
    return news;
  }

  /** One run may be told twice at times that differ a little; the first ones are known by it. */
  private boolean knows(HealthFact fact) {
    for (Sighting sighting : sightings) {
      if (sighting.contentId() == fact.contentId()) {
        return true;
      }
    }
    return false;
  }
}
