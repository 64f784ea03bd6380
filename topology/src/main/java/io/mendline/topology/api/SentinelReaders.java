package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.kafka.StoreKeys;
import io.mendline.processors.pipeline.Entry;
import io.mendline.processors.pipeline.EntryCodec;
import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.RouteMemory;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.sentinel.Coverage;
import io.mendline.processors.sentinel.Gap;
import io.mendline.processors.sentinel.RuleHealthStatus;
import io.mendline.processors.sentinel.RuleReport;
import io.mendline.processors.sentinel.SentinelDetectors;
import io.mendline.processors.sentinel.Stretch;
import io.mendline.processors.sentinel.WorkspaceCoverage;
import io.mendline.serdes.binary.BinaryReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;

/** Reads how analytics rules are and what became of their windows, from the store of Sentinel. */
final class SentinelReaders {
  /** The parameters of {@code /sentinel/rules}. */
  static final Set<String> RULE_PARAMETERS = Set.of("workspace", "health");

  /** The parameters of {@code /sentinel/gaps}. */
  static final Set<String> GAP_PARAMETERS = Set.of("workspace", "resource", "open");

  /** The parameter of the windows of a rule, and of coverage. */
  static final Set<String> WORKSPACE = Set.of("workspace");

  private static final RouteMemory.Codec ROUTES = new RouteMemory.Codec();
  private static final EntryCodec<Parts> CODEC = new EntryCodec<>(SentinelDetectors.codec());

  private SentinelReaders() {}

  /**
   * Reads the filter of rules once, before partitions do.
   *
   * @throws Problem when it cannot be meant
   */
  static void checkRules(Map<String, String> filter) {
    Set<RuleHealthStatus> unused = Parameters.symbols(filter, "health", RuleHealthStatus.class);
  }

  /**
   * Reads the filter of gaps once, before partitions do.
   *
   * @throws Problem when it cannot be meant
   */
  static void checkGaps(Map<String, String> filter) {
    String open = filter.getOrDefault("open", "true");
    if (!open.equals("true") && !open.equals("false")) {
      throw Problem.badRequest("\"open\" is true or false");
    }
  }

  /** Rules that a filter takes, by workspace and id. */
  static List<PartitionReader.Candidate> rules(StoreReader store, Question question)
      throws StoreReader.NotHere {
    Set<RuleHealthStatus> wanted =
        Parameters.symbols(question.filter(), "health", RuleHealthStatus.class);
    Found found = new Found(question);
    for (RuleReport report : reports(store, question.filter().get("workspace"))) {
      if (wanted.isEmpty() || wanted.contains(report.health())) {
        found.add(new RowKey(0, report.route() + ' ' + report.id()), () -> rule(report));
      }
    }
    return found.candidates;
  }

  /** The windows of the rule with an id, neighbours of one status together, the newest first. */
  static List<PartitionReader.Candidate> windows(StoreReader store, Question question)
      throws StoreReader.NotHere {
    String id = question.filter().get("id");
    Set<String> routes = new TreeSet<>();
    range(
        store,
        question.filter().get("workspace"),
        (key, value) -> {
          if (key.id().equals(id)) {
            routes.add(key.route());
          }
        });
    Found found = new Found(question);
    for (String route : routes) {
      for (RuleReport report : reports(store, route.substring(Routes.sentinel("").length()))) {
        for (Stretch stretch : report.id().equals(id) ? report.timeline() : List.<Stretch>of()) {
          found.add(
              new RowKey(stretch.start() * 1_000, route + ' ' + id + ' ' + stretch.firstEnd()),
              () -> window(report, stretch));
        }
      }
    }
    return found.candidates;
  }

  /** Gaps that a filter takes, the newest first. */
  static List<PartitionReader.Candidate> gaps(StoreReader store, Question question)
      throws StoreReader.NotHere {
    Map<String, String> filter = question.filter();
    Found found = new Found(question);
    for (RuleReport report : reports(store, filter.get("workspace"))) {
      for (Gap gap : report.gaps()) {
        if (takes(filter, "resource", report.id())
            && takes(filter, "open", Boolean.toString(gap.open()))) {
          found.add(
              new RowKey(gap.start() * 1_000, report.route() + ' ' + report.id()),
              () -> gap(report, gap));
        }
      }
    }
    return found.candidates;
  }

  /** What the rules of each workspace have looked at; a workspace lies in one partition. */
  static List<PartitionReader.Candidate> coverage(StoreReader store, Question question)
      throws StoreReader.NotHere {
    Found found = new Found(question);
    List<RuleReport> reports = reports(store, question.filter().get("workspace"));
    Map<StateKey, List<String>> tactics = tactics(store.of(Pipeline.ROUTES), reports);
    for (WorkspaceCoverage each :
        WorkspaceCoverage.of(reports, (route, rule) -> tactics.get(new StateKey(route, rule)))) {
      found.add(new RowKey(0, each.workspace()), () -> workspace(each));
    }
    return found.candidates;
  }

