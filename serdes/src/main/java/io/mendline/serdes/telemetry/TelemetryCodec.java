package io.mendline.serdes.telemetry;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.binary.WireEnums;

/**
 * The compact binary form of every {@link TelemetryRecord}, for signals and for state.
 *
 * <p>The first byte says what follows: the high four bits are the version of the form, the low four
 * the kind of record. The fields follow in the order of the record's components, without names. The
 * form is canonical: equal records give equal bytes. A change to any layout takes a new version,
 * and {@link #decode(BinaryReader)} goes on reading the old ones.
 */
public final class TelemetryCodec {
  private static final int VERSION = 1;

  /**
   * A rule's change says since its second form what the rule was before and from where; a run's
   * state, where it says so, what of its items went well; settings of a job, where they say so, its
   * safeguards.
   */
  private static final int SECOND_FORM = 2;

  /**
   * A task's state says since its third form, where it does, which run of another job it started;
   * settings of a job, where they do, what the job is made of.
   */
  private static final int THIRD_FORM = 3;

  private static final int SENTINEL_HEALTH = 1;
  private static final int RUN_STATE = 2;
  private static final int TOKEN_USAGE = 3;
  private static final int CHANGE = 4;
  private static final int RULE_CHANGE = 5;
  private static final int JOB_SETTINGS = 6;
  private static final int HEARTBEAT = 7;
  private static final int CHECK_RESULT = 8;
  private static final int PARTITION_ROW = 9;
  private static final int METRIC_SAMPLE = 10;

  private static final int SECOND_RUN_STATE = SECOND_FORM << 4 | RUN_STATE;
  private static final int SECOND_JOB_SETTINGS = SECOND_FORM << 4 | JOB_SETTINGS;
  private static final int THIRD_RUN_STATE = THIRD_FORM << 4 | RUN_STATE;
  private static final int THIRD_JOB_SETTINGS = THIRD_FORM << 4 | JOB_SETTINGS;

  private static final WireEnums<SentinelHealth.ResourceType> RESOURCE_TYPES =
      WireEnums.of(SentinelHealth.ResourceType.class);
  private static final WireEnums<SentinelHealth.RuleKind> RULE_KINDS =
      WireEnums.of(SentinelHealth.RuleKind.class);
  private static final WireEnums<SentinelHealth.Operation> OPERATIONS =
      WireEnums.of(SentinelHealth.Operation.class);
  private static final WireEnums<SentinelHealth.Status> STATUSES =
      WireEnums.of(SentinelHealth.Status.class);
  private static final WireEnums<RuleChange.Kind> CHANGE_KINDS =
      WireEnums.of(RuleChange.Kind.class);
  private static final WireEnums<RuleChange.Enabled> ENABLED =
      WireEnums.of(RuleChange.Enabled.class);
  private static final WireEnums<RuleChange.Before> BEFORE = WireEnums.of(RuleChange.Before.class);
  private static final WireEnums<RuleChange.Told> TELLERS = WireEnums.of(RuleChange.Told.class);
  private static final WireEnums<RunState.Level> LEVELS = WireEnums.of(RunState.Level.class);
  private static final WireEnums<RunState.Outcome> OUTCOMES = WireEnums.of(RunState.Outcome.class);
  private static final WireEnums<RunState.Source> SOURCES = WireEnums.of(RunState.Source.class);
  private static final WireEnums<JobSettings.Scope> SCOPES = WireEnums.of(JobSettings.Scope.class);
  private static final WireEnums<JobSettings.Start> STARTS = WireEnums.of(JobSettings.Start.class);
  private static final WireEnums<Safeguards.Told> SAFEGUARDS = WireEnums.of(Safeguards.Told.class);

  private static final WireEnums<CheckResult.Status> CHECK_STATUSES =
      WireEnums.of(CheckResult.Status.class);
  private static final WireEnums<CheckResult.Severity> CHECK_SEVERITIES =
      WireEnums.of(CheckResult.Severity.class);
  private static final WireEnums<PartitionRow.Status> PARTITION_STATUSES =
      WireEnums.of(PartitionRow.Status.class);
  private static final WireEnums<PartitionRow.Quality> PARTITION_QUALITIES =
      WireEnums.of(PartitionRow.Quality.class);

