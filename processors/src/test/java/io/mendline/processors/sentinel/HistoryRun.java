package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.List;

/** The history of one rule after messages in the order given. */
final class HistoryRun {
  private final RuleHistoryDetector detector = new RuleHistoryDetector();
  private RuleHistory state;

  HistoryRun tell(List<? extends Message> messages) {
    messages.forEach(this::tell);
    return this;
  }

  HistoryRun tell(Message message) {
    StateKey key = detector.keyOf(message);
    Step<RuleHistory> step =
        detector.step(key, state, new Input.Arrived(message, false), Samples.view());
    if (!step.outputs().isEmpty()) {
      throw new AssertionError("a history tells nothing: " + step.outputs());
    }
    state = step.state();
    return this;
  }

  /** Only bytes survive. */
  HistoryRun restart() {
    if (state != null) {
      state = detector.codec().read(new BinaryReader(bytes()));
    }
    return this;
  }

  byte[] bytes() {
    BinaryWriter out = new BinaryWriter();
    detector.codec().write(state, out);
    return out.toByteArray();
  }

  RuleHistory state() {
    return state;
  }

  /** End and status of every window, as of an instant. */
  List<String> windows(long asOfMillis) {
    return state == null
        ? List.of()
        : windows(RuleTimeline.of(state, null, Math.floorDiv(asOfMillis, 1_000L)));
  }

  static List<String> windows(List<Stretch> timeline) {
    List<String> windows = new ArrayList<>();
    for (Stretch stretch : timeline) {
      for (int i = 0; i < stretch.count(); i++) {
        windows.add(stretch.firstEnd() + i * stretch.step() + " " + stretch.status());
      }
    }
    return windows;
  }
}
