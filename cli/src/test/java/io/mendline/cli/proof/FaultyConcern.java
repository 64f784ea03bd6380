package io.mendline.cli.proof;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A detector of the line with a fault: before a step is taken, somebody may throw. */
final class FaultyConcern<S> implements Detector<S> {
  private final Detector<S> sound;
  private final Consumer<StateKey> fault;

  private FaultyConcern(Detector<S> sound, Consumer<StateKey> fault) {
    this.sound = sound;
    this.fault = fault;
  }

  /** The line, with a fault in one concern. */
  static List<Pipeline.Concern<?>> in(String name, Consumer<StateKey> fault) {
    List<Pipeline.Concern<?>> line = new ArrayList<>();
    for (Pipeline.Concern<?> concern : Pipeline.line(CauseCatalogue.bundled())) {
      line.add(concern.name().equals(name) ? faulty(concern, fault) : concern);
    }
    return line;
  }

  private static <S> Pipeline.Concern<S> faulty(
      Pipeline.Concern<S> concern, Consumer<StateKey> fault) {
    return new Pipeline.Concern<>(
        concern.name(),
        concern.hears(),
        () -> new FaultyConcern<>(concern.detector().get(), fault),
        null,
        concern.asksRecurrence());
  }

  @Override
  public StateKey keyOf(Message message) {
    return sound.keyOf(message);
  }

  @Override
  public int sources(S state) {
    return sound.sources(state);
  }

  @Override
  public Step<S> step(StateKey key, S state, Input input, View view) {
    fault.accept(key);
    return sound.step(key, state, input, view);
  }

  @Override
  public StateCodec<S> codec() {
    return sound.codec();
  }
}
