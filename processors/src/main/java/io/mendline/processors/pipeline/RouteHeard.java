package io.mendline.processors.pipeline;

/**
 * A route was heard at a time at which it had not been heard before, to the bin of {@link
 * Presence}. It goes ahead of the signal that says so, for those who judge a route's silence.
 *
 * @param at when it arrived, by the wall clock; on a clock driven by input, which knows nothing of
 *     arrival, the event time of the signal; epoch milliseconds
 */
public record RouteHeard(String route, Source source, long at) implements Message {}
