package io.mendline.processors.pipeline;

/**
 * What travels down the engine's line from station to station: a signal until some concern takes
 * it, word that its route was heard, event time progress, and what concerns have put out.
 */
public sealed interface Message permits Signal, RouteHeard, Progress, Output {}
