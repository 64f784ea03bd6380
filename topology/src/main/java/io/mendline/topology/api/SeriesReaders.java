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
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.regression.CacheState;
import io.mendline.processors.regression.RegressionMethod.Band;
import io.mendline.processors.regression.SeriesReport;
import io.mendline.processors.regression.SeriesReport.Measured;
import io.mendline.processors.regression.SeriesReport.Regression;
import io.mendline.processors.regression.SeriesType;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads what is judged as a series: caches from the store of regressions, metrics from the store of
 * capacity, and the changes of their services from the store of routes. All of a series lie in one
 * partition.
 */
final class SeriesReaders {
  /** The parameters of {@code /series}. */
  static final Set<String> PARAMETERS = Set.of("type", "service", "scope");

  /** The parameters of one series. */
  static final Set<String> TIME = Set.of("from", "to");

  /** The parameters of {@code /regressions}. */
  static final Set<String> REGRESSION_PARAMETERS =
      Set.of("status", "type", "service", "scope", "from", "to");

  private static final EntryCodec<CacheState> CACHES = new EntryCodec<>(Pipeline.regressionCodec());
  private static final EntryCodec<Parts> METRICS = new EntryCodec<>(Pipeline.capacityCodec());
  private static final RouteMemory.Codec ROUTES = new RouteMemory.Codec();

  private static final Comparator<Change> BY_TIME =
      Comparator.comparingLong(Change::at).thenComparing(Change::id);

  private final PolicyBook policies;

  /**
   * Readers.
   *
   * @param policies say which way is better, and what is usual
   */
  SeriesReaders(PolicyBook policies) {
    this.policies = policies;
  }

  /** What becomes of a regression, as it is asked for. */
  private enum Status {
    /** It was raised and not yet cleared. */
    OPEN,
    /** It was cleared. */
    PAST
  }

  /**
   * A time that is asked for.
   *
   * @param from its first instant, epoch milliseconds
   * @param to its end, exclusive
   */
  private record Span(long from, long to) {
    static Span of(Map<String, String> filter) {
      Span span =
          new Span(
              Parameters.instant(filter, "from", Long.MIN_VALUE),
              Parameters.instant(filter, "to", Long.MAX_VALUE));
      if (span.from >= span.to) {
        throw Problem.badRequest("\"from\" lies before \"to\"");
      }
      return span;
    }

    boolean holds(long at) {
      return at >= from && at < to;
    }
  }

  /**
   * Reads the filter of series once, before partitions do.
   *
   * @throws Problem when it cannot be meant
   */
  static void check(Map<String, String> filter) {
    Set<SeriesType> unused = types(filter);
  }

  /**
   * Reads the time of one series once, before partitions do.
   *
   * @throws Problem when it cannot be meant
   */
  static void checkTime(Map<String, String> filter) {
    Span unused = Span.of(filter);
  }

  /**
   * Reads the filter of regressions once, before partitions do.
   *
   * @throws Problem when it cannot be meant
   */
  static void checkRegressions(Map<String, String> filter) {
    check(filter);
    checkTime(filter);
    Set<Status> unused = Parameters.symbols(filter, "status", Status.class);
  }

  /** Series that a filter takes, by id. */
  List<PartitionReader.Candidate> series(StoreReader store, Question question)
      throws StoreReader.NotHere {
    List<PartitionReader.Candidate> found = new ArrayList<>();
    for (SeriesReport report : reports(store, question.filter())) {
      RowKey place = new RowKey(0, report.key().id() + ' ' + report.type());
      if (place.compareTo(question.after()) > 0) {
        found.add(new PartitionReader.Candidate(place, () -> document(report)));
      }
    }
    return found;
  }

