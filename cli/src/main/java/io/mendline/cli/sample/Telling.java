package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;

/**
 * One record that a source is going to write.
 *
 * @param source which source
 * @param time event time
 * @param lane records of one source and lane share envelopes; {@link #ALONE} is a message of its
 *     own
 * @param body writes the record, one JSON object
 */
record Telling(Source source, long time, int lane, Body body) {
  static final int ALONE = -1;

  /** Writes one JSON value. */
  @FunctionalInterface
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }
}
