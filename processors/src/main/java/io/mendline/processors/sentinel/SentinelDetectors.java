package io.mendline.processors.sentinel;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.JoinedDetector;
import io.mendline.processors.pipeline.StateCodec;
import java.util.List;

/** All that is judged of a Sentinel workspace, as one concern with one store. */
public final class SentinelDetectors {
  private SentinelDetectors() {}

  /**
   * The detectors, joined. Their order is written into states: new ones go to the end.
   *
   * @param causes what is known of root causes
   */
  public static JoinedDetector all(CauseCatalogue causes) {
    return new JoinedDetector(
        List.of(
            new SkippedWindowDetector(causes),
            new RuleHealthDetector(causes),
            new ConnectorDetector(causes),
            new AutomationDetector(causes),
            new AbsentWindowDetector(),
            new SourceSilenceDetector(),
            new RuleHistoryDetector(),
            new QuietRuleDetector()));
  }

  /** The binary form of what they keep of a resource, for those who only read it. */
  public static StateCodec<JoinedDetector.Parts> codec() {
    // What is known of root causes does not show in the form.
    return all(CauseCatalogue.bundled()).codec();
  }
}
