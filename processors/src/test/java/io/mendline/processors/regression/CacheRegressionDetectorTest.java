package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.ConnectorTrouble;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.RepairOdds;
import io.mendline.processors.pipeline.RuleProfile;
import io.mendline.processors.pipeline.RunEnd;
import io.mendline.processors.pipeline.Siblings;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.TokenUsage;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Single steps. */
class CacheRegressionDetectorTest {
  private static final long TEN = Scope.millis("2026-05-04T10:00:00Z");

  private final CacheRegressionDetector detector = new CacheRegressionDetector();

  @Test
  void aScopeIsServiceAndModelAndEnvironmentWhereGiven() {
    assertThat(detector.keyOf(usage(TEN, null)))
        .isEqualTo(new StateKey("service:assistant", "assistant/gpt-5"));
    assertThat(detector.keyOf(usage(TEN, "production")))
        .isEqualTo(new StateKey("service:assistant", "assistant/gpt-5/production"));
    Change change = Scope.change("pr-1", TEN, "assistant", "pull_request", "x");
    assertThat(detector.keyOf(Scope.signal(Source.CHANGES, "assistant", change, 1))).isNull();
  }

  @Test
  void wakesAtTheEndOfTheBinAndThenToForget() {
    Step<CacheState> first = arrive(null, TEN + HOUR / 2);
    assertThat(first.wakeAt()).isEqualTo(TEN + HOUR);
    assertThat(arrive(first.state(), TEN - 1).wakeAt()).isEqualTo(TEN);
    assertThat(due(first.state(), TEN).wakeAt()).isEqualTo(TEN + HOUR);
    assertThat(due(first.state(), TEN + HOUR).wakeAt())
        .isEqualTo(TEN + HOUR + CacheState.UNOBSERVED);
    assertThat(due(first.state(), TEN + HOUR + CacheState.UNOBSERVED).state()).isNull();
  }

  @Test
  void aJudgedBinTakesNothingEvenIfNoWatermarkWasHeardSinceARestart() {
    CacheState state = arrive(null, TEN).state();
    due(state, TEN + HOUR);
    Step<CacheState> again = arrive(state, TEN);
    assertThat(again.state().late).isEqualTo(1);
    assertThat(again.wakeAt()).isEqualTo(TEN + HOUR + CacheState.UNOBSERVED);
  }

  @Test
  void aLateRecordIsNotJudgedByThoughItsBinIsStillOpen() {
    CacheState state = arrive(null, TEN).state();
    Signal late = usage(TEN + 1, null);
    detector.step(detector.keyOf(late), state, new Input.Arrived(late, true), VIEW);
    assertThat(state.late).isEqualTo(1);
    due(state, TEN + HOUR);
    assertThat(state.judged(TEN + HOUR)).extracting(Bin::calls).containsExactly(1L);
  }

  private Step<CacheState> arrive(CacheState state, long time) {
    Signal signal = usage(time, null);
    return detector.step(detector.keyOf(signal), state, new Input.Arrived(signal, false), VIEW);
  }

  private Step<CacheState> due(CacheState state, long at) {
    return detector.step(detector.keyOf(usage(at, null)), state, new Input.Due(at), VIEW);
  }

  private static Signal usage(long time, String environment) {
    return Scope.signal(
        Source.CACHE,
        "assistant",
        new TokenUsage(
            time, "assistant", "gpt-5", "openai", environment, 1, 30_000, 20_000, 0, null),
        time);
  }

  private static final View VIEW =
      new View() {
        @Override
        public RuleProfile ruleProfile(String route, String ruleId, long at) {
          return RuleProfile.UNKNOWN;
        }

        @Override
        public RepairOdds repairs(String route, String cause, long at) {
          return RepairOdds.NONE;
        }

        @Override
        public long clock() {
          return TEN;
        }

        @Override
        public Policy policy(long at) {
          return Policies.builtIn();
        }

        @Override
        public long clock(String route, Source source, long watermark) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Presence presence(String route, Source source) {
          return new Presence();
        }

        @Override
        public Siblings siblings(String route, String jobId, long at) {
          return Siblings.NONE;
        }

        @Override
        public List<RunEnd> lastEnds(String route, String pattern, long before) {
          return List.of();
        }

        @Override
        public List<RunEnd> ends(String route, String jobId, long after, long until) {
          return List.of();
        }

        @Override
        public List<Change> changes(String service, long from, long to) {
          return List.of();
        }

        @Override
        public <T> void others(StateKey key, Class<T> type, BiConsumer<StateKey, T> visitor) {}

        @Override
        public List<ConnectorTrouble> connectors(String route, long from, long to) {
          return List.of();
        }
      };
}
