package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.Findings;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.View;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.Policy.Window;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Transience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is thought of one metric of a scope as of the end of a minute. */
final class CapacityJudgement {
  /** A hot node is told of again when it got hotter by so many points. */
  private static final double HOTTER = 5;

  /** From this hot-node P95 on, percent, a pool has nothing left. */
  private static final double SEVERE = 95;

  private static final String NOT_ASKED_FOR = "not-asked-for";
  private static final String UNOBSERVED = "unobserved";

  private static final RootCause AFFINITY =
      RootCause.newBuilder()
          .setKey("capacity/one-member-has-all")
          .setCategory("configuration")
          .setTransience(Transience.PERMANENT)
          .setTitle("One member of the pool has all of the load")
          .setHint(
              "Look at session affinity of the load balancer, and at whether the others are healthy"
                  + " and in its back-end pool.")
          .build();

  private final String route;
  private final CapacityState state;
  private final long at;
  private final View view;
  private final Policy.Capacity rules;
  private final List<Output> outputs;

  CapacityJudgement(String route, CapacityState state, long at, View view, List<Output> outputs) {
    this.route = route;
    this.state = state;
    this.at = at;
    this.view = view;
    this.rules = view.policy(at).capacity();
    this.outputs = outputs;
  }

  /** Judges by the minutes that end by then. */
  void judge() {
    hotNode();
    loadSkew();
    limit();
    noteBounds();
  }

  /** Clears what is open: nothing was heard for long. */
  void giveUp() {
    clearHotNode(UNOBSERVED, null);
    clearSkew(UNOBSERVED, null);
    clearBreach(UNOBSERVED);
  }

  private void hotNode() {
    if (!rules.hotNode().names(state.metric)) {
      clearHotNode(NOT_ASKED_FOR, null);
      state.hot = new HotBins();
      return;
    }
    Policy.HotNode hot = rules.hotNode();
    HotBins.Reading now = state.hot.read(at, hot.window());
    if (now.bins() < hot.minimumBins()) {
      return;
    }
    Raised open = state.hotNode;
    if (open == null && now.p95() >= hot.raiseAt()) {
      Duration window = Duration.ofHours(hot.window() == Window.SLIDING ? 12 : 24);
      state.hotNode =
          new Raised(
              at,
              at - window.toMillis(),
              1,
              now.p95(),
              at,
              hotSummary(now),
              now.p95() >= SEVERE,
              true,
              List.of(),
              hotAttributes(now));
      tell(FindingKind.HOT_NODE, state.hotNode, null, true);
    } else if (open != null && now.p95() < hot.clearBelow()) {
      clearHotNode("below", now);
    } else if (open != null && now.p95() >= open.level() + HOTTER) {
      state.hotNode =
          open.told(now.p95(), at, hotSummary(now), now.p95() >= SEVERE, hotAttributes(now));
      tell(FindingKind.HOT_NODE, state.hotNode, null, false);
    }
  }

  private void clearHotNode(String because, HotBins.Reading now) {
    if (state.hotNode != null) {
      SortedMap<String, String> attributes = new TreeMap<>(state.hotNode.attributes());
      if (now != null) {
        attributes.put("hotNodeP95Now", Figures.text(now.p95()));
      }
      clear(FindingKind.HOT_NODE, state.hotNode, attributes, because);
      state.hotNode = null;
    }
  }

  private String hotSummary(HotBins.Reading now) {
    return "The hottest node of %s is at %s %% of %s (95th percentile of 12 hours), the pool at %s %% on average%s"
        .formatted(
            state.scope,
            Figures.text(now.p95()),
            state.metric,
            Figures.text(now.average()),
            now.node().equals(Names.NONE) ? "" : ": mostly " + now.node());
  }

  private SortedMap<String, String> hotAttributes(HotBins.Reading now) {
    SortedMap<String, String> attributes = new TreeMap<>();
    attributes.put("metric", state.metric);
    attributes.put("hotNodeP95", Figures.text(now.p95()));
    attributes.put("poolAverage", Figures.text(now.average()));
    attributes.put("singleSampleMaximum", Figures.text(now.greatest()));
    attributes.put("raiseAt", Figures.text(rules.hotNode().raiseAt()));
    attributes.put("clearBelow", Figures.text(rules.hotNode().clearBelow()));
    attributes.put("window", rules.hotNode().window().name());
    attributes.put("minutes", Integer.toString(now.bins()));
    if (!now.node().equals(Names.NONE)) {
      attributes.put("hotNode", now.node());
    }
    return attributes;
  }

  private void loadSkew() {
    boolean isLoad = rules.loadSkew().names(state.metric) && !rules.hotNode().names(state.metric);
    if (!isLoad) {
      clearSkew(NOT_ASKED_FOR, null);
      state.load = new PoolLoad();
      return;
    }
    Policy.LoadSkew skew = rules.loadSkew();
    PoolLoad.Verdict now = state.load.judge(at, skew, rules.pool(state.scope));
    if (now == null) {
      return;
    }
    Raised open = state.skew;
    if (now.isSkewed()) {
      skewed(now, open, skew);
    } else if (open != null && at - open.lastSeen() >= skew.window().toMillis()) {
      clearSkew("balanced", now);
    }
  }

