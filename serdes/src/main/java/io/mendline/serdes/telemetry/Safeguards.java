package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;

/**
 * What a job is set to for the case that something goes wrong, as far as its settings say.
 *
 * @param retries whether any of its tasks is tried again when it fails; the platform itself starts
 *     a continuous job again
 * @param timeout whether the job, or else every one of its tasks, has a time-out; a continuous job
 *     needs none
 * @param failureNotice whether somebody is told when the job, or else any one of its tasks, fails
 */
public record Safeguards(Told retries, Told timeout, Told failureNotice) {
  /** Nothing is told of any. */
  public static final Safeguards UNTOLD = new Safeguards(Told.UNTOLD, Told.UNTOLD, Told.UNTOLD);

  /** Checks that all are there. */
  public Safeguards {
    requireNonNull(retries, "retries");
    requireNonNull(timeout, "timeout");
    requireNonNull(failureNotice, "failureNotice");
  }

  /** These, and of what they do not tell what others tell. */
  public Safeguards over(Safeguards before) {
    return new Safeguards(
        retries.over(before.retries),
        timeout.over(before.timeout),
        failureNotice.over(before.failureNotice));
  }

  /** What settings say of one of them. */
  public enum Told implements WireEnum {
    /** Nothing. */
    UNTOLD(0),
    /** It is not there. */
    NO(1),
    /** It is there. */
    YES(2);

    private final int code;

    Told(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }

    private Told over(Told before) {
      return this == UNTOLD ? before : this;
    }
  }
}
