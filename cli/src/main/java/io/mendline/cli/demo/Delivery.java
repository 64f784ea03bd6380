package io.mendline.cli.demo;

import io.mendline.processors.pipeline.Source;

/**
 * A message to an input topic, and when it is told.
 *
 * @param at when it is told, on the demo's clock, epoch milliseconds; never before the newest event
 *     in it
 * @param source which topic
 * @param key the record's key; null for none
 * @param value the value as the topic carries it; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // a value is bytes; deliveries are not compared
record Delivery(long at, Source source, String key, byte[] value) {}
