package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Presence;
import io.mendline.processors.pipeline.RouteHeard;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds workspaces that nothing at all arrives from any more: one {@code SOURCE_SILENT} for each
 * silence, instead of a finding for everything that could not be heard meanwhile.
 *
 * <p><b>Method.</b> A workspace is silent when for {@linkplain Policy.Sentinel#silence some time}
 * longer than is usual for it no record of it arrived, to the five minutes of {@link Presence},
 * while the source {@linkplain Source#silenceBit went on}. Usual is the {@linkplain
 * Presence#usualSilence longest silence that was there three times} in eight days, so one that
 * writes once an hour is silent after an hour and a half. One whose silences are not known, or are
 * of all lengths as those of a workspace that rests at night, is silent after {@link #NEW_TO_US}.
 * The next record clears it.
 *
 * <p><b>When.</b> In service this goes by arrival: the topic was read to its end, and nothing was
 * there. Where time is that of the input it goes by event time, and the source goes on as far as
 * other workspaces were heard, or this one again: the end of a recording is no silence.
 *
 * <p><b>Settled</b> (law 4): told when the source has gone on past the time that is allowed.
 *
 * <p><b>Cost and bound.</b> One step for each five minutes in which a workspace is heard, and a
 * deadline for each hour. State: when it was heard in these eight days, see {@link Presence}; of a
 * workspace that is gone for good 30 bytes are kept, to clear its finding should it return.
 */
public final class SourceSilenceDetector implements Detector<SourceSilence> {
  /** How often a workspace is looked at, as what is usual for it changes. */
  static final Duration LOOK_AGAIN = Duration.ofHours(1);

  /** What is allowed at most, and to a workspace whose silences are not known yet. */
  static final Duration NEW_TO_US = Duration.ofHours(25);

  /** What is usual for a workspace is forgotten after so long a silence. */
  static final Duration FORGOTTEN_AFTER = Duration.ofDays(8);

  /** The key of the workspace itself: no resource is called that. */
  static final String WORKSPACE = "*";

  private static final int SOURCES = Source.SENTINEL.silenceBit();

  private final StateCodec<SourceSilence> codec = new SourceSilence.Codec();

  @Override
  public StateKey keyOf(Message message) {
    return message instanceof RouteHeard heard && heard.source() == Source.SENTINEL
        ? new StateKey(heard.route(), WORKSPACE)
        : null;
  }

  @Override
  public int sources(SourceSilence state) {
    return SOURCES;
  }

  @Override
  public StateCodec<SourceSilence> codec() {
    return codec;
  }

  @Override
  public Step<SourceSilence> step(StateKey key, SourceSilence before, Input input, View view) {
    if (input instanceof Input.Due due) {
      return due(key, before, due.at(), view);
    }
    long heardAt = ((RouteHeard) ((Input.Arrived) input).message()).at();
    SourceSilence state = before == null ? new SourceSilence() : before;
    state.presence.hear(heardAt);
    long bin = Math.floorDiv(heardAt, Presence.BIN_MILLIS) * Presence.BIN_MILLIS;
    if (before == null) {
      expect(key, state, bin + Presence.BIN_MILLIS, view);
    } else if (state.told && bin >= state.heardUntil) {
      // It may be the one that ends the silence.
      state.lookAt = Math.min(state.lookAt, bin + Presence.BIN_MILLIS);
    }
    return Step.quiet(state, state.lookAt);
  }

  private static Step<SourceSilence> due(StateKey key, SourceSilence state, long at, View view) {
    List<Output> outputs = new ArrayList<>();
    long next = state.presence.heardFrom(state.heardUntil, at);
    if (next == Long.MAX_VALUE) {
      if (state.told) {
        state.lookAt = Step.NEVER;
        state.presence = state.presence.since(at);
        return Step.quiet(state, state.lookAt);
      }
      long silentAt = state.heardUntil + state.allowed + Presence.BIN_MILLIS;
      if (at < silentAt) {
        state.lookAt = silentAt;
        return Step.quiet(state, state.lookAt);
      }
      tell(key, state, at, FindingStatus.RAISED, outputs, view);
      state.told = true;
      state.lookAt = lookAfterRaising(state, at);
      return new Step<>(state, outputs, state.lookAt);
    }
    if (state.told) {
      tell(key, state, next, FindingStatus.CLEARED, outputs, view);
      state.told = false;
    } else if (next - state.heardUntil > state.allowed) {
      // Both its ends lie before this deadline.
      tell(key, state, state.heardUntil + state.allowed, FindingStatus.RAISED, outputs, view);
      tell(key, state, next, FindingStatus.CLEARED, outputs, view);
    }
    expect(key, state, lastHeard(state.presence, next, state.allowed, at), view);
    state.lookAt = Math.max(state.lookAt, at + 1);
    return new Step<>(state, outputs, state.lookAt);
  }

  /** The next bin may have been heard already, as it may lie ahead of the watermark. */
  private static long lookAfterRaising(SourceSilence state, long at) {
    long ahead = state.presence.heardFrom(at, Long.MAX_VALUE);
    return ahead == Long.MAX_VALUE
        ? state.heardUntil + FORGOTTEN_AFTER.toMillis()
        : ahead + Presence.BIN_MILLIS;
  }

  /** Up to when it was heard from a bin on without a silence that is too long. */
  private static long lastHeard(Presence presence, long from, long allowed, long by) {
    long until = from + Presence.BIN_MILLIS;
    for (long next = presence.heardFrom(until, by);
        next != Long.MAX_VALUE && next - until <= allowed;
        next = presence.heardFrom(until, by)) {
      until = next + Presence.BIN_MILLIS;
    }
    return until;
  }

  private static void expect(StateKey key, SourceSilence state, long heardUntil, View view) {
    state.heardUntil = heardUntil;
    long usual = state.presence.usualSilence(heardUntil);
    // Of one that is hardly known a day says nothing yet.
    String workspace = Routes.workspace(key.route());
    long beyond = view.policy(heardUntil).sentinel().silence(workspace).toMillis();
    state.allowed = Math.min(usual, Math.max(0, NEW_TO_US.toMillis() - beyond)) + beyond;
    state.lookAt =
        heardUntil + Math.min(state.allowed, LOOK_AGAIN.toMillis()) + Presence.BIN_MILLIS;
  }

  private static void tell(
      StateKey key,
      SourceSilence state,
      long at,
      FindingStatus status,
      List<Output> outputs,
      View view) {
    Finding finding = finding(key, state, at, status, view);
    outputs.add(new Output.Found(key.route(), finding));
    outputs.add(new Output.Settled(key.route(), at, SOURCES, finding));
  }

  private static Finding finding(
      StateKey key, SourceSilence state, long at, FindingStatus status, View view) {
    String workspace = Routes.workspace(key.route());
    boolean cleared = status == FindingStatus.CLEARED;
    Instant since = Instant.ofEpochMilli(state.heardUntil);
    return Findings.begin(
            Findings.id(FindingKind.SOURCE_SILENT, key.route(), workspace, state.heardUntil),
            FindingKind.SOURCE_SILENT,
            new Subject(ResourceType.SENTINEL_WORKSPACE, workspace, null, workspace, null),
            state.heardUntil,
            view)
        .setStatus(status)
        .setRevision(cleared ? 2 : 1)
        .setWindowStart(since)
        .setWindowEnd(cleared ? Instant.ofEpochMilli(at) : null)
        .setSeverity(Severity.HIGH)
        .setConfidence(Confidence.HIGH)
        .setSummary(
            cleared
                ? "Workspace "
                    + workspace
                    + " was silent from "
                    + since
                    + " until "
                    + Instant.ofEpochMilli(at)
                : "Nothing has been heard of workspace " + workspace + " since " + since)
        .setAttributes(
            Map.of("allowedSeconds", Long.toString(state.allowed / 1_000), "source", "sentinel"))
        .setEvidence(List.of())
        .build();
  }
}
