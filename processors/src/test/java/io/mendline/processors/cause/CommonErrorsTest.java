package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mendline.schemas.Transience;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ten errors that operators meet most, as they come: plain, wrapped and at the end of a trace.
 * All are permanent, so a retry is doomed, and each has its known fix.
 */
class CommonErrorsTest {
  private final RootCauseClassifier classifier = new RootCauseClassifier(CauseCatalogue.bundled());

  @ParameterizedTest
  @MethodSource
  void isRecognisedInEachSpelling(
      String key, Category category, String hintMentions, String message) {
    Diagnosis diagnosis = classifier.classify(FailureEvidence.ofMessage(message));

    assertThat(diagnosis.key()).isEqualTo(key);
    assertThat(diagnosis.category()).isEqualTo(category);
    assertThat(diagnosis.transience()).isEqualTo(Transience.PERMANENT);
    assertThat(diagnosis.doomedRetry()).isTrue();
    assertThat(diagnosis.hint()).containsIgnoringCase(hintMentions);
  }

  static Stream<Arguments> isRecognisedInEachSpelling() {
    return Stream.of(
            three(
                "python/ModuleNotFoundError",
                Category.CODE,
                "library",
                "ModuleNotFoundError: No module named 'acme_etl'",
                "Task ingest failed with message: ModuleNotFoundError: No module named 'acme_etl.io'.",
                """
                ---------------------------------------------------------------------------
                \u001b[0;31mModuleNotFoundError\u001b[0m                       Traceback (most recent call last)
                File \u001b[0;32m<command-4021>:3\u001b[0m
                \u001b[1;32m      1\u001b[0m spark.conf.set("a", "b")
                \u001b[0;32m----> 3\u001b[0m \u001b[38;5;28;01mimport\u001b[39;00m acme_etl

                \u001b[0;31mModuleNotFoundError\u001b[0m: No module named 'acme_etl'
                """),
            three(
                "spark/TABLE_OR_VIEW_NOT_FOUND",
                Category.DEPENDENCY,
                "set",
                "[TABLE_OR_VIEW_NOT_FOUND] The table or view `main`.`gold`.`sales` cannot be found. Verify the spelling and correctness of the schema and catalog. SQLSTATE: 42P01; line 1 pos 14",
                "Task merge failed with message: pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `main`.`gold`.`sales` cannot be found. SQLSTATE: 42P01.",
                """
                Traceback (most recent call last):
                  File "/databricks/python/lib/python3.11/site-packages/pyspark/errors/exceptions/captured.py", line 261, in deco
                    raise converted from None
                pyspark.errors.exceptions.captured.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `sales` cannot be found.; line 1 pos 14;
                'Project [*]
                +- 'UnresolvedRelation [sales], [], false

                JVM stacktrace:
                org.apache.spark.sql.AnalysisException: [TABLE_OR_VIEW_NOT_FOUND] The table or view `sales` cannot be found.
                \tat org.apache.spark.sql.catalyst.analysis.package$AnalysisErrorAt.tableNotFound(package.scala:91)
                """),
            three(
                "delta/DELTA_MULTIPLE_SOURCE_ROW_MATCHING",
                Category.DATA,
                "de-duplicate",
                "[DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE] Cannot perform Merge as multiple source rows matched and attempted to modify the same target row in the Delta table in possibly conflicting ways.",
                "Job failed: DELTA_MULTIPLE_SOURCE_ROW_MATCHING",
                """
                Py4JJavaError: An error occurred while calling o512.execute.
                : org.apache.spark.sql.delta.DeltaUnsupportedOperationException: [DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE] Cannot perform Merge
                \tat org.apache.spark.sql.delta.DeltaErrorsBase.multipleSourceRowMatchingTargetRowInMergeException(DeltaErrors.scala:1300)
                """),
            three(
                "databricks/INVALID_ACCESS_TOKEN",
                Category.ACCESS,
                "re-authenticate",
                "Invalid access token. (403)",
                "Error: {\"error_code\":403,\"message\":\"Invalid access token.\"}",
                "databricks.sdk.errors.platform.PermissionDenied: Invalid access token. [ReqId: 0f1c]"),
            three(
                "databricks/RESOURCE_ALREADY_EXISTS",
                Category.CONFIGURATION,
                "destructive",
                "ResourceAlreadyExists: Monitor for main.gold.sales already exists",
                "{\"error_code\":\"RESOURCE_ALREADY_EXISTS\",\"message\":\"Alert is there\"}",
                """
                Traceback (most recent call last):
                  File "/tmp/deploy.py", line 12, in <module>
                    w.quality_monitors.create(table)
                databricks.sdk.errors.platform.ResourceAlreadyExists: Monitor is already there
                """),
            three(
                "databricks/python-task-not-recognized",
                Category.CONFIGURATION,
                "notebook_task",
                "Error: `python_task` not recognized",
                "Task deploy failed with message: python_task is not recognized as a task type",
                "Warning: unknown field: python_task\n  at resources.jobs.ingest.tasks[0]\n  in databricks.yml:12:11"),
            three(
                "spark/PARSE_SYNTAX_ERROR",
                Category.CODE,
                "fix the SQL",
                "[PARSE_SYNTAX_ERROR] Syntax error at or near 'FORM'. SQLSTATE: 42601 (line 1, pos 9)",
                "Query failed with error: PARSE_SYNTAX_ERROR: Syntax error at or near end of input",
                """
                org.apache.spark.SparkException: Job failed
                \tat java.lang.Thread.run(Thread.java:829)
                Caused by: org.apache.spark.sql.catalyst.parser.ParseException:
                [PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'. SQLSTATE: 42601 (line 1, pos 0)

                == SQL ==
                SELEC 1
                ^^^
                \tat org.apache.spark.sql.catalyst.parser.ParseException.withCommand(parsers.scala:257)
                """),
            three(
                "databricks/PARAMETER_NOT_FOUND",
                Category.CONFIGURATION,
                "base_parameters",
                "Parameter not found: run_date",
                "Task report failed with message: parameter 'run_date' not found",
                """
                com.databricks.dbutils_v1.InputWidgetNotDefined: No input widget named run_date is defined
                \tat com.databricks.backend.daemon.driver.WidgetsUtils.get(WidgetsUtils.scala:44)
                """),
            three(
                "databricks/job-task-not-recognized",
                Category.CONFIGURATION,
                "run_job_task",
                "Error: unknown field: job_task",
                "job_task is not recognized, use run_job_task",
                "Task deploy failed with message: 'job_task' is not a valid task type"),
            three(
                "databricks/dependent-space-missing",
                Category.DEPENDENCY,
                "semantic layer",
                "INTERNAL_ERROR: dependent space 01ef8c9a could not be loaded",
                "Task monitors failed with message: INTERNAL_ERROR of dependent space",
                """
                Traceback (most recent call last):
                  File "/Workspace/deploy/alerts.py", line 8, in create
                    w.api_client.do("POST", path)
                databricks.sdk.errors.platform.InternalError: INTERNAL_ERROR: Genie space does not exist
                """))
        .flatMap(spellings -> spellings);
  }

  private static Stream<Arguments> three(
      String key, Category category, String hint, String plain, String wrapped, String trace) {
    return Stream.of(plain, wrapped, trace).map(message -> arguments(key, category, hint, message));
  }
}
