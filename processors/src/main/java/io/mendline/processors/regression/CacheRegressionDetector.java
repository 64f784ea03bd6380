package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.TokenUsage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds prompt caches that got worse: one scope is a service's use of one model (in one
 * environment, where that is given), and its measure is the share of prompt tokens that were read
 * from the provider's cache, over the calls that could be cached at all.
 *
 * <p><b>Algorithm.</b> Records are counted, each distinct one once, in bins of event time ({@link
 * UsageBin}); calls below the least prompt that the model's provider caches are left out and only
 * counted. When the watermark of usage and of changes has passed a bin's end, the bin is closed and
 * the series of closed bins with enough tokens is judged as of that end by a {@link
 * RegressionMethod}, by default {@link TransitionFit}, which see for the method's sources. What
 * becomes of it says {@link RegressionWatch}. What a closed bin held goes on to what is judged of
 * the whole service ({@code Metered}).
 *
 * <p><b>Outputs.</b> All are settled, none monotone: raised, revised and cleared only at a bin's
 * close, each raise and clear with its {@code Settled}. That a scope's calls are too small ever to
 * be cached is a notice and no finding ({@link Cacheability}). A record at or below the watermark
 * is counted and never judged by, nor is one whose bin was judged; how many there were is audited
 * at the next close, together with what bounds of memory cost.
 *
 * <p><b>Cost.</b> A record costs a binary search and the copying of the state; a bin's close costs
 * O(n) for at most 360 bins, O(n²) where something may have changed, and for a fall a look at up to
 * 32 other scopes of the service. State: at most 16 KB, see {@link CacheState}.
 */
public final class CacheRegressionDetector implements Detector<CacheState> {
  private static final int SOURCES = Source.bits(Source.CACHE, Source.CHANGES);

  /** From this drop on a regression is severe. */
  private static final double SEVERE = 0.2;

  /** Other scopes of the service that are looked at when one has fallen, the first by their ids. */
  private static final int NEIGHBOURS = 32;

  private final RegressionMethod method;
  private final StateCodec<CacheState> codec = new CacheState.Codec();

  /** With the usual method. */
  public CacheRegressionDetector() {
    this(new TransitionFit());
  }

  /** With another method. */
  public CacheRegressionDetector(RegressionMethod method) {
    this.method = method;
  }

  @Override
  public StateKey keyOf(Message message) {
    if (message instanceof Signal signal
        && signal.payload() instanceof Payload.Observed observed
        && observed.record() instanceof TokenUsage usage) {
      return new StateKey(Routes.service(usage.service()), scope(usage));
    }
    return null;
  }

  @Override
  public int sources(CacheState state) {
    return SOURCES;
  }

  /**
   * Other scopes are looked at when one has fallen. A record changes nothing of what a deadline
   * before it finds: it comes too late for the bins that are due, or is of another one.
   */
  @Override
  public boolean firesInOrder() {
    return true;
  }

  @Override
  public StateCodec<CacheState> codec() {
    return codec;
  }

  @Override
  public Step<CacheState> step(StateKey key, CacheState state, Input input, View view) {
    if (input instanceof Input.Arrived arrived) {
      return arrived(state, (Signal) arrived.message(), arrived.late(), view);
    }
    return new Judgement(key, state, ((Input.Due) input).at(), view).step();
  }

  private Step<CacheState> arrived(CacheState known, Signal signal, boolean late, View view) {
    TokenUsage usage = (TokenUsage) ((Payload.Observed) signal.payload()).record();
    CacheState state =
        known == null ? new CacheState(usage.service(), usage.model(), usage.environment()) : known;
    Policy.Cache rules = view.policy(usage.time()).cache();
    long bin = rules.bin().toMillis();
    long end = (Math.floorDiv(usage.time(), bin) + 1) * bin;
    // After a restart no watermark has been heard yet, so nothing counts as late: hence the second.
    if (late || end <= state.judgedUntil) {
      state.countLate();
    } else {
      boolean cacheable = usage.promptTokensPerCall() >= rules.minimumTokens(usage.model());
      state.add(usage, cacheable, bin, signal.contentId(), signal.at());
    }
    return Step.quiet(state, state.wakeAt());
  }

  private static String scope(TokenUsage usage) {
    String scope = usage.service() + "/" + usage.model();
    return usage.environment() == null ? scope : scope + "/" + usage.environment();
  }

