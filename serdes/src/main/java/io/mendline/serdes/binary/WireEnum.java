package io.mendline.serdes.binary;

/**
 * An enum constant with a number of its own for the wire. Constants may be reordered and renamed at
 * will; a code, once released, belongs to its constant for ever and is not given to another.
 */
public interface WireEnum {
  /** The stable number of this constant: 0 to 127, so that it takes one byte. */
  int code();
}
