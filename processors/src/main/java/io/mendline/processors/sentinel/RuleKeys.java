package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.function.Predicate;

/** Finds the rule that a message is about, for those who judge rules by their runs and changes. */
final class RuleKeys {
  private RuleKeys() {}

  /**
   * The rule of a change, or of a health record that is looked at; null for all else.
   *
   * @param looksAt which health records are looked at
   */
  static StateKey of(Message message, Predicate<SentinelHealth> looksAt) {
    if (!(message instanceof Signal signal)
        || !(signal.payload() instanceof Payload.Observed observed)) {
      return null;
    }
    if (observed.record() instanceof RuleChange change) {
      return new StateKey(signal.route(), change.ruleId());
    }
    return observed.record() instanceof SentinelHealth row && looksAt.test(row)
        ? new StateKey(signal.route(), row.resourceId())
        : null;
  }

  static boolean isOfRule(SentinelHealth row) {
    return row.resourceType() == SentinelHealth.ResourceType.ANALYTICS_RULE;
  }
}