  /** What is thought of one scope at one instant. */
  private final class Judgement extends SeriesJudgement<CacheState, Bin> {
    private final Policy.Cache rules;

    Judgement(StateKey key, CacheState state, long at, View view) {
      this(key, state, at, view, view.policy(at).cache().of(key.id()));
    }

    private Judgement(StateKey key, CacheState state, long at, View view, Policy.Cache rules) {
      super(key, state, method, Thresholds.of(rules), SOURCES, at, view);
      this.rules = rules;
    }

    @Override
    void note(boolean closed) {
      noteBounds();
      noteCacheability();
      if (closed) {
        meter();
      }
    }

    /** Hands on what the bins held that were closed just now: the whole service is judged by it. */
    private void meter() {
      for (Bin bin : state.judged(at)) {
        if (bin.end() > state.judgedUntil && bin.promptTokens() > 0) {
          outputs.add(
              new Output.Metered(
                  key.route(),
                  state.service,
                  key.id(),
                  bin.end(),
                  SOURCES,
                  bin.length(),
                  bin.promptTokens(),
                  bin.cachedTokens()));
        }
      }
    }

    @Override
    boolean tells(Bin bin) {
      return bin.promptTokens() >= Math.max(1, rules.minimumTokensPerBin());
    }

    @Override
    Point point(Bin bin) {
      return bin.point();
    }

    @Override
    OpenRegression.Sums sums(List<Bin> bins) {
      return OpenRegression.Sums.of(bins);
    }

    @Override
    String service() {
      return state.service;
    }

    @Override
    Blame.Scope scope() {
      return new Blame.Scope(state.model, state.environment, rules);
    }

    @Override
    List<Neighbour> neighbours(long onset) {
      List<Neighbour> neighbours = new ArrayList<>();
      view.others(
          key,
          CacheState.class,
          (other, of) -> {
            Neighbour neighbour =
                neighbours.size() == NEIGHBOURS
                    ? null
                    : Neighbour.of(of, policy.cache().of(other.id()), onset, at);
            if (neighbour != null) {
              neighbours.add(neighbour);
            }
          });
      return neighbours;
    }

    @Override
    FindingKind kind() {
      return FindingKind.CACHE_REGRESSION;
    }

    @Override
    Subject subject() {
      return new Subject(ResourceType.CACHE_SCOPE, key.id(), null, null, null);
    }

    @Override
    boolean isSevere(double before, double after) {
      return before - after >= SEVERE;
    }

    @Override
    String summary(OpenRegression regression) {
      return String.format(
          "The cached share of the prompts to %s in %s fell from %s to %s%s %s",
          state.model,
          state.service,
          Figures.percent(regression.before()),
          Figures.percent(regression.after()),
          regression.gradual() ? ", little by little since" : " at",
          Instant.ofEpochMilli(regression.onset()));
    }

    @Override
    String inWords(double value) {
      return Figures.percent(value);
    }

    @Override
    String figure(double value) {
      return Figures.ratio(value);
    }

    @Override
    void describe(OpenRegression regression, Map<String, String> attributes) {
      attributes.put("calls", Long.toString(regression.calls()));
      attributes.put("uncacheableShare", Figures.ratio(regression.uncacheableShare()));
      attributes.put("service", state.service);
      attributes.put("model", state.model);
      if (state.environment != null) {
        attributes.put("environment", state.environment);
      }
    }

    /** Tells of calls that can never be cached, when their share has come to another class. */
    private void noteCacheability() {
      List<Bin> recent =
          state.judged(at).stream().filter(bin -> bin.end() > at - CacheState.UNOBSERVED).toList();
      Cacheability now = Cacheability.of(recent, at, state.cacheability, rules);
      if (now.share() != state.cacheability) {
        outputs.add(
            new Output.Told(
                key.route(), now.notice(state.cacheability, key, subject(), state, at, policy)));
        state.cacheability = now.share();
      }
    }

    /** Tells what was not counted as it should have been since the last close. */
    private void noteBounds() {
      audit(
          "cache-regression",
          "USAGE_NOT_COUNTED",
          "Usage came after its bin was judged, or again by then (late), or after its bin was sealed"
              + " for want of room (refused); bins had to make do with smaller samples (thinned)",
          "state of the scope is bounded; late records are not judged by",
          Map.of("late", state.late, "refused", state.refused, "thinned", state.thinned));
      state.late = 0;
      state.refused = 0;
      state.thinned = 0;
    }
  }
}
