/**
 * Ingest: every message is decoded once, becomes signals on the partition of their route, or a dead
 * letter.
 */
package io.mendline.processors.ingest;
