package io.mendline.topology;

import io.mendline.serdes.RecordFormat;
import io.mendline.serdes.avro.AvroSingleObject;
import io.mendline.serdes.json.AvroJson;
import org.apache.avro.specific.SpecificRecord;

/** What the public topics are written in. */
public enum OutputFormat {
  /** Avro's single-object encoding: the schema's fingerprint travels with each record. */
  AVRO,
  /** JSON with the contract's field names. */
  JSON;

  /** The format of a type of record. */
  public <T extends SpecificRecord> RecordFormat<T> of(Class<T> type) {
    return this == AVRO ? new AvroSingleObject<>(type) : new AvroJson<>(type);
  }
}
