/**
 * What the concerns share: signals and messages, the two ports a concern is written against ({@link
 * io.mendline.processors.pipeline.Store} and {@link io.mendline.processors.pipeline.Emitter}),
 * event-time progress, timers, and the {@link io.mendline.processors.pipeline.KeyedStation} that
 * hosts a detector.
 *
 * <p>Nothing here knows Kafka. Both runtimes, the Kafka Streams topology and the in-process replay,
 * drive the same stations in the same order.
 */
package io.mendline.processors.pipeline;
