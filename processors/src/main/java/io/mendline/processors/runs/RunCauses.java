package io.mendline.processors.runs;

import io.mendline.processors.cause.FailureEvidence;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.serdes.telemetry.RunState;

/** Names the cause of a failed run or task by what its state says. */
final class RunCauses {
  private final RootCauseClassifier classifier;

  RunCauses(RootCauseClassifier classifier) {
    this.classifier = classifier;
  }

  Cause of(RunState failure) {
    // The life cycle of a notification is the name of an event.
    return Cause.of(
        classifier.classify(
            new FailureEvidence(
                failure.terminationCode(),
                failure.terminationType(),
                failure.source() == RunState.Source.WEBHOOK ? null : failure.lifeCycle(),
                failure.result(),
                failure.message(),
                failure.errorTrace(),
                failure.taskKey())));
  }
}
