package io.mendline.cli.sample;

/** Why a rule could not be run, with the two styles in which its code is written. */
enum SentinelCause {
  QUERY_TIMEOUT("QUERY_TIMEOUT", "QueryTimeout", "The query took too long."),
  TEMPORARY_ISSUE("TEMPORARY_ISSUE_DELAY", "TemporaryIssuesDelay", "A temporary issue."),
  SEMANTIC_ERROR("SEMANTIC_ERROR", "SemanticErrorInQuery", "A semantic error in the query."),
  TABLE_MISSING("TABLE_NOT_EXISTS", "TABLE_NOT_EXISTS", "A table of the query does not exist.");

  private final String upperSnake;
  private final String pascal;
  private final String text;

  SentinelCause(String upperSnake, String pascal, String text) {
    this.upperSnake = upperSnake;
    this.pascal = pascal;
    this.text = text;
  }

  /** The code, as older or as newer versions of the service spell it. */
  String code(boolean old) {
    return old ? upperSnake : pascal;
  }

  String text() {
    return text;
  }
}
