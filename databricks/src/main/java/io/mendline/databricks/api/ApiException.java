package io.mendline.databricks.api;

/**
 * A call to the REST API of Databricks that came to nothing. Its message names the call and what
 * was answered, on one line, and holds no secret.
 */
public final class ApiException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final long retryAfterMillis;

  ApiException(Kind kind, String message, long retryAfterMillis) {
    super(message);
    this.kind = kind;
    this.retryAfterMillis = retryAfterMillis;
  }

  ApiException(Kind kind, String message) {
    this(kind, message, 0);
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** How long the other side asks to be left alone, milliseconds; 0 when it does not say. */
  public long retryAfterMillis() {
    return retryAfterMillis;
  }

  /** Kinds of failure, by what can be done about them. */
  public enum Kind {
    /** 401, or no login could be had: the credentials are wrong or have expired. */
    UNAUTHENTICATED("not-authenticated", true),
    /** 403: the credentials do not allow it. */
    FORBIDDEN("not-permitted", false),
    /** 404, or 400 with the words that something does not exist. */
    NOT_FOUND("gone", false),
    /** Any other answer that blames the caller, a redirection among them. */
    REFUSED("not-offered", false),
    /** 429. */
    THROTTLED("busy", true),
    /** 5xx. */
    SERVER_ERROR("server-error", true),
    /** No answer: no connection, or a time-out. */
    UNREACHABLE("no-answer", true),
    /** An answer that is no JSON object. */
    UNREADABLE("unreadable", true);

    private final String word;
    private final boolean passing;

    Kind(String word, boolean passing) {
      this.word = word;
      this.passing = passing;
    }

    /**
     * As it is told to those who read the evidence; none that a catalogue of causes could take for
     * the cause of a failed run.
     */
    public String word() {
      return word;
    }

    /** Whether the same call may succeed later. */
    public boolean passing() {
      return passing;
    }
  }
}
