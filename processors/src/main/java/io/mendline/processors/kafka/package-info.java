/**
 * The adapters between the pipeline and Kafka Streams: processors without decisions, stores and
 * serdes. The only package that sees Kafka Streams.
 */
package io.mendline.processors.kafka;
