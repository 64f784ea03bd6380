package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;

/**
 * A message as received.
 *
 * @param source the input topic it came from
 * @param at where it was read
 * @param transportTime when it was handed to the transport, epoch milliseconds; taken for event
 *     time only of what says nowhere when it was, see {@link Decoded#of(RawMessage, long)}
 * @param key the key's bytes; may be null
 * @param value the value's bytes; may be null
 */
// Handed from one place to the next, never compared.
@SuppressWarnings("ArrayRecordComponent")
public record RawMessage(
    Source source, Coordinates at, long transportTime, byte[] key, byte[] value) {}
