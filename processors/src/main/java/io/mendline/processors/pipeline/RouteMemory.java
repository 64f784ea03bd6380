package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.TelemetryCodec;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What the {@code routes} store holds: how far each source has come, when it was heard, changes,
 * what rules and jobs are, what data connectors said of themselves, and how runs ended that others
 * hang on.
 */
public sealed interface RouteMemory {
  /** How far each source has come, under one key for the whole partition. */
  record Watermarks(WatermarkTable table) implements RouteMemory {
    /** How far each source has come, of those that were heard of. */
    public List<SourceProgress> progress() {
      return table.bySource();
    }
  }

  /**
   * How far a source has come.
   *
   * @param reached everything up to this event time is taken to have arrived, epoch milliseconds;
   *     {@link Progress#UNHEARD} while a partition was not heard of
   * @param watermarks the same for each partition of its topic
   */
  record SourceProgress(Source source, long reached, List<Long> watermarks) {}

  /** When a route's source was heard. */
  record Heard(Hearing hearing) implements RouteMemory {}

  /** The changes of a service, oldest first, ties by id. */
  record Changes(List<Change> changes) implements RouteMemory {}

  /** What the changes of an analytics rule have said of it. */
  record Rule(RuleVersions versions) implements RouteMemory {}

  /** By what name records call a workspace; see {@link SignalRecord.Named}. */
  record Workspace(SignalRecord.Named named) implements RouteMemory {}

  /**
   * Changes of rules whose workspace is named by its path alone, by event time, until the watermark
   * has passed them: then it is known by what name records call it.
   */
  record Unnamed(List<Signal> changes) implements RouteMemory {}

  /** The data connectors of a workspace, by their ids, in their order. */
  record Connectors(List<String> ids) implements RouteMemory {}

  /** What one data connector said of itself. */
  record Connector(ConnectorHours hours) implements RouteMemory {}

  /** What the settings of a job have said of it. */
  record Job(JobVersions versions) implements RouteMemory {}

  /** Jobs that belong together. */
  record Group(JobGroup jobs) implements RouteMemory {}

  /** How the last runs of a job ended. */
  record Ends(RunEnds ends) implements RouteMemory {}

  /** The key of {@link Watermarks}. */
  StateKey WATERMARKS = new StateKey("", "watermarks");

  /** The key of {@link Unnamed}. */
  StateKey UNNAMED = new StateKey("", "unnamed");

  /** The key of {@link Workspace}. */
  static StateKey workspaceKey(String path) {
    return new StateKey("", "workspace/" + path);
  }

  /** The key of {@link Heard}. */
  static StateKey heardKey(String route, Source source) {
    return new StateKey(route, "heard/" + source.label());
  }

  /** The key of {@link Changes}. */
  static StateKey changesKey(String service) {
    return new StateKey(Routes.service(service), "changes");
  }

  /** The key of {@link Connectors}. */
  static StateKey connectorsKey(String route) {
    return new StateKey(route, "connectors");
  }

  /** The key of {@link Connector}. */
  static StateKey connectorKey(String route, String connector) {
    return new StateKey(route, "connector/" + connector);
  }

  /**
   * The key of {@link Rule}: one for a rule, whether it is named by its path or by its id alone.
   *
   * @param ruleId as any record names the rule
   */
  static StateKey ruleKey(String route, String ruleId) {
    return new StateKey(route, "rule/" + RuleChange.ruleKey(ruleId));
  }

  /** The key of {@link Job}. */
  static StateKey jobKey(String route, String jobId) {
    return new StateKey(route, "job/" + jobId);
  }

  /** The key of the {@link Group} of all jobs of a workspace. */
  static StateKey jobsKey(String route) {
    return new StateKey(route, "jobs");
  }

  /** The key of the {@link Group} of the jobs that have something in common. */
  static StateKey likenessKey(String route, Likeness likeness) {
    return new StateKey(route, "alike/" + likeness.kind() + "/" + likeness.what());
  }

  /** The key of the {@link Group} of the jobs that a pattern of a policy names. */
  static StateKey upstreamKey(String route, String pattern) {
    return new StateKey(route, "upstream/" + pattern);
  }

  /** The key of {@link Ends}. */
  static StateKey endsKey(String route, String jobId) {
    return new StateKey(route, "ends/" + jobId);
  }