  private static final WireEnums<MetricSample.Better> BETTER =
      WireEnums.of(MetricSample.Better.class);

  private TelemetryCodec() {}

  /** The record in its binary form. */
  public static byte[] encode(TelemetryRecord fact) {
    BinaryWriter writer = new BinaryWriter(512);
    encode(fact, writer);
    return writer.toByteArray();
  }

  /** Appends the record's binary form. */
  public static void encode(TelemetryRecord fact, BinaryWriter to) {
    if (fact instanceof SentinelHealth row) {
      write(row, to.writeByte(header(SENTINEL_HEALTH)));
    } else if (fact instanceof RunState state) {
      write(state, to.writeByte(formOf(state) << 4 | RUN_STATE));
    } else if (fact instanceof TokenUsage usage) {
      write(usage, to.writeByte(header(TOKEN_USAGE)));
    } else if (fact instanceof JobSettings settings) {
      write(settings, to.writeByte(formOf(settings) << 4 | JOB_SETTINGS));
    } else if (fact instanceof Heartbeat heartbeat) {
      to.writeByte(header(HEARTBEAT))
          .writeZigZag(heartbeat.time())
          .writeString(heartbeat.workspace());
    } else if (fact instanceof RuleChange change) {
      write(change, to.writeByte(SECOND_FORM << 4 | RULE_CHANGE));
    } else if (fact instanceof CheckResult result) {
      write(result, to.writeByte(header(CHECK_RESULT)));
    } else if (fact instanceof PartitionRow row) {
      write(row, to.writeByte(header(PARTITION_ROW)));
    } else if (fact instanceof MetricSample sample) {
      write(sample, to.writeByte(header(METRIC_SAMPLE)));
    } else {
      write((Change) fact, to.writeByte(header(CHANGE)));
    }
  }

  /**
   * The record of a buffer that holds nothing else.
   *
   * @throws CorruptDataException if it is not the binary form of a record
   */
  public static TelemetryRecord decode(byte[] data) {
    BinaryReader reader = new BinaryReader(data);
    TelemetryRecord fact = decode(reader);
    reader.requireEnd();
    return fact;
  }

