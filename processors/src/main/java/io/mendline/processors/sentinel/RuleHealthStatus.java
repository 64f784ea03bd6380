package io.mendline.processors.sentinel;

/** How an analytics rule is, in one word; of what holds, the first counts. */
public enum RuleHealthStatus {
  /** Sentinel has switched it off by itself. */
  AUTO_DISABLED,
  /** It is switched off, or deleted. */
  DISABLED,
  /** Its last run failed, and no later one has made up for it. */
  FAILING,
  /** No record speaks of the windows that it was last expected to run over. */
  QUIET,
  /** It is a near-real-time rule and runs late. */
  DELAYED,
  /** It runs with trouble. */
  DEGRADED,
  /** It is not known whether it ran when it was last expected to. */
  UNKNOWN,
  /** It runs. */
  OK
}
