package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every termination code, result and termination type that a run may end with, with nothing else
 * said.
 */
class TerminationCodesTest {
  private final RootCauseClassifier classifier = new RootCauseClassifier(CauseCatalogue.bundled());

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # platform: repeat
          CLOUD_FAILURE,                   PLATFORM,      TRANSIENT, HIGH,   false
          INTERNAL_ERROR,                  PLATFORM,      TRANSIENT, HIGH,   false
          DRIVER_ERROR,                    PLATFORM,      TRANSIENT, MEDIUM, false
          REPOSITORY_CHECKOUT_FAILED,      PLATFORM,      TRANSIENT, HIGH,   false
          BREAKING_CHANGE,                 PLATFORM,      TRANSIENT, HIGH,   false
          # back off, then repeat
          CLUSTER_REQUEST_LIMIT_EXCEEDED,  CAPACITY,      TRANSIENT, HIGH,   false
          WORKSPACE_RUN_LIMIT_EXCEEDED,    CAPACITY,      TRANSIENT, HIGH,   false
          MAX_CONCURRENT_RUNS_EXCEEDED,    CONCURRENCY,   TRANSIENT, HIGH,   false
          MAX_JOB_QUEUE_SIZE_EXCEEDED,     CAPACITY,      TRANSIENT, HIGH,   false
          MAX_SPARK_CONTEXTS_EXCEEDED,     CAPACITY,      TRANSIENT, HIGH,   false
          # ambiguous: the message is missing
          CLUSTER_ERROR,                   PLATFORM,      TRANSIENT, LOW,    false
          STORAGE_ACCESS_ERROR,            ACCESS,        TRANSIENT, LOW,    false
          LIBRARY_INSTALLATION_ERROR,      DEPENDENCY,    PERMANENT, LOW,    false
          RUN_EXECUTION_ERROR,             CODE,          PERMANENT, LOW,    false
          CANCELED,                        CANCELLED,     PERMANENT, LOW,    false
          CLUSTER_TERMINATED_BY_USER,      CANCELLED,     PERMANENT, LOW,    false
          # permanent
          INVALID_CLUSTER_REQUEST,         CONFIGURATION, PERMANENT, HIGH,   true
          INVALID_RUN_CONFIGURATION,       CONFIGURATION, PERMANENT, HIGH,   true
          UNAUTHORIZED_ERROR,              ACCESS,        PERMANENT, HIGH,   true
          RESOURCE_NOT_FOUND,              DEPENDENCY,    PERMANENT, HIGH,   true
          FEATURE_DISABLED,                CONFIGURATION, PERMANENT, HIGH,   true
          BUDGET_POLICY_LIMIT_EXCEEDED,    CAPACITY,      PERMANENT, HIGH,   true
          # not failures
          SUCCESS,                         UNKNOWN,       PERMANENT, LOW,    false
          SUCCESS_WITH_FAILURES,           UNKNOWN,       PERMANENT, LOW,    false
          SKIPPED,                         CONCURRENCY,   TRANSIENT, MEDIUM, false
          DISABLED,                        CANCELLED,     PERMANENT, HIGH,   false
          USER_CANCELED,                   CANCELLED,     PERMANENT, HIGH,   false
          """)
  void aCodeAloneIsTheCause(
      String code,
      Category category,
      Transience transience,
      Confidence confidence,
      boolean doomed) {
    Diagnosis diagnosis = classifier.classify(FailureEvidence.ofCode(code, null));

    assertThat(diagnosis.key()).isEqualTo("databricks/" + code);
    assertThat(diagnosis.category()).isEqualTo(category);
    assertThat(diagnosis.transience()).isEqualTo(transience);
    assertThat(diagnosis.confidence()).isEqualTo(confidence);
    assertThat(diagnosis.doomedRetry()).isEqualTo(doomed);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          CANCELED,                        databricks/CANCELED
          CANCELLED,                       databricks/CANCELED
          DISABLED,                        databricks/DISABLED
          EXCLUDED,                        databricks/DISABLED
          MAXIMUM_CONCURRENT_RUNS_REACHED, databricks/MAX_CONCURRENT_RUNS_EXCEEDED
          SUCCESS_WITH_FAILURES,           databricks/SUCCESS_WITH_FAILURES
          TIMEDOUT,                        databricks/TIMEDOUT
          TIMED_OUT,                       databricks/TIMEDOUT
          UPSTREAM_CANCELED,               databricks/UPSTREAM_CANCELED
          UPSTREAM_FAILED,                 databricks/UPSTREAM_FAILED
          """)
  void aResultIsReadLikeACode(String result, String key) {
    FailureEvidence evidence =
        new FailureEvidence(null, null, "TERMINATED", result, null, null, "main");

    assertThat(classifier.classify(evidence).key()).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({
    "ACTIVE_RUNS_LIMIT_REACHED, databricks/WORKSPACE_RUN_LIMIT_EXCEEDED",
    "ACTIVE_RUN_JOB_TASKS_LIMIT_REACHED, databricks/WORKSPACE_RUN_LIMIT_EXCEEDED",
    "MAX_CONCURRENT_RUNS_REACHED, databricks/MAX_CONCURRENT_RUNS_EXCEEDED",
    "SPOT_INSTANCE_TERMINATION, cloud/spot-instance-lost",
    "AZURE_QUOTA_EXCEEDED_EXCEPTION, cloud/quota-exceeded",
    "CLOUD_PROVIDER_RESOURCE_STOCKOUT, cloud/stockout",
    "DRIVER_OUT_OF_MEMORY, jvm/driver-out-of-memory",
    "INIT_SCRIPT_FAILURE, databricks/INIT_SCRIPT_FAILURE",
    "cloud failure, databricks/CLOUD_FAILURE",
  })
  void queueAndClusterCodesAreKnownToo(String code, String key) {
    assertThat(classifier.classify(FailureEvidence.ofCode(code, null)).key()).isEqualTo(key);
  }

  @Test
  void theTypeDecidesOnlyWhereThereIsNoCode() {
    assertThat(byType(null, "CLOUD_FAILURE").key()).isEqualTo("databricks/CLOUD_FAILURE");
    assertThat(byType(null, "CLIENT_ERROR").key()).isEqualTo("databricks/CLIENT_ERROR");
    assertThat(byType("UNAUTHORIZED_ERROR", "CLIENT_ERROR").key())
        .isEqualTo("databricks/UNAUTHORIZED_ERROR");
  }

  @Test
  void aCodeOfTomorrowKeepsItsName() {
    Diagnosis diagnosis = byType("WAREHOUSE_ON_FIRE", "CLOUD_FAILURE");

    assertThat(diagnosis.key()).isEqualTo("databricks/WAREHOUSE_ON_FIRE");
    assertThat(diagnosis.category()).isEqualTo(Category.PLATFORM);
    assertThat(diagnosis.transience()).isEqualTo(Transience.TRANSIENT);
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.LOW);
  }

  /**
   * Of all traps the one that costs most: this is what every exception in a notebook looks like.
   */
  @Test
  void lifeCycleInternalErrorIsNotThePlatformsFault() {
    Diagnosis diagnosis =
        classifier.classify(
            new FailureEvidence(
                null,
                null,
                "INTERNAL_ERROR",
                "FAILED",
                "Task main failed with message: Workload failed, see run output for details.",
                null,
                "main"));

    assertThat(diagnosis.key()).isEqualTo("databricks/WORKLOAD_FAILED");
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.LOW);
    assertThat(diagnosis.category()).isNotEqualTo(Category.PLATFORM);
  }

  @Test
  void lifeCycleSkippedIsACause() {
    FailureEvidence evidence = new FailureEvidence(null, null, "SKIPPED", null, null, null, null);

    assertThat(classifier.classify(evidence).key()).isEqualTo("databricks/SKIPPED");
  }

  @Test
  void noEvidenceAtAllIsUnknown() {
    Diagnosis diagnosis =
        classifier.classify(new FailureEvidence(null, null, null, null, null, null, null));

    assertThat(diagnosis.key()).startsWith("unknown/");
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.LOW);
    assertThat(diagnosis.title()).isEqualTo("Nothing is said");
  }

  private Diagnosis byType(String code, String type) {
    return classifier.classify(new FailureEvidence(code, type, null, null, null, null, null));
  }
}
