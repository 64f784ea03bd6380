package io.mendline.processors.pipeline;

/**
 * Where a message was read.
 *
 * @param topic the topic, or in replay the file's name
 * @param partition the partition, 0 in replay
 * @param offset the offset, or in replay the line's number counted from 1
 */
public record Coordinates(String topic, int partition, long offset) {}
