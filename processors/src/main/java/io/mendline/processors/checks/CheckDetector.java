package io.mendline.processors.checks;

import io.mendline.processors.checks.CheckState.Told;
import io.mendline.processors.pipeline.Detector;
import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Input;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import io.mendline.serdes.telemetry.CheckResult;
import io.mendline.serdes.telemetry.CheckResult.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds checks that do not pass: one {@code CHECK_FAILED} from the first result that is no {@code
 * PASS} until the next that is one.
 *
 * <p><b>Settled</b> (law 4): results are judged in the order of their time when the watermark has
 * passed them, as whether one is the first of a trouble depends on those before it. Of results of
 * one instant the worst counts. One that is later than the source's lateness may clear and enrich,
 * never raise.
 *
 * <p><b>Cost and bound.</b> One deadline for each result. State: the last result, the first of the
 * trouble, and at most {@value CheckState#MAX_WAITING} that wait; some 200 bytes. A check of which
 * nothing was heard for {@link #MEMORY} is forgotten.
 */
public final class CheckDetector implements Detector<CheckState> {
  /** See above. */
  static final Duration MEMORY = Duration.ofDays(30);

  private static final int SOURCES = Source.CHECKS.bit();

  private final StateCodec<CheckState> codec = new CheckState.Codec();

  @Override
  public StateKey keyOf(Message message) {
    return message instanceof Signal signal
            && signal.payload() instanceof Payload.Observed observed
            && observed.record() instanceof CheckResult result
        ? new StateKey(signal.route(), result.resourceId() + "#" + result.check())
        : null;
  }

  @Override
  public int sources(CheckState state) {
    return SOURCES;
  }

  @Override
  public StateCodec<CheckState> codec() {
    return codec;
  }

  @Override
  public Step<CheckState> step(StateKey key, CheckState before, Input input, View view) {
    CheckState state = before == null ? new CheckState() : before;
    List<Output> out = new ArrayList<>();
    if (input instanceof Input.Due due) {
      while (!state.waiting.isEmpty() && state.waiting.get(0).result().time() <= due.at()) {
        judge(key, state, state.takeFirst(), false, view, out);
      }
      if (state.last != null && state.last.result().time() + MEMORY.toMillis() <= due.at()) {
        state.forget();
      }
      return state.isEmpty() ? Step.gone() : new Step<>(state, out, state.wakeAt());
    }
    Input.Arrived arrived = (Input.Arrived) input;
    Signal signal = (Signal) arrived.message();
    CheckResult result = (CheckResult) ((Payload.Observed) signal.payload()).record();
    arrive(
        key, state, new Told(result, signal.contentId(), signal.at()), arrived.late(), view, out);
    return state.isEmpty() ? Step.gone() : new Step<>(state, out, state.wakeAt());
  }

  private static void arrive(
      StateKey key, CheckState state, Told told, boolean late, View view, List<Output> out) {
    if (state.last != null && told.result().time() <= state.last.result().time()) {
      return; // its time, or what came after it, has been judged
    }
    if (late) {
      judge(key, state, told, true, view, out);
      return;
    }
    state.add(told);
    if (state.waiting.size() > CheckState.MAX_WAITING) {
      Told first = state.takeFirst();
      judge(key, state, first, false, view, out);
      state.early++;
      // Told at 1, 2, 4, 8 and so on: what overflows once overflows often.
      if (Integer.bitCount(state.early) == 1) {
        out.add(new Output.Noted(key.route(), overflow(state, first)));
      }
    }
  }

  private static void judge(
      StateKey key, CheckState state, Told told, boolean late, View view, List<Output> out) {
    Told before = state.last;
    state.last = told;
    if (told.result().status() == Status.PASS) {
      state.inRow = 0;
      if (state.since != null) {
        state.revision++;
        settle(key, state, FindingStatus.CLEARED, view, out);
        state.since = null;
      }
      return;
    }
    state.inRow++;
    if (state.since == null && !late) {
      state.since = told;
      state.revision = 1;
      settle(key, state, FindingStatus.RAISED, view, out);
    } else if (state.since != null && !sameTrouble(before.result(), told.result())) {
      state.revision++;
      settle(key, state, FindingStatus.RAISED, view, out);
    }
  }

  private static boolean sameTrouble(CheckResult one, CheckResult other) {
    return one.status() == other.status() && severity(one) == severity(other);
  }

  private static void settle(
      StateKey key, CheckState state, FindingStatus status, View view, List<Output> out) {
    Finding finding = finding(key, state, status, view);
    out.add(new Output.Found(key.route(), finding));
    out.add(new Output.Settled(key.route(), state.last.result().time(), SOURCES, finding));
  }

  private static Finding finding(StateKey key, CheckState state, FindingStatus status, View view) {
    CheckResult first = state.since.result();
    CheckResult last = state.last.result();
    boolean cleared = status == FindingStatus.CLEARED;
    CheckResult shown = cleared ? first : last;
    return Findings.begin(
            Findings.id(
                FindingKind.CHECK_FAILED,
                key.route(),
                first.resourceId(),
                first.check() + "@" + first.time()),
            FindingKind.CHECK_FAILED,
            subject(first),
            first.time(),
            view)
        .setStatus(status)
        .setRevision(state.revision)
        .setWindowStart(Instant.ofEpochMilli(first.time()))
        .setWindowEnd(cleared ? Instant.ofEpochMilli(last.time()) : null)
        .setSeverity(severity(shown))
        .setConfidence(Confidence.HIGH)
        .setSummary(summary(shown, cleared))
        .setAttributes(attributes(shown))
        .setEvidence(
            cleared
                ? List.of(
                    Findings.evidence(state.since.at(), null),
                    Findings.evidence(state.last.at(), null))
                : List.of(Findings.evidence(state.last.at(), null)))
        .build();
  }

  private static Subject subject(CheckResult result) {
    return new Subject(
        Subject.type(result.resourceType()),
        result.resourceId(),
        result.resourceName(),
        result.workspace(),
        null);
  }

  private static Map<String, String> attributes(CheckResult result) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("check", result.check());
    attributes.put("status", result.status().name());
    put("category", result.category(), attributes);
    put("assessmentId", result.assessmentId(), attributes);
    put("message", result.message(), attributes);
    return attributes;
  }

  private static void put(String key, String value, Map<String, String> attributes) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  private static String summary(CheckResult result, boolean cleared) {
    String name = result.resourceName() == null ? result.resourceId() : result.resourceName();
    String what = "Check " + result.check() + " of " + name;
    if (cleared) {
      return what + " passes again";
    }
    String how = result.status() == Status.PARTIAL ? " passes in part only" : " does not pass";
    return what + how + (result.message() == null ? "" : ": " + result.message());
  }

  /** As the producer says, else by whether anything of it passed. */
  private static Severity severity(CheckResult result) {
    return switch (result.severity()) {
      case LOW -> Severity.LOW;
      case MEDIUM -> Severity.MEDIUM;
      case HIGH -> Severity.HIGH;
      case CRITICAL -> Severity.CRITICAL;
      case OTHER -> result.status() == Status.PARTIAL ? Severity.LOW : Severity.MEDIUM;
    };
  }

  private static AuditEntry overflow(CheckState state, Told told) {
    return AuditEntry.newBuilder()
        .setAt(Instant.ofEpochMilli(told.result().time()))
        .setActor("checks")
        .setAction("JUDGE_EARLY")
        .setResource(subject(told.result()).toResource())
        .setWhy("more results of one check than may wait for the watermark")
        .setHow("the oldest is judged before the watermark has passed it")
        .setDetail(
            Map.of(
                "judgedEarly",
                Integer.toString(state.early),
                "maxWaiting",
                Integer.toString(CheckState.MAX_WAITING)))
        .setStatus("OVERFLOW")
        .build();
  }
}
