package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentinelCodesTest {
  private final SentinelCodes codes = new SentinelCodes(CauseCatalogue.bundled());

  /**
   * The documented codes, misspellings included, each with what the documentation says in words.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GENERAL_ERROR | sentinel/general-error | TRANSIENT | An internal server error occurred while running the query.
          QueryGeneralError | sentinel/general-error | TRANSIENT | An internal server error occurred while running the query.
          QUERY_TIMEOUT | sentinel/query-timeout | TRANSIENT | The query execution timed out.
          QueryTimeout | sentinel/query-timeout | TRANSIENT | The query execution timed out.
          TEMPORARY_ISSUE_DELAY | sentinel/temporary-issue-delay | TRANSIENT | The rule's running was delayed due to temporary issues.
          TemporaryIssuesDelay | sentinel/temporary-issue-delay | TRANSIENT | The rule's running was delayed due to temporary issues.
          INGESTION_DELAY | sentinel/ingestion-delay | TRANSIENT | The rule's running was delayed due to long data ingestion times.
          ENRICHMENT_ABORTED_DUE_TO_TEMPRARY_ISSUES | sentinel/enrichment-aborted-temporary | TRANSIENT | The alert was not enriched due to temporary issues.
          TABLE_NOT_EXISTS | sentinel/table-missing | PERMANENT | A table referenced in the query was not found.
          UNKNOWN_FUNCTION | sentinel/function-missing | PERMANENT | A function called by the query was not found.
          WORKSPACE_NOT_EXIST | sentinel/workspace-missing | PERMANENT | The workspace does not exist.
          FAILED_TO_RESOLVE_RESOURCE | sentinel/resource-unresolved | PERMANENT | The workspace used in the query was not found.
          QUERY_CONSUMES_TOO_MANY_RESOURCES | sentinel/too-many-resources | PERMANENT | This query was found to use too many system resources and was prevented from running.
          INSUFFICIENT_ACCESS_TO_QUERY | sentinel/no-access-to-query | PERMANENT | You don't have permissions to run this query.
          INSUFFICIENT_ACCESS_TO_RESOURCE | sentinel/no-access-to-resource | PERMANENT | You don't have access permissions to one or more of the resources in the query.
          SEMANTIC_ERROR | sentinel/semantic-error | PERMANENT | A semantic error occurred while running the query.
          SemanticErrorInQuery | sentinel/semantic-error | PERMANENT | A semantic error occurred while running the query.
          SYNTAX_ERROR | sentinel/syntax-error | PERMANENT | A syntax error occurred while running the query.
          FUNCTION_RESERVED_FUNCTION | sentinel/function-name-reserved | PERMANENT | A function called by the query is named with a reserved word.
          MULTIPLE_FUNCTIONS_WITH_SAME_NAME | sentinel/function-name-twice | PERMANENT | Multiple functions with the same name are defined in this workspace. Remove or rename the redundant function and reset the rule by editing and saving it.
          PERSISTENT_STORAGE_PATH_NOT_EXIST | sentinel/storage-path-missing | PERMANENT | The query referred to a storage path that was not found.
          PERSISTENT_STORAGE_ACCESS_DENIED | sentinel/storage-access-denied | PERMANENT | The query was denied access to a storage path.
          QUERT_RESULT_MISSING | sentinel/query-result-missing | PERMANENT | This query did not return any result.
          MULTIPLE_RESULT_SET_NOT_ALLOWED | sentinel/multiple-result-sets | PERMANENT | Multiple result sets in this query are not allowed.
          WRONG_NUMBER_OF_FIELDS | sentinel/wrong-number-of-fields | PERMANENT | Query results contain inconsistent number of fields per row.
          ENRICHMENT_ABORTED_DUE_TO_PERMENANT_ISSUES | sentinel/enrichment-aborted-permanent | PERMANENT | The alert was not enriched due to entity mapping issues.
          ENTITIES_DROPPED_DUE_TO_SIZE_LIMIT | sentinel/entities-dropped-size | PERMANENT | 3 entities were dropped in alert Odd logon due to the 32 KB alert size limit.
          ENTITIES_DROPPED_DUE_TO_MAPPING_ISSUES | sentinel/entities-dropped-mapping | PERMANENT | 3 entities were dropped in alert Odd logon due to entity mapping issues.
          """)
  void codeAndWordsGiveTheSameCause(
      String code, String key, Transience transience, String description) {
    Diagnosis byCode = codes.classify(code, null);
    Diagnosis byWords = codes.classify(null, description);

    assertThat(byCode.key()).isEqualTo(key);
    assertThat(byCode.transience()).isEqualTo(transience);
    assertThat(byWords.key()).isEqualTo(key);
    assertThat(byWords.transience()).isEqualTo(transience);
    assertThat(codes.classify(code, description).key()).isEqualTo(key);
    assertThat(codes.classify(description, null).key()).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sentinel/workflow-throttled | TRANSIENT | Could not trigger playbook: Block-IP. Too many requests, exceeding workflow throttling limits.
          sentinel/automation-throttled | TRANSIENT | Could not trigger playbook: Block-IP. Too many requests, exceeding throttling limits.
          sentinel/automation-throttled | TRANSIENT | Could not modify property: Severity. Too many requests, exceeding throttling limits.
          sentinel/incident-missing | PERMANENT | Could not add task: Triage. Incident/alert was not found.
          sentinel/playbook-missing | PERMANENT | Could not trigger playbook: Block-IP. Either the playbook was not found, or Microsoft Sentinel was missing permissions on it.
          sentinel/playbook-trigger-unsupported | PERMANENT | Could not trigger playbook: Block-IP. Contains an unsupported trigger type.
          sentinel/subscription-disabled | PERMANENT | Could not trigger playbook: Block-IP. The subscription is disabled and marked as read-only. Playbooks in this subscription cannot be run until the subscription is re-enabled.
          sentinel/playbook-disabled | PERMANENT | Could not trigger playbook: Block-IP. The playbook was disabled.
          sentinel/playbook-invalid | PERMANENT | Could not trigger playbook: Block-IP. Invalid template definition.
          sentinel/playbook-access | PERMANENT | Could not trigger playbook: Block-IP. Access control configuration restricts Microsoft Sentinel.
          sentinel/playbook-access | PERMANENT | Could not trigger playbook: Block-IP. Microsoft Sentinel is missing permissions to run it.
          sentinel/playbook-access | PERMANENT | Could not trigger playbook: Block-IP. Playbook wasn’t migrated to new permissions model. Grant Microsoft Sentinel permissions to run this playbook and resave the rule.
          sentinel/playbook-access | PERMANENT | Could not trigger playbook: Block-IP. Access was forbidden. Managed identity is missing configuration or Logic Apps network restriction has been set.
          sentinel/scope-locked | PERMANENT | Could not trigger playbook: Block-IP. The subscription or resource group was locked.
          sentinel/playbook-access | PERMANENT | Could not trigger playbook: Block-IP. Caller is missing required playbook-triggering permissions on playbook, or Microsoft Sentinel is missing permissions on it.
          sentinel/connection-credentials | PERMANENT | Could not trigger playbook: Block-IP. Invalid credentials in connection.
          sentinel/playbook-invalid | PERMANENT | Could not trigger playbook: Block-IP. Playbook ARM ID is not valid.
          sentinel/alert-per-row-limit | PERMANENT | The query resulted in 400 events, which exceeds the maximum of 150 results allowed for Scheduled rules with alert-per-row event-grouping configuration.
          sentinel/rule-disabled | PERMANENT | The analytics rule is disabled and was not executed.
          sentinel/attempts-exhausted | TRANSIENT | Rule's scheduled run at 06/01/2026 10:43:55 failed after numerous attempts. It will be re-executed over the next scheduled time.
          sentinel/attempts-exhausted | TRANSIENT | Rule's NRT run at 06/01/2026 10:43:55 failed after numerous attempts. It will be re-executed over the next scheduled time.
          """)
  void descriptionsAreReadWhereThereIsNoCode(String key, Transience transience, String text) {
    Diagnosis diagnosis = codes.classify("", text);

    assertThat(diagnosis.key()).isEqualTo(key);
    assertThat(diagnosis.transience()).isEqualTo(transience);
  }

  @Test
  void whatNobodyKnowsIsTransientWithLittleConfidence() {
    Diagnosis code = codes.classify("MoonPhaseMismatch", null);
    Diagnosis text = codes.classify(null, "The moon is in phase 3 of 8.");

    assertThat(code.key()).isEqualTo("sentinel/moon-phase-mismatch");
    assertThat(codes.classify("MOON_PHASE_MISMATCH", null).key()).isEqualTo(code.key());
    assertThat(text.key()).isEqualTo(codes.classify(null, "The moon is in phase 5 of 8.").key());
    for (Diagnosis diagnosis : new Diagnosis[] {code, text, codes.classify(null, null)}) {
      assertThat(diagnosis.transience()).isEqualTo(Transience.TRANSIENT);
      assertThat(diagnosis.confidence()).isEqualTo(Confidence.LOW);
      assertThat(diagnosis.doomedRetry()).isFalse();
    }
  }

  @Test
  void connectorsFailInTheWordsOfTheServicesBelow() {
    assertThat(codes.classify(null, "Connection refused by s3.amazonaws.com").key())
        .isEqualTo("network/connection-refused");
  }

  @Test
  void aUsersEntryGoesFirst() {
    CauseCatalogue own =
        CauseCatalogue.bundled()
            .with(
                "mine.yaml",
                """
                causes:
                  - key: mine/slow-workspace
                    title: The shared workspace is slow again
                    category: capacity
                    transience: transient
                    sentinel: [QUERY_TIMEOUT]
                """);

    assertThat(new SentinelCodes(own).classify("QueryTimeout", null).key())
        .isEqualTo("mine/slow-workspace");
  }
}
