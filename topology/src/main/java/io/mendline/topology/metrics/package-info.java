/** What is counted and measured, for Prometheus. */
package io.mendline.topology.metrics;
