package io.mendline.processors.cause;

/**
 * What a source says of one failure, as it says it. Every component may be null; enumeration values
 * are kept as text, because sources add values.
 *
 * @param terminationCode why a run ended, such as {@code CLOUD_FAILURE}; a cluster's termination
 *     reason code is welcome too
 * @param terminationType who is to blame by the platform's account, such as {@code CLIENT_ERROR}
 * @param lifeCycle the run's life cycle state. {@code INTERNAL_ERROR} here is what an ordinary
 *     exception in user code looks like and says nothing about the platform, so this is never read
 *     as a cause, except {@code SKIPPED}
 * @param result the run's result state, such as {@code TIMEDOUT}
 * @param message the error or state message
 * @param trace the stack trace, if it is told apart from the message
 * @param taskKey which task failed; carried for the reader, it names where and not why
 */
public record FailureEvidence(
    String terminationCode,
    String terminationType,
    String lifeCycle,
    String result,
    String message,
    String trace,
    String taskKey) {

  /** A message and nothing else. */
  public static FailureEvidence ofMessage(String message) {
    return new FailureEvidence(null, null, null, null, message, null, null);
  }

  /** A message and the stack trace that came with it. */
  public static FailureEvidence ofMessage(String message, String trace) {
    return new FailureEvidence(null, null, null, null, message, trace, null);
  }

  /** A termination code, with a message if there is one. */
  public static FailureEvidence ofCode(String terminationCode, String message) {
    return new FailureEvidence(terminationCode, null, null, null, message, null, null);
  }
}
