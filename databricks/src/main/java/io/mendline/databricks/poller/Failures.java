package io.mendline.databricks.poller;

import io.mendline.databricks.api.ApiException;
import io.mendline.databricks.api.ApiException.Kind;
import java.util.ArrayList;
import java.util.List;

/** The calls of one workspace that failed in a step, and how many of them in a row. */
final class Failures {
  /** More calls in a row that fail are no accident: the rest would fail, too. */
  private static final int IN_A_ROW = 3;

  private final List<String> problems = new ArrayList<>();
  private int inARow;

  /** Begins a step. */
  void clear() {
    problems.clear();
    inARow = 0;
  }

  /** A call has succeeded, or others begin that have nothing to do with those before. */
  void over() {
    inARow = 0;
  }

  /** What could not be read or written. */
  void note(String line) {
    problems.add(line);
  }

  /**
   * Notes a call that failed and may pass.
   *
   * @throws ApiException the same, when it is no use to go on, or the other side asks to be left
   *     alone
   */
  void count(ApiException e) throws ApiException {
    inARow++;
    boolean rest = e.kind() == Kind.UNAUTHENTICATED || e.retryAfterMillis() > 0;
    if (inARow >= IN_A_ROW || rest) {
      throw e;
    }
    problems.add(e.getMessage());
  }

  /** A line each; no secret. */
  List<String> problems() {
    return List.copyOf(problems);
  }
}