  /**
   * Reads one record and leaves the reader behind it.
   *
   * @throws CorruptDataException if no record's binary form begins here
   */
  public static TelemetryRecord decode(BinaryReader from) {
    int at = from.position();
    int header = from.readByte();
    int form = header >>> 4;
    boolean later =
        header == (SECOND_FORM << 4 | RULE_CHANGE)
            || header == SECOND_RUN_STATE
            || header == SECOND_JOB_SETTINGS
            || header == THIRD_RUN_STATE
            || header == THIRD_JOB_SETTINGS;
    if (form != VERSION && !later) {
      throw new CorruptDataException("telemetry of unknown version " + form, at);
    }
    try {
      return switch (header & 0x0F) {
        case SENTINEL_HEALTH -> readSentinelHealth(from);
        case RUN_STATE -> readRunState(from, form);
        case TOKEN_USAGE -> readTokenUsage(from);
        case CHANGE -> readChange(from);
        case RULE_CHANGE -> readRuleChange(from, later);
        case CHECK_RESULT -> readCheckResult(from);
        case PARTITION_ROW -> readPartitionRow(from);
        case JOB_SETTINGS -> readJobSettings(from, form);
        case METRIC_SAMPLE -> readMetricSample(from);
        case HEARTBEAT -> new Heartbeat(from.readZigZag(), from.readString());
        default ->
            throw new CorruptDataException("telemetry of unknown kind " + (header & 0x0F), at);
      };
    } catch (IllegalArgumentException e) {
      // A record refuses values that cannot be true together: the bytes were never written by us.
      CorruptDataException corrupt = new CorruptDataException(e.getMessage(), at);
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  private static int header(int kind) {
    return VERSION << 4 | kind;
  }

  private static void write(SentinelHealth row, BinaryWriter to) {
    to.writeZigZag(row.time())
        .writeString(row.workspace())
        .writeNullableString(row.tenant())
        .writeEnum(row.resourceType())
        .writeString(row.resourceId())
        .writeNullableString(row.name())
        .writeEnum(row.ruleKind())
        .writeEnum(row.operation())
        .writeEnum(row.status())
        .writeNullableString(row.description())
        .writeNullableString(row.reason())
        .writeNullableString(row.recordId())
        .writeZigZag(row.windowStart())
        .writeZigZag(row.windowEnd())
        .writeZigZag(row.frequencyMillis())
        .writeZigZag(row.periodMillis())
        .writeStrings(row.issues())
        .writeZigZag(row.queryResultAmount())
        .writeNullableString(row.triggerType());
  }

  private static SentinelHealth readSentinelHealth(BinaryReader from) {
    return new SentinelHealth(
        from.readZigZag(),
        from.readString(),
        from.readNullableString(),
        from.readEnum(RESOURCE_TYPES),
        from.readString(),
        from.readNullableString(),
        from.readEnum(RULE_KINDS),
        from.readEnum(OPERATIONS),
        from.readEnum(STATUSES),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readZigZag(),
        from.readZigZag(),
        from.readZigZag(),
        from.readZigZag(),
        from.readStrings(),
        from.readZigZag(),
        from.readNullableString());
  }

  private static void write(RuleChange change, BinaryWriter to) {
    to.writeZigZag(change.time())
        .writeString(change.workspace())
        .writeNullableString(change.tenant())
        .writeString(change.ruleId())
        .writeNullableString(change.name())
        .writeEnum(change.kind())
        .writeEnum(change.enabled())
        .writeEnum(change.before())
        .writeZigZag(change.frequencyMillis())
        .writeZigZag(change.periodMillis())
        .writeNullableString(change.severity())
        .writeStrings(change.tactics())
        .writeStrings(change.techniques())
        .writeNullableString(change.caller())
        .writeNullableString(change.callerIp())
        .writeNullableString(change.correlationId())
        .writeNullableString(change.recordId())
        .writeEnum(change.told());
  }

  private static RuleChange readRuleChange(BinaryReader from, boolean second) {
    return new RuleChange(
        from.readZigZag(),
        from.readString(),
        from.readNullableString(),
        from.readString(),
        from.readNullableString(),
        from.readEnum(CHANGE_KINDS),
        from.readEnum(ENABLED),
        second ? from.readEnum(BEFORE) : RuleChange.Before.UNKNOWN,
        from.readZigZag(),
        from.readZigZag(),
        from.readNullableString(),
        from.readStrings(),
        from.readStrings(),
        from.readNullableString(),
        second ? from.readNullableString() : null,
        second ? from.readNullableString() : null,
        from.readNullableString(),
        from.readEnum(TELLERS));
  }

  private static void write(RunState state, BinaryWriter to) {
    to.writeZigZag(state.time())
        .writeString(state.workspace())
        .writeString(state.jobId())
        .writeString(state.runId())
        .writeNullableString(state.taskRunId())
        .writeNullableString(state.taskKey())
        .writeNullableString(state.jobName())
        .writeEnum(state.level())
        .writeNullableString(state.lifeCycle())
        .writeNullableString(state.result())
        .writeEnum(state.outcome())
        .writeNullableString(state.terminationCode())
        .writeNullableString(state.terminationType())
        .writeNullableString(state.message())
        .writeNullableString(state.errorTrace())
        .writeNullableString(state.trigger())
        .writeZigZag(state.attemptNumber())
        .writeNullableString(state.repairId())
        .writeZigZag(state.startTime())
        .writeZigZag(state.endTime())
        .writeNullableString(state.runPageUrl())
        .writeNullableString(state.environment())
        .writeNullableString(state.clusterId())
        .writeEnum(state.source());
    int form = formOf(state);
    if (form == VERSION) {
      return;
    }
    to.writeBoolean(state.allPurpose()).writeBoolean(state.items() != null);
    if (state.items() != null) {
      to.writeVarInt(state.items().total())
          .writeVarInt(state.items().succeeded())
          .writeStrings(state.items().failed())
          .writeBoolean(state.items().saysFailed())
          .writeBoolean(state.items().ofTasks());
    }
    if (form == THIRD_FORM) {
      to.writeString(state.childRun().jobId()).writeString(state.childRun().runId());
    }
  }

  /** The first that has a place for all that is said: the form stays canonical. */
  private static int formOf(RunState state) {
    if (state.childRun() != null) {
      return THIRD_FORM;
    }
    return state.items() == null && !state.allPurpose() ? VERSION : SECOND_FORM;
  }

  private static RunState readRunState(BinaryReader from, int form) {
    RunState first = readRunState(from);
    if (form == VERSION) {
      return first;
    }
    RunState.Builder state = first.toBuilder().allPurpose(from.readBoolean());
    if (from.readBoolean()) {
      state.items(
          new RunItems(
              from.readVarInt(),
              from.readVarInt(),
              from.readStrings(),
              from.readBoolean(),
              from.readBoolean()));
    }
    if (form == THIRD_FORM) {
      state.childRun(new ChildRun(from.readString(), from.readString()));
    }
    return state.build();
  }

  private static RunState readRunState(BinaryReader from) {
    return new RunState(
        from.readZigZag(),
        from.readString(),
        from.readString(),
        from.readString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readEnum(LEVELS),
        from.readNullableString(),
        from.readNullableString(),
        from.readEnum(OUTCOMES),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        readInt(from),
        from.readNullableString(),
        from.readZigZag(),
        from.readZigZag(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        false,
        from.readEnum(SOURCES),
        null,
        null);
  }

  private static void write(JobSettings settings, BinaryWriter to) {
    to.writeZigZag(settings.time())
        .writeString(settings.workspace())
        .writeString(settings.jobId())
        .writeEnum(settings.scope())
        .writeEnum(settings.start())
        .writeNullableString(settings.cron())
        .writeNullableString(settings.timeZone())
        .writeBoolean(settings.paused())
        .writeNullableString(settings.name())
        .writeNullableString(settings.environment())
        .writeNullableString(settings.deployment());
    int form = formOf(settings);
    if (form != VERSION) {
      Safeguards safeguards = settings.safeguards();
      to.writeEnum(safeguards.retries())
          .writeEnum(safeguards.timeout())
          .writeEnum(safeguards.failureNotice());
    }
    if (form == THIRD_FORM) {
      to.writeNullableString(settings.makeup().bundle())
          .writeStrings(settings.makeup().libraries())
          .writeStrings(settings.makeup().taskTypes());
    }
    to.writeEnum(settings.source());
  }

  private static int formOf(JobSettings settings) {
    if (!settings.makeup().equals(JobMakeup.UNTOLD)) {
      return THIRD_FORM;
    }
    return settings.safeguards().equals(Safeguards.UNTOLD) ? VERSION : SECOND_FORM;
  }

  private static JobSettings readJobSettings(BinaryReader from, int form) {
    return new JobSettings(
        from.readZigZag(),
        from.readString(),
        from.readString(),
        from.readEnum(SCOPES),
        from.readEnum(STARTS),
        from.readNullableString(),
        from.readNullableString(),
        from.readBoolean(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        form == VERSION
            ? Safeguards.UNTOLD
            : new Safeguards(
                from.readEnum(SAFEGUARDS), from.readEnum(SAFEGUARDS), from.readEnum(SAFEGUARDS)),
        form == THIRD_FORM
            ? new JobMakeup(from.readNullableString(), from.readStrings(), from.readStrings())
            : JobMakeup.UNTOLD,
        from.readEnum(SOURCES));
  }

  private static void write(TokenUsage usage, BinaryWriter to) {
    to.writeZigZag(usage.time())
        .writeString(usage.service())
        .writeString(usage.model())
        .writeNullableString(usage.provider())
        .writeNullableString(usage.environment())
        .writeVarLong(usage.calls())
        .writeVarLong(usage.promptTokens())
        .writeVarLong(usage.cachedTokens())
        .writeVarLong(usage.cacheCreationTokens())
        .writeNullableString(usage.callId());
  }

  private static TokenUsage readTokenUsage(BinaryReader from) {
    return new TokenUsage(
        from.readZigZag(),
        from.readString(),
        from.readString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readVarLong(),
        from.readVarLong(),
        from.readVarLong(),
        from.readVarLong(),
        from.readNullableString());
  }

  private static void write(Change change, BinaryWriter to) {
    to.writeString(change.id())
        .writeZigZag(change.at())
        .writeNullableString(change.service())
        .writeNullableString(change.kind())
        .writeNullableString(change.title())
        .writeNullableString(change.url())
        .writeNullableString(change.author())
        .writeNullableString(change.commit())
        .writeStrings(change.files())
        .writeStrings(change.labels());
  }

  private static Change readChange(BinaryReader from) {
    return new Change(
        from.readString(),
        from.readZigZag(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readStrings(),
        from.readStrings());
  }

  private static void write(CheckResult result, BinaryWriter to) {
    to.writeZigZag(result.time())
        .writeString(result.check())
        .writeNullableString(result.category())
        .writeEnum(result.status())
        .writeEnum(result.severity())
        .writeNullableString(result.workspace())
        .writeNullableString(result.resourceType())
        .writeString(result.resourceId())
        .writeNullableString(result.resourceName())
        .writeNullableString(result.assessmentId())
        .writeNullableString(result.message());
  }

  private static void write(MetricSample sample, BinaryWriter to) {
    to.writeZigZag(sample.time())
        .writeString(sample.metric())
        .writeString(sample.scope())
        .writeDouble(sample.value())
        .writeDouble(sample.weight())
        .writeEnum(sample.better())
        .writeNullableString(sample.node());
  }

  private static MetricSample readMetricSample(BinaryReader from) {
    return new MetricSample(
        from.readZigZag(),
        from.readString(),
        from.readString(),
        from.readDouble(),
        from.readDouble(),
        from.readEnum(BETTER),
        from.readNullableString());
  }

  private static CheckResult readCheckResult(BinaryReader from) {
    return new CheckResult(
        from.readZigZag(),
        from.readString(),
        from.readNullableString(),
        from.readEnum(CHECK_STATUSES),
        from.readEnum(CHECK_SEVERITIES),
        from.readNullableString(),
        from.readNullableString(),
        from.readString(),
        from.readNullableString(),
        from.readNullableString(),
        from.readNullableString());
  }

  private static void write(PartitionRow row, BinaryWriter to) {
    to.writeZigZag(row.time())
        .writeString(row.dataset())
        .writeString(row.layer())
        .writeString(row.date())
        .writeBoolean(row.backfillRequired())
        .writeEnum(row.status())
        .writeNullableString(row.statusText())
        .writeEnum(row.quality())
        .writeNullableString(row.qualityText())
        .writeZigZag(row.retryCount())
        .writeZigZag(row.maxRetryCount())
        .writeNullableString(row.reason());
  }

  private static PartitionRow readPartitionRow(BinaryReader from) {
    return new PartitionRow(
        from.readZigZag(),
        from.readString(),
        from.readString(),
        from.readString(),
        from.readBoolean(),
        from.readEnum(PARTITION_STATUSES),
        from.readNullableString(),
        from.readEnum(PARTITION_QUALITIES),
        from.readNullableString(),
        from.readZigZag(),
        from.readZigZag(),
        from.readNullableString());
  }

  private static int readInt(BinaryReader from) {
    int at = from.position();
    long value = from.readZigZag();
    if (value != (int) value) {
      throw new CorruptDataException("an int is " + value, at);
    }
    return (int) value;
  }
}