  private void skewed(PoolLoad.Verdict now, Raised open, Policy.LoadSkew skew) {
    Set<String> named = new TreeSet<>(open == null ? List.of() : open.named());
    int before = named.size();
    named.addAll(now.over());
    named.addAll(now.under());
    named.addAll(now.silent());
    if (open == null) {
      state.skew =
          new Raised(
              at,
              at - skew.window().toMillis(),
              1,
              now.requests(),
              at,
              skewSummary(now),
              isSevere(now),
              true,
              List.copyOf(named),
              skewAttributes(now));
      tell(FindingKind.LOAD_SKEW, state.skew, withShares(now), true);
    } else if (named.size() > before || (isSevere(now) && !open.severe())) {
      state.skew =
          open.told(now.requests(), at, skewSummary(now), isSevere(now), skewAttributes(now))
              .naming(List.copyOf(named));
      tell(FindingKind.LOAD_SKEW, state.skew, withShares(now), true);
    } else {
      state.skew = open.seen(at);
    }
  }

  private static boolean isSevere(PoolLoad.Verdict now) {
    return now.all() != null;
  }

  /** It stays the cause when others have got some of it, and when it is over. */
  private static RootCause cause(FindingKind kind, Raised open) {
    return kind == FindingKind.LOAD_SKEW && open.severe() ? AFFINITY : null;
  }

  private void clearSkew(String because, PoolLoad.Verdict now) {
    if (state.skew != null) {
      clear(
          FindingKind.LOAD_SKEW,
          state.skew,
          now == null ? state.skew.attributes() : withShares(state.skew.attributes(), now),
          because);
      state.skew = null;
    }
  }

  private String skewSummary(PoolLoad.Verdict now) {
    List<String> parts = new ArrayList<>();
    if (now.all() != null) {
      parts.add(now.all() + " has all of them");
    } else if (!now.over().isEmpty()) {
      parts.add("too many for " + few(now.over()));
    }
    if (!now.under().isEmpty()) {
      parts.add("too few for " + few(now.under()));
    }
    if (!now.silent().isEmpty()) {
      parts.add("none for " + few(now.silent()));
    }
    return "The %s of %s are out of balance: %s"
        .formatted(state.metric, state.scope, String.join(", ", parts));
  }

  private static String few(Set<String> names) {
    String first = String.join(", ", names.stream().limit(3).toList());
    return names.size() > 3 ? first + " and " + (names.size() - 3) + " more" : first;
  }

  private SortedMap<String, String> skewAttributes(PoolLoad.Verdict now) {
    SortedMap<String, String> attributes = new TreeMap<>();
    attributes.put("metric", state.metric);
    attributes.put("requests", Figures.text(now.requests()));
    attributes.put("windowSeconds", Long.toString(rules.loadSkew().window().toSeconds()));
    put("over", now.over(), attributes);
    put("under", now.under(), attributes);
    put("silent", now.silent(), attributes);
    return attributes;
  }

  private static void put(String key, Set<String> names, Map<String, String> to) {
    if (!names.isEmpty()) {
      to.put(key, few(names));
    }
  }

  private SortedMap<String, String> withShares(PoolLoad.Verdict now) {
    return withShares(skewAttributes(now), now);
  }

  /** The lists are told and not kept: they would be a third of the state. */
  private static SortedMap<String, String> withShares(
      Map<String, String> attributes, PoolLoad.Verdict now) {
    SortedMap<String, String> all = new TreeMap<>(attributes);
    all.put("shares", Figures.shares(now.shares()));
    all.put("fairParts", Figures.shares(now.fair()));
    return all;
  }

  private void limit() {
    String name = rules.limit(state.metric, state.scope);
    if (name == null) {
      clearBreach(NOT_ASKED_FOR);
      state.streak = new Streak();
      return;
    }
    Policy.Limit limit = rules.limits().get(name);
    Streak streak = state.streak;
    streak.follow(at, limit);
    if (!streak.lasts(at, limit)) {
      return;
    }
    if (state.breach == null && streak.beyond) {
      boolean low = limit.floor() != null && streak.last.mean() < limit.floor();
      String node = low ? streak.last.lowest() : streak.last.highest();
      boolean ofNodes = !node.equals(Names.NONE);
      SortedMap<String, String> attributes = limitAttributes(name, limit, low);
      if (ofNodes) {
        attributes.put("node", node);
      }
      state.breach =
          new Raised(
              at,
              streak.since,
              1,
              streak.last.mean(),
              at,
              limitSummary(limit, low),
              false,
              ofNodes,
              List.of(),
              attributes);
      tell(FindingKind.METRIC_BREACHED, state.breach, null, true);
    } else if (!streak.beyond) {
      clearBreach("back");
    }
  }

