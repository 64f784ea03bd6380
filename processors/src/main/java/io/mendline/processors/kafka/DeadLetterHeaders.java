package io.mendline.processors.kafka;

import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.pipeline.Coordinates;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The headers of a dead letter; all are text in UTF-8. What is not known is left out. */
public final class DeadLetterHeaders {
  /** The topic that it was read from; at stage {@code produce} the one it was to be written to. */
  public static final String TOPIC = "topic";

  /** The partition of that topic. */
  public static final String PARTITION = "partition";

  /** The offset in that partition. */
  public static final String OFFSET = "offset";

  /** The record's timestamp, ISO-8601. */
  public static final String TIME = "time";

  /** Where it was refused. */
  public static final String STAGE = "stage";

  /** Why, in one line without secrets. */
  public static final String ERROR = "error";

  /** Which records of an envelope were refused. */
  public static final String RECORDS = "records";

  /** How long the value was before it was cut, bytes. */
  public static final String CUT = "cut";

  /** That the bytes are those of an internal topic. */
  public static final String INTERNAL = "internal";

  /** The class of the exception. */
  public static final String EXCEPTION = "exception";

  /** The node of the topology. */
  public static final String NODE = "node";

  /** The task, as {@code 2_5}: sub-topology and partition. */
  public static final String TASK = "task";

  private DeadLetterHeaders() {}

  /** What is known of every letter. */
  public static Headers of(DeadLetter letter) {
    Coordinates at = letter.message().at();
    RecordHeaders headers = new RecordHeaders();
    add(headers, TOPIC, at.topic());
    add(headers, PARTITION, at.partition() < 0 ? null : Integer.toString(at.partition()));
    add(headers, OFFSET, at.offset() < 0 ? null : Long.toString(at.offset()));
    if (letter.message().transportTime() >= 0) {
      add(headers, TIME, Instant.ofEpochMilli(letter.message().transportTime()).toString());
    }
    add(headers, STAGE, letter.stage());
    add(headers, ERROR, letter.error());
    if (!letter.records().isEmpty()) {
      add(headers, RECORDS, letter.records().toString());
    }
    if (letter.cut()) {
      byte[] value = letter.message().value();
      add(headers, CUT, Integer.toString(value == null ? 0 : value.length));
    }
    return headers;
  }

  /** Adds a header; null adds none. */
  public static void add(Headers headers, String name, String value) {
    if (value != null) {
      headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
  }
}
