package io.mendline.processors.pipeline;

/** A detector, and the last state that it has left: for those of which nothing is put out. */
public final class LastState<S> implements Detector<S> {
  private final Detector<S> detector;
  private S last;

  /** Looks at this detector. */
  public LastState(Detector<S> detector) {
    this.detector = detector;
  }

  /** A harness of it. */
  public DetectorHarness<S> harness() {
    return DetectorHarness.of(() -> this);
  }

  /** The last state before the key was forgotten; null while there was none. */
  public S last() {
    return last;
  }

  @Override
  public StateKey keyOf(Message message) {
    return detector.keyOf(message);
  }

  @Override
  public int sources(S state) {
    return detector.sources(state);
  }

  @Override
  public int clocks() {
    return detector.clocks();
  }

  @Override
  public StateCodec<S> codec() {
    return detector.codec();
  }

  @Override
  public Step<S> step(StateKey key, S before, Input input, View view) {
    Step<S> step = detector.step(key, before, input, view);
    last = step.state() == null ? last : step.state();
    return step;
  }
}
