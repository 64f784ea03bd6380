package io.mendline.processors.kafka;

import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What all processors of one application share.
 *
 * @param sources the source of each input topic, by the topic's name
 * @param partitions how many partitions the {@code signals} topic has
 * @param lateness per source, milliseconds
 * @param clock what the time is taken to be
 * @param wall the wall clock, epoch milliseconds
 * @param inputs what is known of the input topics
 * @param policies filled from the {@code policies-valid} topic
 * @param budget how much due work is done at once
 * @param outbox whether outputs are kept in the state until they cannot be lost: under at-least-once
 */
public record Runtime(
    Map<String, Source> sources,
    int partitions,
    Map<Source, Long> lateness,
    Clock clock,
    LongSupplier wall,
    Inputs inputs,
    PolicyBook policies,
    Budget budget,
    boolean outbox) {

  long lateness(Source source) {
    return lateness.get(source);
  }
}
