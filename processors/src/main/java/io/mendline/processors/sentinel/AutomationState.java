package io.mendline.processors.sentinel;

import java.util.List;

/**
 * The state of one automation rule or playbook: what waits for the watermark, and its failures
 * since it last worked. One that works has none.
 */
public final class AutomationState extends HealthState {
  /** Successes are judged so many at once, not one by one: it saves a write each. */
  static final int SUCCESSES_AT_ONCE = 8;

  AutomationState() {
    this(new FactQueue(), null);
  }

  AutomationState(FactQueue queue, FailingEpisode episode) {
    super(queue, episode);
  }

  @Override
  long wakeAt() {
    List<HealthFact> waiting = queue().waiting();
    if (waiting.isEmpty()) {
      return forgottenAt();
    }
    if (episode() != null) {
      return Math.min(waiting.get(0).time(), forgottenAt());
    }
    // Without a failure before them it makes no difference when successes are judged.
    int next = 0;
    int last = Math.min(waiting.size(), SUCCESSES_AT_ONCE) - 1;
    while (next < last && waiting.get(next).kind() == HealthFact.Kind.GOOD) {
      next++;
    }
    return waiting.get(next).time();
  }

  @Override
  long forgottenAt() {
    return episode() == null ? NEVER : episode().lastAt + InOrderDetector.MEMORY.toMillis();
  }
}
