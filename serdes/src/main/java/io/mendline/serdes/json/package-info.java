/** Records of the contract as plain JSON, and the one JSON factory of the pipeline. */
package io.mendline.serdes.json;
