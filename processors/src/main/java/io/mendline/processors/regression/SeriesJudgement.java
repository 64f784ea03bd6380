package io.mendline.processors.regression;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.pipeline.Step;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.regression.OpenRegression.Sums;
import io.mendline.processors.regression.RegressionMethod.Thresholds;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Evidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is done with a series of bins at one deadline: those that are due are closed, the series is
 * judged, what is found is told, and what is too old is forgotten.
 *
 * @param <S> the state of the series
 * @param <C> its closed bins
 */
abstract class SeriesJudgement<S extends SeriesState<?, C>, C extends ClosedBin<C>>
    extends RegressionWatch {
  /** How long a state that has only told something is kept, so that it is not lost in a crash. */
  private static final long KEPT = Duration.ofHours(1).toMillis();

  final StateKey key;
  final S state;
  final long at;
  final View view;
  final Policy policy;
  final List<Output> outputs = new ArrayList<>();

  private final int sources;

  /**
   * A judgement at one deadline.
   *
   * @param state the state of the series; changed in place
   * @param thresholds what counts for the series
   * @param sources those whose watermark closes its bins
   * @param at the deadline
   */
  SeriesJudgement(
      StateKey key,
      S state,
      RegressionMethod method,
      Thresholds thresholds,
      int sources,
      long at,
      View view) {
    super(
        method, thresholds, state.regressions, state.past, state.moves, view.policy(at).week(), at);
    this.key = key;
    this.state = state;
    this.sources = sources;
    this.at = at;
    this.view = view;
    this.policy = view.policy(at);
  }

  /** Whether a closed bin holds enough to be judged by. */
  abstract boolean tells(C bin);

  /** A bin as one of the points that are judged. */
  abstract Point point(C bin);

  /** What was counted in some bins. */
  abstract Sums sums(List<C> bins);

  /** Whether the series can be judged at all. */
  boolean isJudged() {
    return true;
  }

  /** The service whose changes may be to blame. */
  abstract String service();

  /** The cache's scope it is; null of any other series, of which prompts and models say nothing. */
  Blame.Scope scope() {
    return null;
  }

  /** Other scopes of the service, and whether they fell since, as far as that is known. */
  List<Neighbour> neighbours(long onset) {
    return List.of();
  }

  /** What is found. */
  abstract FindingKind kind();

  /** What it is found of. */
  abstract Subject subject();

  /** Whether the change from a value to another is a severe one. */
  abstract boolean isSevere(double before, double after);

  /** What has changed, in a sentence without its end. */
  abstract String summary(OpenRegression regression);

  /** A value as sentences have it. */
  abstract String inWords(double value);

  /** A value as attributes have it. */
  abstract String figure(double value);

  /** Adds what attributes there are beside those of all regressions. */
  abstract void describe(OpenRegression regression, Map<String, String> attributes);

  /**
   * Tells what else there is to tell.
   *
   * @param closed whether a bin was closed just now
   */
  abstract void note(boolean closed);

  /** Does all that is due. */
  final Step<S> step() {
    boolean closed = state.close(at);
    List<C> telling = telling(SeriesState.NOT_YET);
    long last = telling.isEmpty() ? SeriesState.NOT_YET : telling.get(telling.size() - 1).end();
    if (last <= at - SeriesState.UNOBSERVED || !isJudged()) {
      clearUnobserved();
      if (!closed) {
        state.forget(at);
      }
    } else if (closed && last == at) {
      judge();
    }
    long pastUntil = PastRegression.forget(state.past, at);
    note(closed);
    if (closed) {
      state.judgedUntil = at;
      state.forgetAt = at + SeriesState.UNOBSERVED;
    } else if (!outputs.isEmpty()) {
      state.forgetAt = at + KEPT;
    } else if (pastUntil > at) {
      state.forgetAt = pastUntil;
    } else if (state.firstEnd() == Step.NEVER) {
      return Step.gone();
    } else {
      state.forgetAt = Step.NEVER;
    }
    return new Step<>(state, outputs, state.wakeAt());
  }

  /**
   * Audits what was not counted as it should have been since the last close, if anything was not.
   *
   * @param detail how often each thing was so
   */
  final void audit(
      String actor, String action, String why, String how, Map<String, Integer> detail) {
    if (detail.values().stream().allMatch(count -> count == 0)) {
      return;
    }
    Map<String, String> counts = new TreeMap<>();
    detail.forEach((what, count) -> counts.put(what, Integer.toString(count)));
    outputs.add(
        new Output.Noted(
            key.route(),
            AuditEntry.newBuilder()
                .setAt(Instant.ofEpochMilli(at))
                .setActor(actor)
                .setAction(action)
                .setResource(subject().toResource())
                .setWhy(why)
                .setHow(how)
                .setDetail(counts)
                .setStatus("COUNTED")
                .build()));
  }

  /** The closed bins with enough in them that begin at or after an instant, oldest first. */
  private List<C> telling(long from) {
    return state.judged(at).stream().filter(bin -> bin.start() >= from && tells(bin)).toList();
  }

  @Override
  final List<Point> points(long from) {
    return telling(from).stream().map(this::point).toList();
  }

  @Override
  final Sums sums(long from) {
    return sums(telling(from));
  }

  /** As far as messages are apart: each may be of the time since the one before. */
  @Override
  final long apart(long start) {
    C bin = telling(start).get(0);
    return bin.length() / Math.max(1, bin.messages());
  }

  @Override
  final List<Blame.Culprit> suspects(long onset, When when) {
    long from = when.earliest() - policy.blame().before().toMillis();
    long to = Math.min(at, when.latest() + policy.blame().after().toMillis());
    return Blame.rank(
        view.changes(service(), from, to), when, scope(), neighbours(onset), policy.blame());
  }

  @Override
  final Policy.Blame blame() {
    return policy.blame();
  }

  @Override
  final void tell(
      OpenRegression regression, FindingStatus status, Clearing clearing, boolean settled) {
    Finding finding = finding(regression, status, clearing);
    outputs.add(new Output.Found(key.route(), finding));
    if (settled) {
      outputs.add(new Output.Settled(key.route(), at, sources, finding));
    }
  }

  private Finding finding(OpenRegression regression, FindingStatus status, Clearing clearing) {
    String id = Findings.id(kind(), key.route(), key.id(), regression.onset());
    boolean severe = isSevere(regression.before(), regression.after());
    return Findings.begin(id, kind(), subject(), regression.raisedAt(), view)
        .setStatus(status)
        .setRevision(regression.revision())
        .setWindowStart(Instant.ofEpochMilli(regression.onset()))
        .setWindowEnd(Instant.ofEpochMilli(regression.until()))
        .setSeverity(severe ? Severity.HIGH : Severity.MEDIUM)
        .setConfidence(regression.confidence())
        .setSummary(summary(regression) + end(clearing))
        .setAttributes(attributes(regression, clearing))
        .setSuspects(regression.suspects().stream().map(Blame.Culprit::suspect).toList())
        .setEvidence(evidence(regression.onset()))
        .build();
  }

  private String end(Clearing clearing) {
    if (clearing == null) {
      return "";
    }
    return switch (clearing.because()) {
      case "recovered" -> "; it is back at " + inWords(clearing.now());
      case "relearned" -> "; it stayed there and is now the level to compare with";
      default -> "; for eight days there has been too little to judge by";
    };
  }

  private Map<String, String> attributes(OpenRegression regression, Clearing clearing) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("onset", Instant.ofEpochMilli(regression.onset()).toString());
    if (!regression.gradual()) {
      attributes.put("earliest", Instant.ofEpochMilli(regression.when().earliest()).toString());
      attributes.put("latest", Instant.ofEpochMilli(regression.when().latest()).toString());
    }
    attributes.put("before", figure(regression.before()));
    attributes.put("after", figure(regression.after()));
    attributes.put("volume", Long.toString(regression.volume()));
    attributes.put("shape", regression.gradual() ? "drift" : "step");
    attributes.put("suspectClear", Boolean.toString(regression.suspectClear()));
    if (regression.sampled()) {
      attributes.put("sampled", "true");
    }
    if (clearing != null) {
      attributes.put("clearedBecause", clearing.because());
      if (clearing.now() != null) {
        attributes.put("recoveredTo", figure(clearing.now()));
      }
    }
    describe(regression, attributes);
    return attributes;
  }

  /** The first message of each of the first bins since the onset. */
  private List<Evidence> evidence(long onset) {
    return Findings.limited(
        telling(onset).stream()
            .filter(bin -> bin.first() != null)
            .map(bin -> Findings.evidence(bin.first(), null))
            .toList());
  }
}
