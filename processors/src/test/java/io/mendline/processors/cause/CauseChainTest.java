package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import org.junit.jupiter.api.Test;

/** The deepest cause wins over what is wrapped around it, in whatever way it is wrapped. */
class CauseChainTest {
  private final RootCauseClassifier classifier = new RootCauseClassifier(CauseCatalogue.bundled());

  @Test
  void theLastCausedByOfAJvmTraceIsTheCause() {
    Diagnosis diagnosis =
        diagnose(
            """
            org.apache.spark.SparkException: Job aborted.
            \tat org.apache.spark.sql.execution.datasources.FileFormatWriter$.write(FileFormatWriter.scala:231)
            Caused by: org.apache.spark.SparkException: [TASK_WRITE_FAILED] Task failed while writing rows to abfss://x. SQLSTATE: 58030
            \tat org.apache.spark.sql.errors.QueryExecutionErrors$.taskFailed(QueryExecutionErrors.scala:786)
            \t... 12 more
            Caused by: java.io.IOException: No space left on device
            \tat java.io.FileOutputStream.writeBytes(Native Method)
            """);

    assertThat(diagnosis.key()).isEqualTo("platform/disk-full");
    assertThat(diagnosis.category()).isEqualTo(Category.CAPACITY);
  }

  @Test
  void suppressedExceptionsAreNotCauses() {
    Diagnosis diagnosis =
        diagnose(
            """
            java.lang.RuntimeException: load failed
            \tat acme.Load.run(Load.java:10)
            \tSuppressed: java.lang.IllegalStateException: close
            \t\tat acme.Load.close(Load.java:20)
            \tCaused by: java.net.UnknownHostException: db
            \t\tat acme.Load.close(Load.java:21)
            Caused by: java.net.SocketTimeoutException: Read timed out
            \tat acme.Load.read(Load.java:30)
            """);

    assertThat(diagnosis.key()).isEqualTo("network/timeout");
  }

  @Test
  void anUnknownInnermostExceptionLeavesTheWordToTheNextOneOutwards() {
    Diagnosis diagnosis =
        diagnose(
            """
            io.delta.exceptions.ConcurrentAppendException: [DELTA_CONCURRENT_APPEND] Files were added
            \tat acme.Merge.run(Merge.java:10)
            Caused by: com.acme.OddException: no idea
            \tat acme.Merge.commit(Merge.java:20)
            """);

    assertThat(diagnosis.key()).isEqualTo("delta/DELTA_CONCURRENT_APPEND");
    assertThat(diagnosis.transience()).isEqualTo(Transience.TRANSIENT);
  }

  @Test
  void aPythonTraceEndsInTheCause() {
    Diagnosis diagnosis =
        diagnose(
            """
            Traceback (most recent call last):
              File "/app/a.py", line 3, in load
                return cache["x"]
            KeyError: 'x'

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/app/a.py", line 9, in main
                open("/data/in.csv")
            FileNotFoundError: [Errno 2] No such file or directory: '/data/in.csv'
            """);

    assertThat(diagnosis.key()).isEqualTo("spark/PATH_NOT_FOUND");
  }

  @Test
  void raiseFromNamesTheFirstExceptionAsTheCause() {
    Diagnosis diagnosis =
        diagnose(
            """
            Traceback (most recent call last):
              File "/app/a.py", line 3, in load
                connect()
            ConnectionResetError: [Errno 104] Connection reset by peer

            The above exception was the direct cause of the following exception:

            Traceback (most recent call last):
              File "/app/a.py", line 9, in main
                load()
            acme.LoadError: permission denied or something
            """);

    assertThat(diagnosis.key()).isEqualTo("network/connection-reset");
  }

