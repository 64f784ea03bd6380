package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.SignalRecordCodec;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.processors.policy.PolicyException;
import io.mendline.serdes.binary.BinaryWriter;
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

  /**
   * A signal is at most so many bytes in its binary form; a broker takes a million, and a refused
   * send would end the stream.
   */
  public static final int MOST_OF_A_SIGNAL = 600_000;

  private static final Map<Source, MessageReader> READERS = MessageReader.all();

  /**
   * Decodes a message. Never throws for what is in it. What has no time of its own has that of the
   * transport.
   */
  public static Decoded of(RawMessage message) {
    return of(message, message.transportTime());
  }

  /**
   * Decodes a message of which it is known better when it was received.
   *
   * @param receivedAt the time of what has none of its own, epoch milliseconds; negative where it
   *     is not known, which makes a dead letter of it
   */
  public static Decoded of(RawMessage message, long receivedAt) {
    Refusals refusals = new Refusals(message);
    List<Signal> signals = new ArrayList<>(4);
    PolicyDocument policy = null;
    if (message.source() == Source.POLICIES) {
      policy = policy(message, refusals);
    } else {
      READERS
          .get(message.source())
          .read(message, receivedAt, new Taking(message, signals, refusals));
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
      } else if (isTooLarge(signal)) {
        refusals.add(index, "size", "one record is larger than " + MOST_OF_A_SIGNAL + " bytes");
      } else {
        signals.add(signal);
      }
    }

    /** Only what is decoded of a large message can be. */
    private boolean isTooLarge(Signal signal) {
      if (message.value() == null || message.value().length < MOST_OF_A_SIGNAL / 8) {
        return false;
      }
      BinaryWriter writer = new BinaryWriter(1024);
      SignalRecordCodec.write(new SignalRecord.Batch(0, List.of(signal)), writer);
      return writer.size() > MOST_OF_A_SIGNAL;
    }

    @Override
    public void refuse(int index, String stage, String error) {
      refusals.add(index, stage, error);
    }
  }
}
