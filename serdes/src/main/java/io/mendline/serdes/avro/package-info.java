/** Records of the contract in Avro's single-object encoding, which needs no schema registry. */
package io.mendline.serdes.avro;