  /** What is known of the tactics of rules. */
  private static Map<StateKey, List<String>> tactics(StoreReader routes, List<RuleReport> reports)
      throws StoreReader.NotHere {
    Map<StateKey, List<String>> tactics = new HashMap<>();
    for (RuleReport report : reports) {
      byte[] value = routes.get(StoreKeys.of(RouteMemory.ruleKey(report.route(), report.id())));
      List<String> known =
          value != null && ROUTES.read(new BinaryReader(value)) instanceof RouteMemory.Rule rule
              ? rule.versions().at(report.asOf()).tactics()
              : List.of();
      tactics.put(new StateKey(report.route(), report.id()), known);
    }
    return tactics;
  }

  /** Rows after the place that a page begins at. */
  private static final class Found {
    private final RowKey after;
    private final List<PartitionReader.Candidate> candidates = new ArrayList<>();

    Found(Question question) {
      after = question.after();
    }

    void add(RowKey place, PartitionReader.Document document) {
      if (place.compareTo(after) > 0) {
        candidates.add(new PartitionReader.Candidate(place, document));
      }
    }
  }

  /** Takes a key and the bytes of its value. */
  private interface Visitor {
    void visit(StateKey key, byte[] value);
  }

  private static List<RuleReport> reports(StoreReader store, String workspace)
      throws StoreReader.NotHere {
    Map<StateKey, Parts> states = new HashMap<>();
    range(
        store,
        workspace,
        (key, value) -> {
          Entry<Parts> entry = CODEC.read(new BinaryReader(value));
          if (entry.state() != null) {
            states.put(key, entry.state());
          }
        });
    return RuleReport.of(states);
  }

  private static void range(StoreReader store, String workspace, Visitor visitor)
      throws StoreReader.NotHere {
    Bytes from = workspace == null ? null : StoreKeys.firstOf(Routes.sentinel(workspace), "");
    Bytes to = workspace == null ? null : StoreKeys.endOf(Routes.sentinel(workspace));
    store.range(
        from,
        to,
        (bytes, value) -> {
          visitor.visit(StoreKeys.read(bytes), value);
          return true;
        });
  }

  private static boolean takes(Map<String, String> filter, String name, String value) {
    return !filter.containsKey(name) || filter.get(name).equals(value);
  }

  private static ObjectNode rule(RuleReport report) {
    ObjectNode document =
        Json.object()
            .put("id", report.id())
            .put("name", report.name())
            .put("workspace", report.workspace())
            .put("health", report.health().name());
    ArrayNode findings = document.putArray("openFindings");
    report.openFindings().forEach(kind -> findings.add(kind.name()));
    document
        .put("lastRun", instant(report.lastRun()))
        .put("nextExpected", instant(report.nextExpected()))
        .put("asOf", Instant.ofEpochMilli(report.asOf()).toString())
        .put("dropped", report.dropped());
    document.set("coverage", coverage(report.coverage()));
    return document;
  }

  private static ObjectNode window(RuleReport report, Stretch stretch) {
    return Json.object()
        .put("ruleId", report.id())
        .put("workspace", report.workspace())
        .put("start", instant(stretch.start()))
        .put("end", instant(stretch.end()))
        .put("windows", stretch.count())
        .put("status", stretch.status().name())
        .put("logged", stretch.logged())
        .put("frequencySeconds", stretch.step() == 0 ? null : (Long) stretch.step())
        .put("lookBackSeconds", stretch.look() == 0 ? null : (Long) stretch.look());
  }

  private static ObjectNode gap(RuleReport report, Gap gap) {
    return Json.object()
        .put("ruleId", report.id())
        .put("ruleName", report.name())
        .put("workspace", report.workspace())
        .put("start", instant(gap.start()))
        .put("end", instant(gap.end()))
        .put("windows", gap.windows())
        .put("filled", gap.filled())
        .put("open", gap.open())
        .put("uncoveredSeconds", gap.uncoveredSeconds());
  }

  private static ObjectNode workspace(WorkspaceCoverage of) {
    ObjectNode document =
        Json.object()
            .put("workspace", of.workspace())
            .put("asOf", Instant.ofEpochMilli(of.asOf()).toString());
    document.set("coverage", coverage(of.coverage()));
    ArrayNode tactics = document.putArray("tactics");
    of.byTactic()
        .forEach(
            (tactic, each) ->
                tactics.addObject().put("tactic", tactic).set("coverage", coverage(each)));
    return document;
  }

  private static ObjectNode coverage(Coverage of) {
    ObjectNode document =
        Json.object()
            .put("rules", of.rules())
            .put("expected", of.expected())
            .put("run", of.run())
            .put("share", orNull(of.share()))
            .put("filled", of.filled())
            .put("skipped", of.skipped())
            .put("failed", of.failed())
            .put("unknown", of.unknown())
            .put("pending", of.pending())
            .put("seconds", of.seconds())
            .put("secondsSeen", of.secondsSeen())
            .put("shareSeen", orNull(of.shareSeen()))
            .put("gapsOpen", of.gapsOpen());
    return document;
  }

  private static Double orNull(OptionalDouble share) {
    return share.isEmpty() ? null : (Double) share.getAsDouble();
  }

  private static String instant(long second) {
    return second == RuleReport.NONE ? null : Instant.ofEpochSecond(second).toString();
  }
}