  private void clearBreach(String because) {
    if (state.breach != null) {
      SortedMap<String, String> attributes = new TreeMap<>(state.breach.attributes());
      if (because.equals("back")) {
        attributes.put("valueNow", Figures.text(state.streak.last.mean()));
      }
      clear(FindingKind.METRIC_BREACHED, state.breach, attributes, because);
      state.breach = null;
    }
  }

  private String limitSummary(Policy.Limit limit, boolean low) {
    return "The metric %s of %s is %s its %s of %s: %s since %s"
        .formatted(
            state.metric,
            state.scope,
            low ? "below" : "above",
            low ? "floor" : "ceiling",
            Figures.text(low ? limit.floor() : limit.ceiling()),
            Figures.text(state.streak.last.mean()),
            Instant.ofEpochMilli(state.streak.since));
  }

  private SortedMap<String, String> limitAttributes(String name, Policy.Limit limit, boolean low) {
    SortedMap<String, String> attributes = new TreeMap<>();
    attributes.put("metric", state.metric);
    attributes.put("limit", name);
    attributes.put(low ? "floor" : "ceiling", Figures.text(low ? limit.floor() : limit.ceiling()));
    attributes.put("value", Figures.text(state.streak.last.mean()));
    attributes.put("since", Instant.ofEpochMilli(state.streak.since).toString());
    attributes.put("persistenceSeconds", Long.toString(limit.persistence().toSeconds()));
    return attributes;
  }

  private void clear(
      FindingKind kind, Raised open, SortedMap<String, String> attributes, String because) {
    SortedMap<String, String> all = new TreeMap<>(attributes);
    all.put("clearedBecause", because);
    String summary =
        switch (because) {
          case UNOBSERVED -> "Nothing was heard of %s of %s for two days; before: %s";
          case NOT_ASKED_FOR -> "The policy no longer asks for %s of %s; before: %s";
          default -> "%s of %s is right again; before: %s";
        };
    Raised last =
        open.told(
            open.level(),
            at,
            summary.formatted(state.metric, state.scope, open.summary()),
            false,
            all);
    emit(finding(kind, FindingStatus.CLEARED, last, all), true);
  }

  private void tell(
      FindingKind kind, Raised open, SortedMap<String, String> attributes, boolean settled) {
    SortedMap<String, String> told = attributes == null ? open.attributes() : attributes;
    emit(finding(kind, FindingStatus.RAISED, open, told), settled);
  }

  private void emit(Finding finding, boolean settled) {
    outputs.add(new Output.Found(route, finding));
    if (settled) {
      outputs.add(new Output.Settled(route, at, CapacityDetector.SOURCES, finding));
    }
  }

  private Finding finding(
      FindingKind kind, FindingStatus status, Raised open, Map<String, String> attributes) {
    Subject subject = subject(open);
    String what = state.metric + "@" + open.at();
    return Findings.begin(
            Findings.id(kind, route, subject.id(), what), kind, subject, open.at(), view)
        .setStatus(status)
        .setRevision(open.revision())
        .setWindowStart(Instant.ofEpochMilli(open.from()))
        .setWindowEnd(Instant.ofEpochMilli(open.lastSeen()))
        .setSeverity(open.severe() ? Severity.HIGH : Severity.MEDIUM)
        .setConfidence(Confidence.HIGH)
        .setRootCause(cause(kind, open))
        .setSummary(open.summary())
        .setAttributes(attributes)
        .setEvidence(List.of(Findings.evidence(state.at, null)))
        .build();
  }

  private Subject subject(Raised open) {
    return open.node()
        ? new Subject(ResourceType.NODE_POOL, state.scope, null, null, null)
        : new Subject(ResourceType.METRIC, state.scope + "/" + state.metric, null, null, null);
  }

  /** Audits samples that did not count as they should: at 1, and whenever they have doubled. */
  private void noteBounds() {
    if (state.troubled() == 0 || state.troubled() < 2 * state.noted) {
      return;
    }
    state.noted = state.troubled();
    AuditEntry entry =
        AuditEntry.newBuilder()
            .setAt(Instant.ofEpochMilli(at))
            .setActor("capacity")
            .setAction("COUNT_SAMPLES")
            .setResource(
                new Subject(ResourceType.METRIC, state.scope + "/" + state.metric, null, null, null)
                    .toResource())
            .setWhy("samples that came late, or of which there were more than is kept")
            .setHow("late and refused ones do not count, untold ones might count twice")
            .setDetail(
                Map.of(
                    "late", Integer.toString(state.late),
                    "refused", Integer.toString(state.refused),
                    "untold", Integer.toString(state.untold),
                    "nodesBeyondBound", Integer.toString(state.crowded)))
            .setStatus("OVERFLOW")
            .build();
    outputs.add(new Output.Noted(route, entry));
  }
}
