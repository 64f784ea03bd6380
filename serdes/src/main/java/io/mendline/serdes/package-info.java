/**
 * How records of the contract become bytes and come back: {@link io.mendline.serdes.RecordFormat}
 * is the seam, {@code avro} and {@code json} are behind it, and a format that asks a schema
 * registry would be a third. Telemetry, which comes as its sources write it, has decoders of its
 * own in {@code telemetry}.
 */
package io.mendline.serdes;
