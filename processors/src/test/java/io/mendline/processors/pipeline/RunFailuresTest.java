package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every value of the platform's enumerations: is it a failure of the run? */
class RunFailuresTest {

  @ParameterizedTest(name = "{0} comes to {1}: {2}")
  @CsvSource({
    "SUCCESS, SUCCESS, false",
    "SUCCESS_WITH_FAILURES, SUCCESS, false",
    "FAILED, FAILED, true",
    "TIMEDOUT, TIMED_OUT, true",
    "CANCELED, CANCELLED, false",
    "DISABLED, SKIPPED, false",
    "EXCLUDED, SKIPPED, false",
    "MAXIMUM_CONCURRENT_RUNS_REACHED, SKIPPED, false",
    "UPSTREAM_CANCELED, SKIPPED, false",
    "UPSTREAM_FAILED, SKIPPED, false",
    "SUCCEEDED, SUCCESS, false",
    "SKIPPED, SKIPPED, false",
    "CANCELLED, CANCELLED, false",
    "TIMED_OUT, TIMED_OUT, true",
    "ERROR, FAILED, true",
    "BLOCKED, SKIPPED, false",
    "SOMETHING_NEW, OTHER, false",
  })
  void results(String result, Outcome outcome, boolean failure) {
    assertThat(RunFailures.isFailure(state("TERMINATED", result, outcome, null, null)))
        .isEqualTo(failure);
  }

  @ParameterizedTest(name = "{0} with {1} comes to {2}: {3}")
  @CsvSource({
    "BLOCKED,, RUNNING, false",
    "PENDING,, RUNNING, false",
    "QUEUED,, RUNNING, false",
    "RUNNING,, RUNNING, false",
    "TERMINATING,, RUNNING, false",
    "WAITING,, RUNNING, false",
    "WAITING_FOR_RETRY,, RUNNING, false",
    "SKIPPED,, SKIPPED, false",
    "TERMINATED,, OTHER, false",
    "INTERNAL_ERROR,, FAILED, true",
    "INTERNAL_ERROR, FAILED, FAILED, true",
  })
  void lifeCycles(String lifeCycle, String result, Outcome outcome, boolean failure) {
    assertThat(RunFailures.isFailure(state(lifeCycle, result, outcome, null, null)))
        .isEqualTo(failure);
  }

  @ParameterizedTest(name = "{0}: failed {1}, cancelled {2}")
  @CsvSource({
    "BREAKING_CHANGE, true, true",
    "BUDGET_POLICY_LIMIT_EXCEEDED, true, true",
    "CANCELED, true, true",
    "CLOUD_FAILURE, true, true",
    "CLUSTER_ERROR, true, true",
    "CLUSTER_REQUEST_LIMIT_EXCEEDED, true, true",
    "CLUSTER_TERMINATED_BY_USER, true, true",
    "DISABLED, false, false",
    "DRIVER_ERROR, true, true",
    "FEATURE_DISABLED, true, true",
    "INTERNAL_ERROR, true, true",
    "INVALID_CLUSTER_REQUEST, true, true",
    "INVALID_RUN_CONFIGURATION, true, true",
    "LIBRARY_INSTALLATION_ERROR, true, true",
    "MAX_CONCURRENT_RUNS_EXCEEDED, false, false",
    "MAX_JOB_QUEUE_SIZE_EXCEEDED, false, false",
    "MAX_SPARK_CONTEXTS_EXCEEDED, true, true",
    "REPOSITORY_CHECKOUT_FAILED, true, true",
    "RESOURCE_NOT_FOUND, true, true",
    "RUN_EXECUTION_ERROR, true, true",
    "SKIPPED, false, false",
    "STORAGE_ACCESS_ERROR, true, true",
    "SUCCESS, false, false",
    "SUCCESS_WITH_FAILURES, false, false",
    "UNAUTHORIZED_ERROR, true, true",
    "USER_CANCELED, false, false",
    "user_canceled, false, false",
    "WORKSPACE_RUN_LIMIT_EXCEEDED, true, true",
    "A_CODE_OF_TOMORROW, true, true",
  })
  void terminationCodes(String code, boolean failed, boolean cancelled) {
    assertThat(RunFailures.isFailure(state("TERMINATED", "FAILED", Outcome.FAILED, code, null)))
        .isEqualTo(failed);
    assertThat(
            RunFailures.isFailure(state("TERMINATED", "CANCELED", Outcome.CANCELLED, code, null)))
        .isEqualTo(cancelled);
    assertThat(RunFailures.isFailure(state("TERMINATED", "SUCCESS", Outcome.SUCCESS, code, null)))
        .isFalse();
  }

  @ParameterizedTest(name = "cancelled with type {0}: {1}")
  @CsvSource({
    "CLIENT_ERROR, false",
    "CLOUD_FAILURE, true",
    "INTERNAL_ERROR, true",
    "SUCCESS, false",
  })
  void terminationTypes(String type, boolean cancelled) {
    assertThat(
            RunFailures.isFailure(state("TERMINATED", "CANCELED", Outcome.CANCELLED, null, type)))
        .isEqualTo(cancelled);
    assertThat(RunFailures.isFailure(state("TERMINATED", "FAILED", Outcome.FAILED, null, type)))
        .isTrue();
  }

  private static RunState state(
      String lifeCycle, String result, Outcome outcome, String code, String type) {
    return RunState.builder()
        .workspace("w")
        .jobId("1")
        .runId("2")
        .time(1_000)
        .state(lifeCycle, result, outcome)
        .termination(code, type)
        .build();
  }
}
