package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What an instance says of itself, whether or not it can answer questions. */
public interface Probes {
  /** Whether it should go on: when not, start it anew. */
  Probe live();

  /** Whether questions should be sent to it. */
  Probe ready();

  /** Whether it has ever got as far as processing. */
  Probe started();

  /** Its metrics, as Prometheus reads them. */
  String metrics();

  /** The media type of {@link #metrics}. */
  String metricsType();

  /**
   * One answer.
   *
   * @param up whether it is so
   * @param document the details
   */
  record Probe(boolean up, ObjectNode document) {}
}
