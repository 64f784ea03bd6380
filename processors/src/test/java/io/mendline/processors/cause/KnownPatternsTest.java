package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Transience;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Messages as operators see them, each with the cause that it is to be filed under. A backslash and
 * n stand for a line break.
 */
class KnownPatternsTest {
  private final RootCauseClassifier classifier = new RootCauseClassifier(CauseCatalogue.bundled());

  @ParameterizedTest
  @CsvSource(
      delimiterString = " || ",
      quoteCharacter = '\u0001',
      textBlock =
          """
          spark/UNRESOLVED_COLUMN || CODE || PERMANENT || [UNRESOLVED_COLUMN.WITH_SUGGESTION] A column, variable, or function parameter with name `custmer_id` cannot be resolved. Did you mean one of the following? [`customer_id`, `id`]. SQLSTATE: 42703; line 1 pos 7
          access/permission-denied || ACCESS || PERMANENT || [INSUFFICIENT_PERMISSIONS] Insufficient privileges: User does not have SELECT on Table 'main.gold.sales'. SQLSTATE: 42501
          access/permission-denied || ACCESS || PERMANENT || PERMISSION_DENIED: User does not have USE CATALOG on Catalog 'main'.
          access/permission-denied || ACCESS || PERMANENT || com.databricks.sql.managedcatalog.acl.UnauthorizedAccessException: PERMISSION_DENIED: User does not have CREATE TABLE and USE SCHEMA on Schema 'main.silver'.
          jvm/OutOfMemoryError || CAPACITY || PERMANENT || java.lang.OutOfMemoryError: GC overhead limit exceeded
          databricks/driver-unreachable || PLATFORM || TRANSIENT || The spark driver has stopped unexpectedly and is restarting. Your notebook will be automatically reattached.
          jvm/OutOfMemoryError || CAPACITY || PERMANENT || ExecutorLostFailure (executor 14 exited caused by one of the running tasks) Reason: Command exited with code 137
          spark/executor-lost || PLATFORM || TRANSIENT || ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: Executor heartbeat timed out after 169238 ms
          spark/executor-lost || PLATFORM || TRANSIENT || ExecutorLostFailure (executor 0 exited unrelated to the running tasks) Reason: Executor decommission: worker decommissioned because of kill request from HTTP endpoint (data migration disabled)
          jvm/driver-out-of-memory || CAPACITY || PERMANENT || org.apache.spark.SparkException: Job aborted due to stage failure: Total size of serialized results of 2000 tasks (4.0 GiB) is bigger than spark.driver.maxResultSize 4.0 GiB.
          cloud/spot-instance-lost || CAPACITY || TRANSIENT || Cluster '0821-123456-abc' was terminated. Reason: SPOT_INSTANCE_TERMINATION (CLOUD_FAILURE). Parameters: instance_id:i-0abc
          databricks/cluster-terminated || PLATFORM || TRANSIENT || Cluster 0821-123456-abc was terminated during the run
          cloud/quota-exceeded || CAPACITY || TRANSIENT || Unexpected failure while waiting for the cluster (0310-095959-abc) to be ready: Cluster 0310-095959-abc is in unexpected state Terminated: AZURE_QUOTA_EXCEEDED_EXCEPTION(CLIENT_ERROR): azure_error_code:QuotaExceeded,azure_error_message:Operation could not be completed as it results in exceeding approved Total Regional Cores quota
          cloud/stockout || CAPACITY || TRANSIENT || Unexpected failure while waiting for the cluster (0310-095959-abc) to be ready: Cluster 0310-095959-abc is in unexpected state Terminated: CLOUD_PROVIDER_RESOURCE_STOCKOUT(CLOUD_FAILURE): azure_error_code:SkuNotAvailable
          cloud/launch-failure || PLATFORM || TRANSIENT || Cloud Provider Launch Failure: A cloud provider error was encountered while setting up the cluster
          databricks/driver-unreachable || PLATFORM || TRANSIENT || Failure starting repl. Try detaching and re-attaching the notebook.
          databricks/driver-unreachable || PLATFORM || TRANSIENT || Could not reach driver of cluster 0310-095959-abc.
          python/no-matching-distribution || DEPENDENCY || PERMANENT || Run failed with error message\\n Library installation failed for library due to user error for pypi {  package: "acme==1.0" }. Error messages:\\nLibrary installation attempted on the driver node of cluster 0310 and failed. Error code: ERROR_NO_MATCHING_DISTRIBUTION_FOUND, error message: org.apache.spark.SparkException: Process List(/bin/su, libraries, -c, bash) exited with code 1. ERROR: Could not find a version that satisfies the requirement acme==1.0 (from versions: none)
          network/timeout || TIMEOUT || TRANSIENT || com.microsoft.sqlserver.jdbc.SQLServerException: The TCP/IP connection to the host sql01.acme.com, port 1433 has failed. Error: "connect timed out. Verify the connection properties."
          access/unauthenticated || ACCESS || PERMANENT || com.microsoft.sqlserver.jdbc.SQLServerException: Login failed for user 'etl'. ClientConnectionId:0c1a
          sql/too-many-connections || CAPACITY || TRANSIENT || org.postgresql.util.PSQLException: FATAL: sorry, too many clients already
          network/connection-refused || PLATFORM || TRANSIENT || psycopg2.OperationalError: could not connect to server: Connection refused\\n\\tIs the server running on host "db" (10.0.0.4) and accepting TCP/IP connections on port 5432?
          network/name-resolution || PLATFORM || TRANSIENT || requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.acme.com', port=443): Max retries exceeded with url: /v1 (Caused by NameResolutionError("<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to resolve 'api.acme.com' ([Errno -2] Name or service not known)"))
          network/timeout || TIMEOUT || TRANSIENT || requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.acme.com', port=443): Read timed out. (read timeout=30)
          http/5xx || PLATFORM || TRANSIENT || requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: https://api.acme.com/v1
          databricks/RESOURCE_DOES_NOT_EXIST || DEPENDENCY || PERMANENT || requests.exceptions.HTTPError: 404 Client Error: Not Found for url: https://api.acme.com/v1
          access/unauthenticated || ACCESS || PERMANENT || requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.acme.com/v1
          http/5xx || PLATFORM || TRANSIENT || requests.exceptions.HTTPError: 500 Server Error: Internal Server Error for url: https://x
          network/tls || CONFIGURATION || PERMANENT || requests.exceptions.SSLError: HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: / (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate (_ssl.c:1129)')))
          access/unauthenticated || ACCESS || PERMANENT || shaded.databricks.azurebfs.org.apache.hadoop.fs.azurebfs.contracts.exceptions.AbfsRestOperationException: Operation failed: "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.", 403, GET, https://acme.dfs.core.windows.net/raw
          spark/PATH_NOT_FOUND || DEPENDENCY || PERMANENT || Operation failed: "The specified filesystem does not exist.", 404, HEAD, https://acme.dfs.core.windows.net/raw
          cloud/throttled || CAPACITY || TRANSIENT || Operation failed: "Ingress is over the account limit.", 503, PUT, https://acme
          access/permission-denied || ACCESS || PERMANENT || com.amazonaws.services.s3.model.AmazonS3Exception: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 3J)
          access/permission-denied || ACCESS || PERMANENT || java.nio.file.AccessDeniedException: s3a://acme/raw: getFileStatus on s3a://acme/raw
          delta/DELTA_CONCURRENT_DELETE_READ || CONCURRENCY || TRANSIENT || [DELTA_CONCURRENT_DELETE_READ] This transaction attempted to read one or more files that were deleted (for example part-0.parquet in partition [date=1]) by a concurrent update.
          delta/DELTA_METADATA_CHANGED || CONCURRENCY || TRANSIENT || [DELTA_METADATA_CHANGED] MetadataChangedException: The metadata of the Delta table has been changed by a concurrent update.
          delta/DELTA_MERGE_UNRESOLVED_EXPRESSION || CODE || PERMANENT || [DELTA_MERGE_UNRESOLVED_EXPRESSION] Cannot resolve x in UPDATE clause
          delta/DELTA_FAILED_TO_MERGE_FIELDS || DATA || PERMANENT || [DELTA_FAILED_TO_MERGE_FIELDS] Failed to merge fields 'amount' and 'amount'
          delta/DELTA_SCHEMA_CHANGED_WITH_VERSION || DATA || TRANSIENT || [DELTA_SCHEMA_CHANGED_WITH_VERSION] Detected schema change in version 12
          spark/CAST_INVALID_INPUT || DATA || PERMANENT || [CAST_INVALID_INPUT] The value 'abc' of the type "STRING" cannot be cast to "INT" because it is malformed. SQLSTATE: 22018
          spark/DIVIDE_BY_ZERO || DATA || PERMANENT || [DIVIDE_BY_ZERO] Division by zero. Use `try_divide` to tolerate divisor being 0. SQLSTATE: 22012
          spark/UNKNOWN_FIELD_EXCEPTION || DATA || TRANSIENT || [STREAM_FAILED] Query [id = 3f, runId = 4e] terminated with exception: [UNKNOWN_FIELD_EXCEPTION.NEW_FIELDS_IN_RECORD_WITH_FILE_PATH] Encountered unknown fields during parsing: {"new_col":"x"}. SQLSTATE: KD003
          spark/PATH_NOT_FOUND || DEPENDENCY || PERMANENT || [FAILED_READ_FILE.FILE_NOT_EXIST] Error while reading file abfss://x/part-1.parquet. File does not exist. SQLSTATE: KD001
          spark/PATH_NOT_FOUND || DEPENDENCY || PERMANENT || [PATH_NOT_FOUND] Path does not exist: dbfs:/mnt/raw/2026. SQLSTATE: 42K03
          spark/SCHEMA_NOT_FOUND || DEPENDENCY || PERMANENT || [SCHEMA_NOT_FOUND] The schema `main`.`gold` cannot be found. SQLSTATE: 42704
          spark/already-exists || CONFIGURATION || PERMANENT || [TABLE_OR_VIEW_ALREADY_EXISTS] Cannot create table or view `gold`.`sales` because it already exists. SQLSTATE: 42P07
          jvm/OutOfMemoryError || CAPACITY || PERMANENT || [UNABLE_TO_ACQUIRE_MEMORY] Unable to acquire 65536 bytes of memory, got 0. SQLSTATE: 53200
          spark/MISSING_AGGREGATION || CODE || PERMANENT || [MISSING_AGGREGATION] The non-aggregating expression "x" is based on columns which are not participating in the GROUP BY clause. SQLSTATE: 42803
          spark/DATATYPE_MISMATCH || CODE || PERMANENT || AnalysisException: [DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES] Cannot resolve "(a + b)" due to data type mismatch
          python/AttributeError || CODE || PERMANENT || AttributeError: 'NoneType' object has no attribute 'select'
          python/TypeError || CODE || PERMANENT || TypeError: unsupported operand type(s) for +: 'int' and 'str'
          python/KeyError || CODE || PERMANENT || KeyError: 'run_date'
          python/NameError || CODE || PERMANENT || NameError: name 'df' is not defined
          python/SyntaxError || CODE || PERMANENT || SyntaxError: invalid syntax (<command-1>, line 3)
          python/ImportError || CODE || PERMANENT || ImportError: cannot import name 'foo' from 'acme' (/x/acme.py)
          python/AssertionError || CODE || PERMANENT || AssertionError: row count mismatch: expected 100, got 99
          spark/PATH_NOT_FOUND || DEPENDENCY || PERMANENT || FileNotFoundError: [Errno 2] No such file or directory: '/dbfs/mnt/x.csv'
          access/permission-denied || ACCESS || PERMANENT || PermissionError: [Errno 13] Permission denied: '/dbfs/x'
          data/corrupt-file || DATA || PERMANENT || json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
          jvm/ClassNotFoundException || CODE || PERMANENT || java.lang.ClassNotFoundException: Failed to find data source: com.databricks.spark.xml
          jvm/NoSuchMethodError || CODE || PERMANENT || java.lang.NoSuchMethodError: org.apache.commons.text.X.foo()V
          jvm/NullPointerException || CODE || PERMANENT || java.lang.NullPointerException
          jvm/MatchError || CODE || PERMANENT || scala.MatchError: null
          jvm/NotSerializableException || CODE || PERMANENT || org.apache.spark.SparkException: Task not serializable
          spark/PATH_NOT_FOUND || DEPENDENCY || PERMANENT || java.io.FileNotFoundException: File does not exist. It is possible the underlying files have been updated. You can explicitly invalidate the cache
          databricks/notebook-not-found || DEPENDENCY || PERMANENT || Notebook not found: /Repos/prod/x. Notebooks can be specified via a relative path
          databricks/notebook-not-found || DEPENDENCY || PERMANENT || Cannot read the python file dbfs:/x.py. Please check driver logs for more details.
          databricks/run-cancelled || CANCELLED || PERMANENT || Run cancelled: user jane requested cancellation
          databricks/USER_CANCELED || CANCELLED || PERMANENT || Cancelled by user jane@acme.com
          databricks/TIMEDOUT || TIMEOUT || TRANSIENT || The run was cancelled because it exceeded its timeout of 3600 seconds
          network/timeout || TIMEOUT || TRANSIENT || Task main timed out after 7200 seconds
          databricks/TIMEDOUT || TIMEOUT || TRANSIENT || Run exceeded maximum duration
          databricks/UPSTREAM_FAILED || DEPENDENCY || PERMANENT || Workflow failed due to upstream failures
          databricks/UPSTREAM_FAILED || DEPENDENCY || PERMANENT || Task(s) transform failed. Upstream task failed
          databricks/MAX_CONCURRENT_RUNS_EXCEEDED || CONCURRENCY || TRANSIENT || Maximum concurrent runs of 1 reached
          databricks/TIMEDOUT || TIMEOUT || TRANSIENT || com.databricks.WorkflowException: com.databricks.NotebookExecutionException: TIMEDOUT
          databricks/INVALID_PARAMETER_VALUE || CONFIGURATION || PERMANENT || INVALID_PARAMETER_VALUE: Cluster validation error: Missing required field: settings.cluster_spec.new_cluster.size
          databricks/RESOURCE_DOES_NOT_EXIST || DEPENDENCY || PERMANENT || RESOURCE_DOES_NOT_EXIST: Job 123 does not exist.
          http/429 || CAPACITY || TRANSIENT || Error: cannot create job: 429 RESOURCE_EXHAUSTED
          http/5xx || PLATFORM || TRANSIENT || TEMPORARILY_UNAVAILABLE: The service at /api/2.1/jobs is temporarily unavailable. Please try again later.
          access/unauthenticated || ACCESS || PERMANENT || azure.core.exceptions.ClientAuthenticationError: Authentication failed: AADSTS700016: Application with identifier 'x' was not found
          databricks/RESOURCE_DOES_NOT_EXIST || DEPENDENCY || PERMANENT || azure.core.exceptions.ResourceNotFoundError: The specified blob does not exist.
          cloud/throttled || CAPACITY || TRANSIENT || azure.core.exceptions.HttpResponseError: (ServerBusy) The server is busy.
          databricks/INVALID_PARAMETER_VALUE || CONFIGURATION || PERMANENT || Failure to initialize configuration for storage account acme.dfs.core.windows.net: Invalid configuration value detected for fs.azure.account.key
          network/timeout || TIMEOUT || TRANSIENT || org.apache.kafka.common.errors.TimeoutException: Timeout of 60000ms expired before the position for partition x-0 could be determined
          access/permission-denied || ACCESS || PERMANENT || org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [x]
          databricks/RESOURCE_DOES_NOT_EXIST || DEPENDENCY || PERMANENT || org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.
          kafka/offsets-lost || DATA || PERMANENT || org.apache.spark.sql.streaming.StreamingQueryException: [KAFKA_DATA_LOSS.START_OFFSET_RESET] Some data may have been lost
          databricks/INIT_SCRIPT_FAILURE || CONFIGURATION || PERMANENT || Init script failure: Cluster scoped init script abfss://x/init.sh failed: Script exit status is non-zero
          platform/disk-full || CAPACITY || PERMANENT || No space left on device
          platform/disk-full || CAPACITY || PERMANENT || OSError: [Errno 28] No space left on device
          databricks/driver-unreachable || PLATFORM || TRANSIENT || Fatal error: The Python kernel is unresponsive.
          jvm/OutOfMemoryError || CAPACITY || PERMANENT || Python kernel exited with exit code 137 (SIGKILL: Killed). This may have been caused by an OOM error.
          process/crashed || CODE || PERMANENT || fatal error: the Python process exited with exit code 139 (SIGSEGV: Segmentation fault)
          access/unauthenticated || ACCESS || PERMANENT || Execution failed: boto3 credentials could not be found: Unable to locate credentials
          databricks/INVALID_ACCESS_TOKEN || ACCESS || PERMANENT || botocore.exceptions.ClientError: An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired.
          cloud/throttled || CAPACITY || TRANSIENT || botocore.exceptions.ClientError: An error occurred (ThrottlingException) when calling the X operation: Rate exceeded
          databricks/RESOURCE_DOES_NOT_EXIST || DEPENDENCY || PERMANENT || mlflow.exceptions.RestException: RESOURCE_DOES_NOT_EXIST: Registered Model with name=x not found
          databricks/RESOURCE_DOES_NOT_EXIST || DEPENDENCY || PERMANENT || Git operation failed: Remote repo not found. Please ensure that the repo exists
          http/429 || CAPACITY || TRANSIENT || Failed to checkout Git repository: RESOURCE_EXHAUSTED: Rate limit exceeded
          data/expectation-failed || DATA || PERMANENT || Exception: Data quality check failed: 17 null keys in silver.orders
          configuration/environment-variable-missing || CONFIGURATION || PERMANENT || ValueError: Environment variable X is not set
          delta/DELTA_SOURCE_TABLE_IGNORE_CHANGES || DATA || PERMANENT || Flow 'x' has FAILED fatally. An error occurred because we detected an update or delete to one or more rows in the source table
          """)
  void isFiledUnder(String key, Category category, Transience transience, String message) {
    Diagnosis diagnosis =
        classifier.classify(FailureEvidence.ofMessage(message.replace("\\n", "\n")));

    assertThat(diagnosis.key()).isEqualTo(key);
    assertThat(diagnosis.category()).isEqualTo(category);
    assertThat(diagnosis.transience()).isEqualTo(transience);
  }
}
