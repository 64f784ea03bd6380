package io.mendline.processors.remediation;

import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.processors.pipeline.RuleProfile.Standing;

/**
 * What is known beside the trouble itself when the next step is decided.
 *
 * @param standing whether the rule in trouble is there and switched on; UNKNOWN of all else
 * @param fix what a person says has mended the cause; null while nobody does
 * @param repairs how often trying again has helped against the cause
 * @param upstreamMended whether a policy says that the job in trouble hangs on another one, which
 *     had failed before it and has succeeded since
 */
public record Known(Standing standing, String fix, RepairOdds repairs, boolean upstreamMended) {
  /** Nothing. */
  public static final Known NOTHING = new Known(Standing.UNKNOWN, null, RepairOdds.NONE, false);
}
