package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.compute.TerminationReasonCode;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Why clusters end: every code that the Databricks SDK knows, alone and within a message. */
class ClusterTerminationTest {
  private static final String MISCONFIGURED = "_DUE_TO_MISCONFIG";

  private final CauseCatalogue catalogue = CauseCatalogue.bundled();
  private final RootCauseClassifier classifier = new RootCauseClassifier(catalogue);

  @ParameterizedTest
  @EnumSource(TerminationReasonCode.class)
  void everyCodeOfTheSdkIsListed(TerminationReasonCode code) {
    assertThat(catalogue.byCode(code.name())).isNotNull();

    Diagnosis diagnosis = classifier.classify(FailureEvidence.ofCode(code.name(), null));
    assertThat(diagnosis.key()).doesNotStartWith("unknown/");
    assertThat(diagnosis.category()).isNotEqualTo(Category.UNKNOWN);
  }

  /** The split that says whether to repeat. */
  @ParameterizedTest
  @EnumSource(
      value = TerminationReasonCode.class,
      names = ".*" + MISCONFIGURED,
      mode = EnumSource.Mode.MATCH_ALL)
  void whatAMisconfigurationLedToIsPermanentAndItsTwinIsNot(TerminationReasonCode code) {
    String twin = code.name().substring(0, code.name().length() - MISCONFIGURED.length());

    Diagnosis misconfigured = inMessage(code.name());
    assertThat(misconfigured.category()).isEqualTo(Category.CONFIGURATION);
    assertThat(misconfigured.doomedRetry()).isTrue();
    assertThat(inMessage(twin).transience()).isEqualTo(Transience.TRANSIENT);
  }

  @Test
  void aMisconfigurationOfTomorrowIsOneToo() {
    Diagnosis diagnosis =
        classifier.classify(FailureEvidence.ofCode("DISK_ON_FIRE" + MISCONFIGURED, null));

    assertThat(diagnosis.key()).isEqualTo("databricks/DISK_ON_FIRE" + MISCONFIGURED);
    assertThat(diagnosis.category()).isEqualTo(Category.CONFIGURATION);
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(diagnosis.doomedRetry()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_INSUFFICIENT_INSTANCE_CAPACITY_FAILURE, cloud/stockout, TRANSIENT",
    "GCP_RESOURCE_QUOTA_EXCEEDED, cloud/quota-exceeded, TRANSIENT",
    "GCP_API_RATE_QUOTA_EXCEEDED, cloud/throttled, TRANSIENT",
    "SUBNET_EXHAUSTED_FAILURE, cloud/addresses-exhausted, TRANSIENT",
    "ALLOCATION_TIMEOUT_NO_READY_CLUSTERS, databricks/no-compute-ready, TRANSIENT",
    "GCP_KMS_KEY_PERMISSION_DENIED, cloud/access-denied, PERMANENT",
    "DOCKER_IMAGE_PULL_FAILURE, databricks/docker-image, PERMANENT",
    "INSTANCE_POOL_NOT_FOUND, databricks/cluster-dependency-missing, PERMANENT",
    "UNSUPPORTED_INSTANCE_TYPE, databricks/cluster-definition, PERMANENT",
    "DRIVER_OUT_OF_DISK, platform/disk-full, PERMANENT",
    "DRIVER_NODE_UNREACHABLE, databricks/driver-unreachable, TRANSIENT",
    "NETWORK_CHECK_NIC_FAILURE, cloud/launch-failure, TRANSIENT",
    "HIVEMETASTORE_CONNECTIVITY_FAILURE, databricks/metastore-unavailable, TRANSIENT",
    "USER_INITIATED_VM_TERMINATION, databricks/stopped-on-purpose, PERMANENT",
    "WORKSPACE_UPDATE, databricks/maintenance, TRANSIENT",
  })
  void isFiledUnder(String code, String key, Transience transience) {
    Diagnosis diagnosis = inMessage(code);

    assertThat(diagnosis.key()).isEqualTo(key);
    assertThat(diagnosis.transience()).isEqualTo(transience);
  }

  /** Azure says "not allowed" of a quota as of a policy, so its own words go first. */
  @Test
  void anAmbiguousCodeYieldsToTheCloudsMessage() {
    String code = "AZURE_OPERATION_NOT_ALLOWED_EXCEPTION";

    assertThat(
            classifier
                .classify(
                    FailureEvidence.ofCode(
                        code, "results in exceeding approved standardDSv2Family Cores quota"))
                .key())
        .isEqualTo("cloud/quota-exceeded");
    assertThat(classifier.classify(FailureEvidence.ofCode(code, null)).key())
        .isEqualTo("databricks/cluster-definition");
  }

  private Diagnosis inMessage(String code) {
    return classifier.classify(
        FailureEvidence.ofMessage(
            "Cluster '0712-1' was terminated. Reason: " + code + " (CLOUD_FAILURE)."));
  }
}
