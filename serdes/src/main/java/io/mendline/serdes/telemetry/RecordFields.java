package io.mendline.serdes.telemetry;

/**
 * Collects the fields of one record while they stream by, and makes facts of them when the record
 * has ended. One object per record; this is where the shapes of a source are known.
 */
interface RecordFields extends Json.Fields {
  /** Called once, after the last field: tells the sink what the record comes to. */
  void finish(int index, DecodedSink sink);
}
