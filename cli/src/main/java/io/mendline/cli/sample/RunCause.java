package io.mendline.cli.sample;

/**
 * Why a run failed.
 *
 * <p>A fault of the platform has a termination code, which only the Jobs API 2.2 tells; an
 * exception of the user's code has an error text at the task.
 */
enum RunCause {
  CLOUD_FAILURE(
      "CLOUD_FAILURE", "The cloud provider failed to bring up the requested instances.", null),
  DRIVER_LOST("DRIVER_ERROR", "Could not reach driver of the cluster.", null),
  CHECKOUT_FAILED("REPOSITORY_CHECKOUT_FAILED", "Failed to checkout Git repository.", null),
  REQUEST_LIMIT(
      "CLUSTER_REQUEST_LIMIT_EXCEEDED",
      "The workspace's cluster request limit was exceeded.",
      null),
  MODULE_MISSING(null, null, "ModuleNotFoundError: No module named 'holidays'"),
  TABLE_MISSING(
      null,
      null,
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `gold`.`customer_keys` cannot be found."
          + " Verify the spelling and correctness of the schema and catalog. SQLSTATE: 42P01"),
  MERGE_AMBIGUOUS(
      null,
      null,
      "[DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE] Cannot perform Merge as multiple"
          + " source rows matched and attempted to modify the same target row."),
  UNLISTED(null, null, "LedgerError: the ledger does not balance");

  private final String code;
  private final String message;
  private final String error;

  RunCause(String code, String message, String error) {
    this.code = code;
    this.message = message;
    this.error = error;
  }

  /** The termination code of a fault of the platform; null for an exception of the user's code. */
  String code() {
    return code;
  }

  /** The platform's message; null as the code. */
  String message() {
    return message;
  }

  /** The task's error; null for a fault of the platform. */
  String error() {
    return error;
  }
}
