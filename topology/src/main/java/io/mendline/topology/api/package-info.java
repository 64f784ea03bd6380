/**
 * The query API over HTTP. A question is put to the partitions that can answer it, wherever they
 * are: {@link io.mendline.topology.api.Gatherer} finds their holders, {@link
 * io.mendline.topology.api.LocalStores} reads those of this instance and {@link
 * io.mendline.topology.api.Peers} asks the others. {@code docs/openapi.yaml} is the contract.
 */
package io.mendline.topology.api;