  /**
   * The time it is taken to be, epoch milliseconds: the wall clock's, or the highest event time
   * that the intake has written down.
   */
  static long clock(Store<RouteMemory> store, Clock clock, LongSupplier wall) {
    if (clock == Clock.WALL) {
      return wall.getAsLong();
    }
    return store.get(WATERMARKS) instanceof Watermarks watermarks
        ? watermarks.table().newestEvent()
        : Progress.UNHEARD;
  }

  /** The binary form: a number for the kind, then the kind's own codec. */
  final class Codec implements StateCodec<RouteMemory> {
    /** 1 knew no clock of a route. */
    private static final int VERSION = 2;

    private static final int WATERMARK_TABLE = 1;
    private static final int HEARING = 2;
    private static final int CHANGES = 3;
    private static final int RULE = 4;
    private static final int CONNECTORS = 5;
    private static final int CONNECTOR = 6;
    private static final int WORKSPACE = 7;
    private static final int UNNAMED_CHANGES = 8;
    private static final int JOB = 9;
    private static final int GROUP = 10;
    private static final int ENDS = 11;

    private static final StateCodec<WatermarkTable> TABLE_CODEC = new WatermarkTable.Codec();
    private static final StateCodec<Hearing> HEARING_CODEC = new Hearing.Codec();
    private static final StateCodec<ConnectorHours> HOURS_CODEC = new ConnectorHours.Codec();

    @Override
    public void write(RouteMemory state, BinaryWriter out) {
      out.writeByte(VERSION);
      if (state instanceof Watermarks watermarks) {
        TABLE_CODEC.write(watermarks.table(), out.writeByte(WATERMARK_TABLE));
      } else if (state instanceof Heard heard) {
        HEARING_CODEC.write(heard.hearing(), out.writeByte(HEARING));
      } else if (state instanceof Changes changes) {
        out.writeByte(CHANGES)
            .writeList(
                changes.changes(), (writer, change) -> TelemetryCodec.encode(change, writer));
      } else if (state instanceof Rule rule) {
        rule.versions().write(out.writeByte(RULE));
      } else if (state instanceof Connectors connectors) {
        out.writeByte(CONNECTORS).writeStrings(connectors.ids());
      } else if (state instanceof Connector connector) {
        HOURS_CODEC.write(connector.hours(), out.writeByte(CONNECTOR));
      } else if (state instanceof Workspace workspace) {
        SignalRecordCodec.write(workspace.named(), out.writeByte(WORKSPACE));
      } else if (state instanceof Job job) {
        job.versions().write(out.writeByte(JOB));
      } else if (state instanceof Group group) {
        group.jobs().write(out.writeByte(GROUP));
      } else if (state instanceof Ends ends) {
        ends.ends().write(out.writeByte(ENDS));
      } else if (state instanceof Unnamed unnamed) {
        out.writeByte(UNNAMED_CHANGES)
            .writeList(
                unnamed.changes(),
                (to, change) ->
                    SignalRecordCodec.write(new SignalRecord.Batch(0, List.of(change)), to));
      }
    }

    private static <T extends SignalRecord> T read(BinaryReader in, Class<T> type) {
      int at = in.position();
      SignalRecord record = SignalRecordCodec.read(in);
      if (!type.isInstance(record)) {
        throw new CorruptDataException("no " + type.getSimpleName(), at);
      }
      return type.cast(record);
    }

    @Override
    public RouteMemory read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "route memory");
      int kind = in.readByte();
      return switch (kind) {
        case WATERMARK_TABLE -> new Watermarks(TABLE_CODEC.read(in));
        case HEARING -> new Heard(HEARING_CODEC.read(in));
        case CHANGES -> new Changes(in.readList(reader -> (Change) TelemetryCodec.decode(reader)));
        case RULE -> new Rule(RuleVersions.read(in));
        case CONNECTORS -> new Connectors(in.readStrings());
        case CONNECTOR -> new Connector(HOURS_CODEC.read(in));
        case WORKSPACE -> new Workspace(read(in, SignalRecord.Named.class));
        case JOB -> new Job(JobVersions.read(in));
        case GROUP -> new Group(JobGroup.read(in));
        case ENDS -> new Ends(RunEnds.read(in));
        case UNNAMED_CHANGES ->
            new Unnamed(in.readList(from -> read(from, SignalRecord.Batch.class).signals().get(0)));
        default -> throw new CorruptDataException("no memory has the kind " + kind, in.position());
      };
    }
  }
}
