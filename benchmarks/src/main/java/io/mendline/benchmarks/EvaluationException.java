package io.mendline.benchmarks;

/**
 * Series or labels that cannot be scored; the message is one line that names the file, the line
 * where there is one, and what to do.
 */
final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EvaluationException(String message) {
    super(message);
  }
}
