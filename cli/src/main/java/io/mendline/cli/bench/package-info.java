/**
 * {@code mendline bench}: what the service costs beside a bare consumer and beside Kafka Streams
 * that only passes messages through, on the same input and the same broker.
 */
package io.mendline.cli.bench;
