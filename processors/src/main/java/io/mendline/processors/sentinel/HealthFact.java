package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Subject;
import io.mendline.serdes.binary.WireEnum;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.text.FreeText;
import java.util.Comparator;
import java.util.List;

/**
 * What is kept of one health record of a connector, automation rule or playbook until it is judged.
 *
 * @param time event time of the record, epoch milliseconds
 * @param contentId its identity
 * @param kind what it means for the resource
 * @param status how it ended, as told
 * @param throttled it failed only because too many requests were made
 * @param subject the resource as the record describes it
 * @param codes the first issue codes it names, at most {@value #MAX_CODES}; of a good one none
 * @param cause why it failed; null for a good one, and where nothing says
 * @param message what it says for people, at most {@value #MAX_MESSAGE} characters; null for a good
 *     one, and where it says nothing
 * @param at where it was read
 * @param ref the source's number for it; nullable
 */
record HealthFact(
    long time,
    long contentId,
    Kind kind,
    SentinelHealth.Status status,
    boolean throttled,
    Subject subject,
    List<String> codes,
    Cause cause,
    String message,
    Coordinates at,
    String ref) {

  /** More issue codes than this are not kept of one record. */
  static final int MAX_CODES = 8;

  /** Longer messages are cut. */
  static final int MAX_MESSAGE = 300;

  /** The order of judgement. */
  static final Comparator<HealthFact> ORDER = Comparator.comparing(HealthFact::place);

  /** What a record means for the resource. The order matters, see {@link Place}. */
  enum Kind implements WireEnum {
    /** It works. */
    GOOD(1),
    /** Neither, but it may say more about a failure. */
    NOTE(2),
    /** It does not work. */
    BAD(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /**
   * A fact's place in the order of judgement: by event time; at one instant the good before the
   * bad, so that what ended well at the very instant of a failure does not hide it; then by
   * content.
   */
  record Place(long time, Kind kind, long contentId) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int order = Long.compare(time, other.time);
      order = order != 0 ? order : kind.compareTo(other.kind);
      return order != 0 ? order : Long.compare(contentId, other.contentId);
    }
  }

  Place place() {
    return new Place(time, kind, contentId);
  }

  /** The fact that a record tells. */
  static HealthFact of(
      Signal signal,
      SentinelHealth row,
      Kind kind,
      boolean throttled,
      Subject subject,
      Cause cause) {
    boolean good = kind == Kind.GOOD;
    return new HealthFact(
        signal.eventTime(),
        signal.contentId(),
        kind,
        row.status(),
        throttled,
        subject,
        good ? List.of() : row.issues().stream().limit(MAX_CODES).toList(),
        good ? null : cause,
        good ? null : message(row),
        signal.at(),
        row.recordId());
  }

  private static String message(SentinelHealth row) {
    String text = row.description() == null ? row.reason() : row.description();
    return FreeText.beginning(text, MAX_MESSAGE);
  }
}
