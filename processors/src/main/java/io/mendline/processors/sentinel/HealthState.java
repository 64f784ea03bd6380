package io.mendline.processors.sentinel;

/** What is known of one resource whose failures are judged in order. */
abstract class HealthState {
  /** No such instant. */
  static final long NEVER = Long.MAX_VALUE;

  private final FactQueue queue;
  private FailingEpisode episode;

  HealthState(FactQueue queue, FailingEpisode episode) {
    this.queue = queue;
    this.episode = episode;
  }

  /** The facts that wait for the watermark. */
  final FactQueue queue() {
    return queue;
  }

  /** The failures since the last success, raised or not; null where there are none. */
  final FailingEpisode episode() {
    return episode;
  }

  final void begin(FailingEpisode next) {
    episode = next;
  }

  final void end() {
    episode = null;
  }

  /** Whether nothing has to be remembered any more. */
  final boolean isOver() {
    return queue.waiting().isEmpty() && forgottenAt() == NEVER;
  }

  /**
   * When all is forgotten that was gathered, epoch milliseconds; {@link #NEVER} where nothing is.
   */
  abstract long forgottenAt();

  /** Forgets what was gathered, but not what waits. */
  void forget() {
    episode = null;
  }

  /** The next instant at which something is to be judged, epoch milliseconds. */
  abstract long wakeAt();
}
