/** Proves the contract of the query API. */
package io.mendline.topology.api;
