package io.mendline.processors.pipeline;

import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import java.time.Instant;
import java.util.List;

/** What all makers of findings share. */
public final class Findings {
  /** At most so many pieces of evidence are carried; the earliest are kept. */
  public static final int EVIDENCE_LIMIT = 10;

  private Findings() {}

  /**
   * The id of a finding: a digest of its kind, its resource, and whatever tells two findings of one
   * kind on one resource apart, as a run's id or a window's start.
   */
  public static String id(FindingKind kind, String route, String resourceId, Object what) {
    return Ids.digest(kind, route, resourceId, what);
  }

  /**
   * A finding with its id, kind, resource, owner and detection time; the rest is for the detector.
   */
  public static Finding.Builder begin(
      String id, FindingKind kind, Subject subject, long occurredAt, View view) {
    Finding.Builder finding =
        Finding.newBuilder()
            .setId(id)
            .setKind(kind)
            .setResource(subject.toResource())
            .setOccurredAt(Instant.ofEpochMilli(occurredAt))
            .setDetectedAt(Instant.ofEpochMilli(Math.max(view.clock(), occurredAt)));
    Policy.Owner owner = view.policy(occurredAt).owner(subject.type().name(), subject.id());
    if (owner != null) {
      finding.setOwner(owner.owner()).setTier(owner.tier());
    }
    return finding;
  }

  /** One piece of evidence; {@code ref} is the source's own reference, null where it has none. */
  public static Evidence evidence(Coordinates at, String ref) {
    return Evidence.newBuilder()
        .setTopic(at.topic())
        .setPartition(at.partition())
        .setOffset(at.offset())
        .setRef(ref)
        .build();
  }

  /** Cuts evidence to {@link #EVIDENCE_LIMIT}. */
  public static List<Evidence> limited(List<Evidence> evidence) {
    return evidence.size() <= EVIDENCE_LIMIT
        ? evidence
        : List.copyOf(evidence.subList(0, EVIDENCE_LIMIT));
  }
}
