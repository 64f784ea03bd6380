package io.mendline.cli.sample;

import static java.util.Objects.requireNonNull;

import io.mendline.processors.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message as its topic would carry it.
 *
 * @param source which topic
 * @param key the record's key; null for none, as most sources write it
 * @param eventTime event time of the latest record in it, epoch milliseconds
 * @param earliest event time of the earliest record in it, at most {@code eventTime}
 * @param value the value, UTF-8 JSON without line breaks; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a value is bytes; equality is by content, see below
public record SampleMessage(
    Source source, String key, long eventTime, long earliest, byte[] value) {

  /** Checks what may not be null and the order of the two times. */
  public SampleMessage {
    requireNonNull(source, "source");
    requireNonNull(value, "value");
    if (earliest > eventTime) {
      throw new IllegalArgumentException("earliest " + earliest + " is after " + eventTime);
    }
  }

  /** A message of one record. */
  public SampleMessage(Source source, String key, long eventTime, byte[] value) {
    this(source, key, eventTime, eventTime, value);
  }

  /** The value as text. */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SampleMessage that
        && source == that.source
        && eventTime == that.eventTime
        && earliest == that.earliest
        && (key == null ? that.key == null : key.equals(that.key))
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value) * 31 + Long.hashCode(eventTime);
  }

  @Override
  public String toString() {
    return source.label() + ' ' + eventTime + ' ' + text();
  }
}
