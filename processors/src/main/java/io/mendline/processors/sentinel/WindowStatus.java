package io.mendline.processors.sentinel;

/** What is known of a window that a rule was expected to run over. */
public enum WindowStatus {
  /** A run looked at it in time. */
  OK(true),
  /** A run looked at it in time and ended as a partial success. */
  PARTIAL(true),
  /** It was skipped, or no record spoke of it in time, and a run looked at it later. */
  FILLED(true),
  /** It was given up, or no record speaks of it though the workspace was heard. */
  SKIPPED(false),
  /** Runs over it failed, and nothing says that it was given up. */
  FAILED(false),
  /** No record speaks of it, and nothing says whether one was ever written. */
  UNKNOWN(false),
  /** Too young to say. */
  PENDING(false);

  private final boolean ran;

  WindowStatus(boolean ran) {
    this.ran = ran;
  }

  /** Whether a run looked at the window's data. */
  public boolean ran() {
    return ran;
  }
}
