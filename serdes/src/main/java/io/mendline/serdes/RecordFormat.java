package io.mendline.serdes;

import org.apache.avro.specific.SpecificRecord;

/**
 * One way to write records of one type of the contract as bytes, and to read them back.
 * Implementations are immutable and safe for use by several threads.
 *
 * @param <T> the type of record, a class generated from the contract
 */
public interface RecordFormat<T extends SpecificRecord> {
  /**
   * The record as bytes.
   *
   * @param value not null
   * @throws RecordFormatException if the record is incomplete; the message names the field
   */
  byte[] write(T value);

  /**
   * The record that the bytes hold.
   *
   * @param data not null
   * @throws RecordFormatException if they hold none; the message says why and, where it can, names
   *     the field
   */
  T read(byte[] data);
}