  @Test
  void py4jIsAWrapperAroundAJvmTrace() {
    Diagnosis diagnosis =
        classifier.classify(
            FailureEvidence.ofMessage(
                "Py4JJavaError: An error occurred while calling o45.save.",
                """
                Traceback (most recent call last):
                  File "/databricks/spark/python/lib/py4j-src.zip/py4j/protocol.py", line 326, in get_return_value
                    raise Py4JJavaError(
                py4j.protocol.Py4JJavaError: An error occurred while calling o45.save.
                : org.apache.spark.SparkException: Job aborted due to stage failure: Task 3 in stage 12.0 failed 4 times, most recent failure: Lost task 3.3 in stage 12.0 (TID 412) (10.139.64.7 executor 2): org.apache.spark.api.python.PythonException: Traceback (most recent call last):
                  File "/databricks/spark/python/pyspark/worker.py", line 900, in main
                    process()
                ZeroDivisionError: division by zero

                \tat org.apache.spark.api.python.BasePythonRunner.handle(PythonRunner.scala:572)
                Driver stacktrace:
                \tat org.apache.spark.scheduler.DAGScheduler.failJob(DAGScheduler.scala:2844)
                """));

    assertThat(diagnosis.key()).isEqualTo("python/ZeroDivisionError");
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.HIGH);
  }

  @Test
  void py4jAroundAnExceptionThatNothingKnowsDoesNotHideIt() {
    assertThat(
            diagnose(
                    "Py4JJavaError: An error occurred while calling o45.save.\n: com.acme.OddException: it is odd\n\tat a.B.c(D.java:1)")
                .key())
        .startsWith("unknown/com-acme-oddexception-it-");
  }

  @Test
  void aTraceGoesDeeperThanTheMessage() {
    Diagnosis diagnosis =
        classifier.classify(
            new FailureEvidence(
                "RUN_EXECUTION_ERROR",
                "CLIENT_ERROR",
                "INTERNAL_ERROR",
                "FAILED",
                "Task main failed with message: Workload failed, see run output for details.",
                "RuntimeError: intentional failure",
                "main"));

    assertThat(diagnosis.key()).startsWith("unknown/runtimeerror-intentional-failure-");
    assertThat(diagnosis.category()).isEqualTo(Category.CODE);
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.LOW);
    assertThat(diagnosis.doomedRetry()).isFalse();
  }

  @Test
  void anAmbiguousCodeYieldsToTheMessageAndADecisiveOneToAnErrorClassOnly() {
    assertThat(key("CLUSTER_ERROR", "driver ran out of memory"))
        .isEqualTo("jvm/driver-out-of-memory");
    assertThat(key("DRIVER_ERROR", "java.lang.OutOfMemoryError: Java heap space"))
        .isEqualTo("jvm/OutOfMemoryError");
    assertThat(key("DRIVER_ERROR", "it is gone")).isEqualTo("databricks/DRIVER_ERROR");
    assertThat(key("CLOUD_FAILURE", "the request timed out")).isEqualTo("databricks/CLOUD_FAILURE");
    assertThat(key("CLOUD_FAILURE", "Reason: AZURE_QUOTA_EXCEEDED_EXCEPTION (CLOUD_FAILURE)"))
        .isEqualTo("cloud/quota-exceeded");
  }

  @Test
  void anAmbiguousCodeLendsItsCategoryToAMessageThatNothingKnows() {
    Diagnosis diagnosis =
        classifier.classify(
            FailureEvidence.ofCode("LIBRARY_INSTALLATION_ERROR", "the wheel is rolling away"));

    assertThat(diagnosis.key()).startsWith("unknown/the-wheel-is-rolling-");
    assertThat(diagnosis.category()).isEqualTo(Category.DEPENDENCY);
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.LOW);
  }

  @Test
  void aMessageInsideJsonIsTheCauseAndItsCodeTheFrame() {
    assertThat(
            diagnose(
                    "Error: {\"error_code\":\"SOMETHING\",\"message\":\"Too many requests, wait \\\"now\\\"\",\"details\":[{\"reason\":\"permission denied\"}]}")
                .key())
        .isEqualTo("http/429");
    assertThat(
            diagnose(
                    "{\"error\":\"java.lang.RuntimeException: x\\n\\tat acme.A.b(A.java:1)\\nCaused by: java.net.UnknownHostException: db1\\n\\tat acme.A.c(A.java:2)\"}")
                .key())
        .isEqualTo("network/name-resolution");
  }

  @Test
  void ofAClassThatTruncationCutInTwoTheOuterOneIsTaken() {
    Diagnosis diagnosis =
        diagnose(
            """
            com.acme.LoadException: load 17 failed
            \tat acme.Load.run(Load.java:10)
            Caused by: com.acme.Bro... truncated""");

    assertThat(diagnosis.key()).startsWith("unknown/com-acme-loadexception-load-");
  }

  @Test
  void theTailOfAHugeTraceIsLookedAt() {
    String frames = "\tat acme.Deep.call(Deep.java:1)\n".repeat(20_000);
    Diagnosis diagnosis =
        diagnose(
            "java.lang.RuntimeException: outer\n"
                + frames
                + "Caused by: java.net.ConnectException: Connection refused\n");

    assertThat(diagnosis.key()).isEqualTo("network/connection-refused");
  }

  @Test
  void aBracketedClassThatNoCatalogueListsIsItsOwnKey() {
    Diagnosis spark =
        diagnose("[WINDOW_ON_FIRE.BADLY] The window burns. SQLSTATE: 22023 (line 1, pos 3)");
    Diagnosis delta = diagnose("AnalysisException: [DELTA_ON_FIRE] It burns");

    assertThat(spark.key()).isEqualTo("spark/WINDOW_ON_FIRE");
    assertThat(spark.category()).isEqualTo(Category.DATA);
    assertThat(spark.confidence()).isEqualTo(Confidence.MEDIUM);
    assertThat(delta.key()).isEqualTo("delta/DELTA_ON_FIRE");
    assertThat(delta.confidence()).isEqualTo(Confidence.MEDIUM);
  }

  @Test
  void logLevelsAndListsInBracketsAreNotErrorClasses() {
    assertThat(diagnose("[ERROR] it burns").key()).startsWith("unknown/");
    assertThat(diagnose("columns: [ORDER_ID, AMOUNT] are odd").key()).startsWith("unknown/");
  }

  @Test
  void anSqlstateAloneSaysTheKind() {
    assertThat(diagnose("query went wrong, SQLSTATE: 42501").category()).isEqualTo(Category.ACCESS);
    assertThat(diagnose("query went wrong (SQLSTATE=22007)").category()).isEqualTo(Category.DATA);
    assertThat(diagnose("query went wrong, SQLSTATE 42S99").category()).isEqualTo(Category.CODE);
  }

  @Test
  void aGenericErrorYieldsToWhatItSays() {
    assertThat(diagnose("ValueError: the request timed out").key()).isEqualTo("network/timeout");
    assertThat(diagnose("ValueError: odd").key()).isEqualTo("python/ValueError");
  }

  private String key(String code, String message) {
    return classifier.classify(FailureEvidence.ofCode(code, message)).key();
  }

  private Diagnosis diagnose(String message) {
    return classifier.classify(FailureEvidence.ofMessage(message));
  }
}
