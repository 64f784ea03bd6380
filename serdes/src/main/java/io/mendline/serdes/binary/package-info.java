/**
 * The compact binary form that signals and state are written in: {@link
 * io.mendline.serdes.binary.BinaryWriter}, {@link io.mendline.serdes.binary.BinaryReader} and the
 * hash that content ids are made with. Strict by design: what cannot be read is an error, never a
 * guess.
 */
package io.mendline.serdes.binary;
