/** Partitions of datasets that are missing or not good, and what they wait for. */
package io.mendline.processors.partitions;
