package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.processors.policy.PolicyException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A message after its one parse: the signals in it, or the policy, and what of it could not be
 * taken.
 *
 * @param message as received
 * @param signals in the order of the message
 * @param policy the policy document; null for every source but {@link Source#POLICIES}
 * @param letters what was refused
 */
public record Decoded(
    RawMessage message, List<Signal> signals, PolicyDocument policy, List<DeadLetter> letters) {
  /** An event time further ahead of its transport time than this moves nothing (law 2). */
  public static final long AHEAD_LIMIT_MILLIS = 10 * 60_000L;

  private static final Map<Source, MessageReader> READERS = MessageReader.all();

  /** Decodes a message. Never throws for what is in it. */
  public static Decoded of(RawMessage message) {
    Refusals refusals = new Refusals(message);
    List<Signal> signals = new ArrayList<>(4);
    PolicyDocument policy = null;
    if (message.source() == Source.POLICIES) {
      policy = policy(message, refusals);
    } else {
      READERS.get(message.source()).read(message, new Taking(message, signals, refusals));
    }
    List<DeadLetter> letters = new ArrayList<>(0);
    refusals.flush(letters::add);
    return new Decoded(message, signals, policy, letters);
  }

  /**
   * The latest event time in it, epoch milliseconds, or {@link Progress#UNHEARD} when it has none.
   */
  public long latestEvent() {
    long latest = Progress.UNHEARD;
    for (Signal signal : signals) {
      latest = Math.max(latest, signal.eventTime());
    }
    return latest;
  }

  private static PolicyDocument policy(RawMessage message, Refusals refusals) {
    try {
      if (message.value() == null) {
        throw new PolicyException("an empty message is not a policy");
      }
      String name =
          message.key() == null || message.key().length == 0
              ? "policy"
              : new String(message.key(), StandardCharsets.UTF_8);
      return Policies.parse(name, message.value());
    } catch (PolicyException e) {
      refusals.add(MessageReader.WHOLE, "policy", e.getMessage());
      return null;
    }
  }

  /** Takes what lies not too far ahead. */
  private record Taking(RawMessage message, List<Signal> signals, Refusals refusals)
      implements MessageReader.Sink {
    @Override
    public void signal(int index, Signal signal) {
      if (signal.eventTime() > message.transportTime() + AHEAD_LIMIT_MILLIS) {
        refusals.add(
            index,
            "time",
            "the event time "
                + Instant.ofEpochMilli(signal.eventTime())
                + " lies more than 10 minutes ahead of its transport time");
      } else if (Batches.isTooLarge(message, signal)) {
        refusals.add(index, "size", "one record is larger than " + Batches.BYTES_LIMIT + " bytes");
      } else {
        signals.add(signal);
      }
    }

    @Override
    public void refuse(int index, String stage, String error) {
      refusals.add(index, stage, error);
    }
  }
}
