package io.mendline.processors.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.sentinel.MadeUpRule.Rhythm;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a workspace full of rules with nothing wrong would be told of: nothing. */
class QuietRuleSimulationTest {
  private static final View VIEW = Samples.view();

  /** Of each of eleven rhythms: 2,090 rules. */
  private static final int RULES = 190;

  /** Three weeks to learn, and thirty days without a finding. */
  private static final int DAYS = 51;

  private static final int QUIET_DAYS = 14;
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long LATENESS = Duration.ofHours(2).toMillis();
  private static final StateKey KEY = new StateKey(RuleRecords.ROUTE, "r");

  private final QuietRuleDetector detector = new QuietRuleDetector();

  @ParameterizedTest
  @EnumSource
  void a_rule_is_found_when_its_results_stop_and_never_before(Rhythm rhythm) {
    for (int seed = 0; seed < RULES; seed++) {
      MadeUpRule rule = new MadeUpRule(rhythm, seed);
      Watched watched = new Watched();
      long stop = MadeUpRule.BEGIN + DAYS * DAY + (seed % 48) * Duration.ofMinutes(30).toMillis();

      long time = MadeUpRule.BEGIN;
      for (; time < stop; time += rule.frequency) {
        watched.accept(rule.run(time, false));
      }
      assertThat(watched.outputs).as("%s %s has not changed", rhythm, seed).isEmpty();

      long end = stop + QUIET_DAYS * DAY;
      for (; time < end && watched.outputs.isEmpty(); time += rule.frequency) {
        watched.accept(rule.run(time, true));
      }
      if (rhythm.foundWithin > 0) {
        assertThat(watched.outputs).as("%s %s has stopped", rhythm, seed).hasSize(2);
        Instant found = ((Output.Found) watched.outputs.get(0)).finding().getOccurredAt();
        assertThat(Duration.between(Instant.ofEpochMilli(stop), found))
            .as("%s %s is found in time", rhythm, seed)
            .isLessThanOrEqualTo(Duration.ofHours(rhythm.foundWithin));
      }
    }
  }

  /** One rule over one life of the detector, with a watermark that trails by the lateness. */
  private final class Watched {
    private final List<Output> outputs = new ArrayList<>();
    private RuleRhythm state;
    private long wakeAt = Step.NEVER;
    private long now;

    void accept(Signal run) {
      if (run == null) {
        return;
      }
      now = run.eventTime();
      step(new Input.Arrived(run, false));
      while (wakeAt <= now - LATENESS) {
        step(new Input.Due(wakeAt));
      }
    }

    private void step(Input input) {
      Step<RuleRhythm> step = detector.step(KEY, state, input, VIEW);
      state = step.state();
      wakeAt = step.wakeAt();
      outputs.addAll(step.outputs());
    }
  }
}
