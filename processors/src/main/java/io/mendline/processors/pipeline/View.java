package io.mendline.processors.pipeline;

import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.Change;
import java.util.List;

/** What a detector may look at beside its own state. */
public interface View {
  /** The time the engine takes it to be, epoch milliseconds. */
  long clock();

  /** The policy in force at an event time. */
  Policy policy(long at);

  /** When a route's source was heard, in bins of five minutes, over the last eight days. */
  Presence presence(String route, Source source);

  /** The changes of a service with {@code from <= at <= to}, oldest first, ties by id. */
  List<Change> changes(String service, long from, long to);
}
