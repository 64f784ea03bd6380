package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import io.mendline.serdes.binary.WireEnum;

/**
 * What one check found of one resource at one instant. See {@link TelemetryRecord} for how absence
 * is written.
 *
 * @param time when it was checked
 * @param check which check, as the producer calls it
 * @param category what it is about, such as {@code security}, lower-cased; nullable
 * @param status what it found
 * @param severity how bad it is where it did not pass; {@code OTHER} where the producer does not
 *     say
 * @param workspace the workspace of the resource, lower-cased; nullable
 * @param resourceType the type of the resource as given, upper-cased; nullable
 * @param resourceId what was checked
 * @param resourceName its name; nullable
 * @param assessmentId the assessment that this is a part of; nullable
 * @param message what was found, in words; nullable
 */
public record CheckResult(
    long time,
    String check,
    String category,
    Status status,
    Severity severity,
    String workspace,
    String resourceType,
    String resourceId,
    String resourceName,
    String assessmentId,
    String message)
    implements TelemetryRecord {

  /** Checks what may not be null. */
  public CheckResult {
    requireNonNull(check, "check");
    requireNonNull(status, "status");
    requireNonNull(severity, "severity");
    requireNonNull(resourceId, "resourceId");
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }

  /** What a check found. */
  public enum Status implements WireEnum {
    /** All is well. */
    PASS(1),
    /** A part of it is not well, or could not be looked at. */
    PARTIAL(2),
    /** It is not well. */
    FAIL(3);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** How bad it is. */
  public enum Severity implements WireEnum {
    /** Not said, or a word that is not known here. */
    OTHER(0),
    /** For a quiet day. */
    LOW(1),
    /** For today. */
    MEDIUM(2),
    /** For now. */
    HIGH(3),
    /** For everybody, now. */
    CRITICAL(4);

    private final int code;

    Severity(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }
}
