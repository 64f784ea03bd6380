package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several detectors that judge the same resources, as one: they share a key, its one state in the
 * store and so one read and write for each signal. Each sees only what is for it, keeps its own
 * part of the state and has its own deadlines; none knows of the others.
 *
 * <p>Where a message is for several of them, all have to name the same key.
 */
public final class JoinedDetector implements Detector<JoinedDetector.Parts> {
  private final List<Detector<?>> detectors;
  private final StateCodec<Parts> codec = new Codec();

  /**
   * A detector made of others.
   *
   * @param detectors the place of each is written into states: new ones go to the end
   * @throws IllegalArgumentException when one of them is joined itself: states are looked for by
   *     type, and deadlines told apart, among the parts of one joined state
   */
  public JoinedDetector(List<Detector<?>> detectors) {
    if (detectors.stream().anyMatch(JoinedDetector.class::isInstance)) {
      throw new IllegalArgumentException("a joined detector is not joined with others again");
    }
    this.detectors = List.copyOf(detectors);
  }

  /** The states of one key, by the place of their detector. */
  public static final class Parts {
    private final Object[] states;
    private final long[] wakeAt;

    private Parts(int count) {
      states = new Object[count];
      wakeAt = new long[count];
      Arrays.fill(wakeAt, Step.NEVER);
    }

    private long earliest() {
      long earliest = Step.NEVER;
      for (long at : wakeAt) {
        earliest = Math.min(earliest, at);
      }
      return earliest;
    }

    private boolean isEmpty() {
      for (Object state : states) {
        if (state != null) {
          return false;
        }
      }
      return true;
    }

    /** The state of the first detector whose states are of this type, or null. */
    public <T> T of(Class<T> type) {
      for (Object state : states) {
        if (type.isInstance(state)) {
          return type.cast(state);
        }
      }
      return null;
    }
  }

  @Override
  public StateKey keyOf(Message message) {
    for (Detector<?> detector : detectors) {
      StateKey key = detector.keyOf(message);
      if (key != null) {
        return key;
      }
    }
    return null;
  }

  @Override
  public int sources(Parts state) {
    int sources = 0;
    for (int i = 0; i < state.states.length; i++) {
      if (state.states[i] != null) {
        sources |= sources(detectors.get(i), state.states[i]);
      }
    }
    return sources;
  }

  @Override
  public int clocks() {
    int clocks = 0;
    for (Detector<?> detector : detectors) {
      clocks |= detector.clocks();
    }
    return clocks;
  }

  @Override
  public Duration soon() {
    Duration least = Hearing.SOON;
    for (Detector<?> detector : detectors) {
      if (detector.clocks() != 0 && detector.soon().compareTo(least) < 0) {
        least = detector.soon();
      }
    }
    return least;
  }

  @Override
  public long aloneAt(Parts parts) {
    long earliest = Step.NEVER;
    for (int i = 0; i < parts.wakeAt.length; i++) {
      if (detectors.get(i).clocks() == 0) {
        earliest = Math.min(earliest, parts.wakeAt[i]);
      }
    }
    return earliest;
  }

  @Override
  public Step<Parts> step(StateKey key, Parts before, Input input, View view) {
    Parts parts = before == null ? new Parts(detectors.size()) : before;
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < detectors.size(); i++) {
      if (isFor(i, parts, input)) {
        step(i, key, parts, input, view, outputs);
      }
    }
    return parts.isEmpty() ? Step.gone() : new Step<>(parts, outputs, parts.earliest());
  }

  private boolean isFor(int place, Parts parts, Input input) {
    if (input instanceof Input.Due due) {
      return parts.wakeAt[place] <= due.at()
          && (!due.alone() || detectors.get(place).clocks() == 0);
    }
    return detectors.get(place).keyOf(((Input.Arrived) input).message()) != null;
  }

  private void step(
      int place, StateKey key, Parts parts, Input input, View view, List<Output> outputs) {
    Step<?> step = step(detectors.get(place), key, parts.states[place], input, view);
    parts.states[place] = step.state();
    parts.wakeAt[place] = step.state() == null ? Step.NEVER : step.wakeAt();
    outputs.addAll(step.outputs());
  }

  @Override
  public StateCodec<Parts> codec() {
    return codec;
  }

  @SuppressWarnings("unchecked") // A detector is only ever given back what it has put there.
  private static <S> int sources(Detector<S> detector, Object state) {
    return detector.sources((S) state);
  }

  @SuppressWarnings("unchecked") // as above
  private static <S> Step<S> step(
      Detector<S> detector, StateKey key, Object state, Input input, View view) {
    return detector.step(key, (S) state, input, view);
  }

  @SuppressWarnings("unchecked") // as above
  private static <S> void write(Detector<S> detector, Object state, BinaryWriter out) {
    detector.codec().write((S) state, out);
  }

  /** Which parts there are, then each with its deadline. */
  private final class Codec implements StateCodec<Parts> {
    /** 1 was the first detector's own, before there were others. */
    private static final int VERSION = 2;

    @Override
    public void write(Parts parts, BinaryWriter out) {
      int present = 0;
      for (int i = 0; i < parts.states.length; i++) {
        present |= parts.states[i] == null ? 0 : 1 << i;
      }
      out.writeByte(VERSION).writeVarInt(present);
      for (int i = 0; i < parts.states.length; i++) {
        if (parts.states[i] != null) {
          out.writeFixed64(parts.wakeAt[i]);
          JoinedDetector.write(detectors.get(i), parts.states[i], out);
        }
      }
    }

    @Override
    public Parts read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "joined state");
      int present = in.readVarInt();
      if (present >>> detectors.size() != 0) {
        throw new CorruptDataException(
            "a joined state has parts that this build does not know", in.position());
      }
      Parts parts = new Parts(detectors.size());
      for (int i = 0; i < detectors.size(); i++) {
        if ((present & (1 << i)) != 0) {
          parts.wakeAt[i] = in.readFixed64();
          parts.states[i] = detectors.get(i).codec().read(in);
        }
      }
      return parts;
    }
  }
}