  /** One series, with its bins and what became of it. */
  List<PartitionReader.Candidate> one(StoreReader store, Question question)
      throws StoreReader.NotHere {
    SeriesType type = Parameters.symbol("type", question.filter().get("type"), SeriesType.class);
    List<PartitionReader.Candidate> found = new ArrayList<>();
    for (StateKey key : SeriesReport.keys(question.filter().get("id"))) {
      byte[] value = store.of(storeOf(type)).get(StoreKeys.of(key));
      SeriesReport report = value == null ? null : report(type, key, value);
      if (report != null) {
        List<Change> changes = changes(store.of(Pipeline.ROUTES), report.service());
        found.add(
            new PartitionReader.Candidate(
                new RowKey(0, key.route()),
                () -> whole(report, changes, Span.of(question.filter()))));
      }
    }
    return found;
  }

  /** Regressions that a filter takes, the newest onset first. */
  List<PartitionReader.Candidate> regressions(StoreReader store, Question question)
      throws StoreReader.NotHere {
    Map<String, String> filter = question.filter();
    Set<Status> wanted = Parameters.symbols(filter, "status", Status.class);
    Span span = Span.of(filter);
    List<PartitionReader.Candidate> found = new ArrayList<>();
    for (SeriesReport report : reports(store, filter)) {
      for (Regression each : report.regressions()) {
        RowKey place =
            new RowKey(each.onset(), each.findingId() + ' ' + report.type() + each.raisedAt());
        if ((wanted.isEmpty() || wanted.contains(status(each)))
            && span.holds(each.onset())
            && place.compareTo(question.after()) > 0) {
          found.add(new PartitionReader.Candidate(place, () -> document(report, each)));
        }
      }
    }
    return found;
  }

  private static Set<SeriesType> types(Map<String, String> filter) {
    Set<SeriesType> types = Parameters.symbols(filter, "type", SeriesType.class);
    return types.isEmpty() ? EnumSet.allOf(SeriesType.class) : types;
  }

  private static String storeOf(SeriesType type) {
    return type == SeriesType.CACHE_SCOPE ? Pipeline.REGRESSION : Pipeline.CAPACITY;
  }

  private static List<SeriesReport> reports(StoreReader store, Map<String, String> filter)
      throws StoreReader.NotHere {
    String service = filter.get("service");
    String route = service == null ? null : Routes.service(service);
    List<SeriesReport> reports = new ArrayList<>();
    for (SeriesType type : types(filter)) {
      store
          .of(storeOf(type))
          .range(
              route == null ? null : StoreKeys.firstOf(route, ""),
              route == null ? null : StoreKeys.endOf(route),
              (bytes, value) -> {
                SeriesReport report = report(type, StoreKeys.read(bytes), value);
                if (report != null
                    && filter.getOrDefault("scope", report.scope()).equals(report.scope())) {
                  reports.add(report);
                }
                return true;
              });
    }
    return reports;
  }

  private static SeriesReport report(SeriesType type, StateKey key, byte[] value) {
    BinaryReader in = new BinaryReader(value);
    if (type == SeriesType.CACHE_SCOPE) {
      Entry<CacheState> entry = CACHES.read(in);
      return entry.state() == null ? null : SeriesReport.of(key, entry.state());
    }
    Entry<Parts> entry = METRICS.read(in);
    return entry.state() == null ? null : SeriesReport.of(key, entry.state());
  }

  /** The changes of a service and those that name none, which may touch any; the oldest first. */
  private static List<Change> changes(StoreReader routes, String service)
      throws StoreReader.NotHere {
    List<Change> changes = new ArrayList<>();
    for (String each : List.of(service, "")) {
      byte[] value = routes.get(StoreKeys.of(RouteMemory.changesKey(each)));
      if (value != null && ROUTES.read(new BinaryReader(value)) instanceof RouteMemory.Changes of) {
        changes.addAll(of.changes());
      }
    }
    changes.sort(BY_TIME);
    return changes;
  }

