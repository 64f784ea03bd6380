package io.mendline.processors.mix;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.AuditEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells when the cached share of a whole service fell without its scopes getting worse, because
 * more of its prompts go to scopes of which less is cached: no regression, and the one thing to say
 * to whoever watches that share.
 *
 * <p><b>Algorithm.</b> What each scope counted in its closed bins ({@link Output.Metered}) is
 * folded into hours of the service once the watermark has passed them; as of the end of every hour
 * {@link SameHours} looks for a lasting fall, and {@link Shift} takes it apart into mix and rate,
 * which see for the sources of the method. A fall that the mix explains, or of which it makes up
 * the least effect, is told as a notice; of scopes that got worse their own findings tell.
 *
 * <p><b>Once per shift.</b> What comes on top of a shift, by the least effect against the level
 * that it left, updates the notice; it is cleared when the share was back for three days, which is
 * longer than a weekend, or nothing was heard for {@link ServiceUsage#MEMORY}. Where the same hours
 * of a week before are not known, a shift waits four days, and is told if it is still there then:
 * else each service's first Saturday would be one.
 *
 * <p><b>Settled, all of it</b>, and never a finding. A bin comes after the watermark of usage and
 * of changes has passed its end, and progress behind all bins up to it; so when an hour is due here
 * all its bins are in, in whatever order the scopes closed them. What comes for an hour that was
 * folded was told again after a restart and is left out.
 *
 * <p><b>Cost and bound.</b> An hour costs O(scopes × hours) under a millisecond; state as {@link
 * ServiceUsage} says.
 */
public final class MixDetector implements Detector<ServiceUsage> {
  /** How long a shift waits where the week before is not known: a long weekend and a day. */
  static final long HELD = 4 * ServiceUsage.DAY;

  /** Days that the share has to be back. */
  private static final int BACK_DAYS = 3;

  private static final double STILL_FALLEN = 0.75;

  private final StateCodec<ServiceUsage> codec = new ServiceUsageCodec();

  @Override
  public StateKey keyOf(Message message) {
    return message instanceof Output.Metered metered
        ? new StateKey(metered.route(), metered.service())
        : null;
  }

  @Override
  public int sources(ServiceUsage state) {
    return state.sources;
  }

  @Override
  public StateCodec<ServiceUsage> codec() {
    return codec;
  }

  @Override
  public Step<ServiceUsage> step(StateKey key, ServiceUsage known, Input input, View view) {
    List<Output> outputs = new ArrayList<>();
    if (input instanceof Input.Due due) {
      return due(key, known, due.at(), view, outputs);
    }
    Output.Metered metered = (Output.Metered) ((Input.Arrived) input).message();
    ServiceUsage state = known == null ? new ServiceUsage(metered.sources()) : known;
    if (!state.add(metered) && Long.bitCount(state.dropped) == 1) {
      outputs.add(overflow(key, state, metered.at()));
    }
    // Of what was told again after a restart nothing may be left to keep.
    return state.isEmpty() && outputs.isEmpty()
        ? Step.gone()
        : new Step<>(state, outputs, state.wakeAt());
  }

  private static Step<ServiceUsage> due(
      StateKey key, ServiceUsage state, long at, View view, List<Output> outputs) {
    MixNotice notice = new MixNotice(key, at, view.policy(at));
    if (state.fold(at)) {
      judge(state, at, view.policy(at).cache(), notice, outputs);
    } else if (state.totals.isEmpty() && state.standing != null) {
      if (state.standing.told()) {
        outputs.add(notice.unobserved(state.standing));
      }
      state.standing = null;
    }
    if (state.isEmpty()) {
      return outputs.isEmpty() ? Step.gone() : new Step<>(state, outputs, at + 1);
    }
    return new Step<>(state, outputs, state.wakeAt());
  }

  private static void judge(
      ServiceUsage state, long at, Policy.Cache rules, MixNotice notice, List<Output> outputs) {
    SameHours hours = new SameHours(state, at, rules);
    Standing standing = state.standing;
    if (standing != null && !standing.told()) {
      state.standing = held(standing, hours.shareOfDay(at), at, rules.minimumDrop());
      if (state.standing != null && state.standing.told()) {
        outputs.add(notice.shifted(state.standing, AlertStatus.RAISED));
      }
      return;
    }
    if (standing != null && isBack(standing, hours, at, rules.minimumDrop())) {
      outputs.add(notice.recovered(standing, hours.shareOfDay(at)));
      state.standing = null;
    }
    Optional<Shift> found = hours.shift();
    if (found.isPresent()) {
      state.since = found.get().onset();
      take(state, found.get(), rules.minimumDrop(), notice, outputs);
    }
  }

  private static void take(
      ServiceUsage state, Shift shift, double minimumDrop, MixNotice notice, List<Output> outputs) {
    if (!shift.isTold(minimumDrop)) {
      return;
    }
    Standing before = state.standing;
    if (before == null) {
      state.standing = Standing.first(shift);
    } else if (shift.after() <= before.shift().after() - minimumDrop / 2) {
      state.standing = before.deeper(shift);
    } else {
      return;
    }
    if (state.standing.told()) {
      outputs.add(
          notice.shifted(
              state.standing, before == null ? AlertStatus.RAISED : AlertStatus.UPDATED));
    }
  }

  /** What becomes of a shift that waits: it is told when it has stood, or is no more. */
  private static Standing held(Standing standing, double share, long at, double minimumDrop) {
    if (at < standing.firstOnset() + HELD) {
      return standing;
    }
    boolean fallen = share <= standing.firstBefore() - STILL_FALLEN * minimumDrop;
    return fallen ? standing.toldNow() : null;
  }

  private static boolean isBack(Standing standing, SameHours hours, long at, double minimumDrop) {
    boolean back = at - standing.shift().onset() >= BACK_DAYS * ServiceUsage.DAY;
    for (int day = 0; day < BACK_DAYS; day++) {
      double share = hours.shareOfDay(at - day * ServiceUsage.DAY);
      back &= share >= standing.firstBefore() - minimumDrop / 2;
    }
    return back;
  }

  private static Output overflow(StateKey key, ServiceUsage state, long at) {
    return new Output.Noted(
        key.route(),
        AuditEntry.newBuilder()
            .setAt(Instant.ofEpochMilli(at))
            .setActor("mix")
            .setAction("DROP_STATE")
            .setResource(MixNotice.subject(key).toResource())
            .setWhy("more bins of scopes of one service wait to be judged than are kept")
            .setHow("the latest of them are dropped; the service's share is judged without them")
            .setDetail(
                Map.of(
                    "dropped", Long.toString(state.dropped),
                    "maxWaiting", Integer.toString(ServiceUsage.WAITING)))
            .setStatus("OVERFLOW")
            .build());
  }
}
