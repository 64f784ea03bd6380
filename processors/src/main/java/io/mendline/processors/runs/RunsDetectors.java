package io.mendline.processors.runs;

import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.processors.pipeline.JoinedDetector;
import java.util.List;

/** All that is judged of the jobs of a Databricks workspace, as one concern with one store. */
public final class RunsDetectors {
  private RunsDetectors() {}

  /**
   * The detectors, joined. Their order is written into states: new ones go to the end.
   *
   * @param causes names the causes of failed runs
   */
  public static JoinedDetector all(RootCauseClassifier causes) {
    return new JoinedDetector(List.of(new RunsDetector(causes), new MissedRunDetector()));
  }
}