  private ObjectNode document(SeriesReport report) {
    List<Measured> bins = report.bins();
    Measured last = bins.isEmpty() ? null : bins.get(bins.size() - 1);
    Better better = report.better(policy(report));
    ObjectNode document =
        Json.object()
            .put("type", report.type().name())
            .put("id", report.key().id())
            .put("service", report.service())
            .put("scope", report.scope())
            .put("metric", report.metric())
            .put("model", report.model())
            .put("environment", report.environment())
            .put("better", better == Better.UNSAID ? null : better.name())
            .put("lastValue", last == null ? null : orNull(last.value()));
    document.set("lastBin", last == null ? null : bin(report.type(), last));
    return document.put("regressionOpen", report.regressed()).put("asOf", instant(report.asOf()));
  }

  private Policy policy(SeriesReport report) {
    return policies.at(report.asOf() == SeriesReport.NONE ? Long.MAX_VALUE : report.asOf());
  }

  private ObjectNode whole(SeriesReport report, List<Change> changes, Span span) {
    ObjectNode document = document(report).put("levelSince", instant(report.levelSince()));
    ArrayNode bins = document.putArray("bins");
    ArrayNode band = document.putArray("band");
    List<Band> usual = report.band(policy(report));
    for (int i = 0; i < usual.size(); i++) {
      Measured bin = report.bins().get(i);
      if (span.holds(bin.start())) {
        bins.add(bin(report.type(), bin));
        band.addObject()
            .put("start", instant(bin.start()))
            .put("low", orNull(usual.get(i).low()))
            .put("high", orNull(usual.get(i).high()));
      }
    }
    ArrayNode regressions = document.putArray("regressions");
    for (Regression each : report.regressions()) {
      if (each.onset() < span.to() && (each.open() || each.clearedAt() >= span.from())) {
        regressions.add(document(report, each));
      }
    }
    // What came before anything that is shown says nothing about it.
    long first = report.bins().isEmpty() ? Long.MIN_VALUE : report.bins().get(0).start();
    ArrayNode shown = document.putArray("changes");
    for (Change each : changes) {
      if (span.holds(each.at()) && each.at() >= first) {
        shown.add(document(each));
      }
    }
    return document;
  }

  private static ObjectNode bin(SeriesType type, Measured bin) {
    ObjectNode document =
        Json.object()
            .put("start", instant(bin.start()))
            .put("end", instant(bin.end()))
            .put("value", orNull(bin.value()));
    if (type == SeriesType.CACHE_SCOPE) {
      return document
          .put("volume", Math.round(bin.volume()))
          .put("calls", bin.calls())
          .put("uncacheableCalls", bin.uncacheableCalls())
          .put("sampled", bin.sampled());
    }
    return document
        .put("volume", bin.volume())
        .put("samples", bin.calls())
        .put("sampled", bin.sampled());
  }

  private static ObjectNode document(SeriesReport report, Regression regression) {
    ObjectNode document =
        Json.object()
            .put("type", report.type().name())
            .put("id", report.key().id())
            .put("findingId", regression.findingId())
            .put("status", status(regression).name())
            .put("onset", instant(regression.onset()))
            .put("raisedAt", instant(regression.raisedAt()))
            .put("clearedAt", instant(regression.clearedAt()))
            .put("clearedBecause", regression.because())
            .put("before", regression.before())
            .put("after", regression.after())
            .put("shape", regression.gradual() ? "drift" : "step");
    ArrayNode suspects = document.putArray("suspects");
    regression.suspects().forEach(suspect -> suspects.add(Json.of(suspect)));
    return document;
  }

  private static ObjectNode document(Change change) {
    return Json.object()
        .put("id", change.id())
        .put("at", instant(change.at()))
        .put("service", change.service())
        .put("kind", change.kind())
        .put("title", change.title())
        .put("url", change.url())
        .put("author", change.author());
  }

  private static Status status(Regression regression) {
    return regression.open() ? Status.OPEN : Status.PAST;
  }

  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : (Double) value;
  }

  private static String instant(long millis) {
    return millis == SeriesReport.NONE ? null : Instant.ofEpochMilli(millis).toString();
  }
}
