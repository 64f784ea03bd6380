package io.mendline.processors.pipeline;

import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.List;

/** What detectors share that tell people something which is no finding. */
public final class Alerts {
  private Alerts() {}

  /**
   * A notice of a detector: of no incident and no finding, and with nothing to be done about it;
   * the rest is for the detector.
   *
   * @param id the same as long as it is the same notice
   * @param at logical time, epoch milliseconds
   */
  public static Alert.Builder notice(String id, Subject subject, long at, Policy policy) {
    Policy.Owner owner = policy.owner(subject.type().name(), subject.id());
    return Alert.newBuilder()
        .setId(id)
        .setKind(AlertKind.NOTICE)
        .setTrigger(AlertTrigger.NONE)
        .setSeverity(Severity.LOW)
        .setEscalateTo(policy.escalateTo(subject.type().name(), subject.id()))
        .setOwner(owner == null ? null : owner.owner())
        .setResource(subject.toResource())
        .setIncidentId(null)
        .setFindingIds(List.of())
        .setLinks(List.of())
        .setAt(Instant.ofEpochMilli(at));
  }
}
