package io.mendline.topology.metrics;

import io.mendline.processors.governor.Hold;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.kafka.Observer;
import io.mendline.processors.kafka.Vitals;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Action;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.OutcomeStatus;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Counts what the processors do. Labels are constants of enums only, never an id, so what is in a
 * message cannot make more series. What the contract names keeps its spelling; the rest is in lower
 * case.
 */
final class CountingObserver implements Observer {
  private static final Duration[] BUCKETS =
      Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private static final String DROP = "DROP";
  private static final String HOLD = "HOLD";

  /** What became of a command; the names of {@link OutcomeStatus} are among them. */
  private enum Result {
    ISSUED,
    DRY_RUN,
    REVOKED,
    EXPIRED,
    OFF,
    DENIED,
    WITHDRAWN,
    ACCEPTED,
    SUCCEEDED,
    FAILED,
    REJECTED,
    TIMED_OUT,
    DUPLICATE,
    UNKNOWN
  }

  /** Where a message was refused. */
  private enum Stage {
    DECODE,
    TIME,
    SIZE,
    ROUTE,
    POLICY,
    PROCESS,
    PRODUCE,
    OTHER
  }

  private final VitalsMeters vitalsMeters;
  private final EnumCounters<Source> messages;
  private final EnumCounters<Source> signals;
  private final EnumCounters<Source> late;
  private final EnumCounters<Stage> deadLetters;
  private final Map<FindingKind, EnumCounters<FindingStatus>> findings;
  private final EnumCounters<IncidentStatus> incidents;
  private final Map<AlertKind, EnumCounters<AlertStatus>> alerts;
  private final Map<Action, EnumCounters<Result>> commands;
  private final EnumCounters<Hold> held;
  private final Timer endToEnd;

  CountingObserver(MeterRegistry registry, VitalsMeters vitalsMeters) {
    this.vitalsMeters = vitalsMeters;
    Meters meters = new Meters(registry);
    messages = meters.bySource("mendline.messages", "Messages read");
    signals = meters.bySource("mendline.signals", "Signals read from messages");
    late = meters.bySource("mendline.late", "Signals that came after the watermark");
    deadLetters =
        meters.by(
            "mendline.dead.letters",
            "Dead letters",
            "stage",
            Stage.class,
            CountingObserver::lowerCase);
    findings =
        meters.by(
            "mendline.findings",
            "Findings told, each revision counted",
            "kind",
            FindingKind.class,
            "status",
            FindingStatus.class);
    incidents =
        meters.by(
            "mendline.incidents",
            "Incidents told, each version counted",
            "status",
            IncidentStatus.class,
            Enum::name);
    alerts =
        meters.by(
            "mendline.alerts", "Alerts told", "kind", AlertKind.class, "status", AlertStatus.class);
    commands =
        meters.by(
            "mendline.commands",
            "What became of commands",
            "action",
            Action.class,
            "result",
            Result.class);
    held =
        meters.by(
            "mendline.held",
            "Commands held, once a reason",
            "reason",
            Hold.class,
            CountingObserver::lowerCase);
    endToEnd =
        Timer.builder("mendline.end.to.end")
            .description("From a message's transport time to the finding it led to at once")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  @Override
  public void received(Source source) {
    messages.add(source);
  }

  @Override
  public void ingested(Source source, int count) {
    signals.add(source, count);
  }

  @Override
  public void refused(DeadLetter letter) {
    deadLetters.add(find(Stage.values(), letter.stage().toUpperCase(Locale.ROOT), Stage.OTHER));
  }

  @Override
  public void late(Source source) {
    late.add(source);
  }

  @Override
  public void told(Output output) {
    if (output instanceof Output.Found found) {
      Finding finding = found.finding();
      findings.get(finding.getKind()).add(finding.getStatus());
    } else if (output instanceof Output.Tracked tracked) {
      incidents.add(tracked.incident().getStatus());
    } else if (output instanceof Output.Told told) {
      Alert alert = told.alert();
      alerts.get(alert.getKind()).add(alert.getStatus());
    } else if (output instanceof Output.Commanded commanded) {
      Command command = commanded.command();
      count(command.getAction(), result(command));
    } else if (output instanceof Output.Noted noted) {
      noted(noted.entry());
    }
  }

  @Override
  public void answered(Output.Found found, long millis) {
    // Other kinds wait for a watermark, which is no matter of how quick we are.
    boolean monotone =
        found.finding().getKind() == FindingKind.RUN_FAILED
            || found.finding().getKind() == FindingKind.SKIPPED_WINDOW;
    if (monotone && found.finding().getStatus() == FindingStatus.RAISED) {
      endToEnd.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void reported(Action action, OutcomeStatus status) {
    count(action, find(Result.values(), status.name(), Result.UNKNOWN));
  }

  @Override
  public void opened(Vitals vitals) {
    vitalsMeters.opened(vitals);
  }

  @Override
  public void closed(Vitals vitals) {
    vitalsMeters.closed(vitals);
  }

  /** What the governor held or dropped leaves no trace but in the audit. */
  private void noted(AuditEntry entry) {
    if (entry.getAction().equals(HOLD)) {
      held.add(Hold.of(entry.getHow()));
    } else if (entry.getAction().equals(DROP)) {
      count(
          find(Action.values(), entry.getDetail().get("command"), Action.UNKNOWN),
          find(Result.values(), entry.getStatus(), Result.UNKNOWN));
    }
  }

  private void count(Action action, Result result) {
    commands.get(action).add(result);
  }

  private static Result result(Command command) {
    if (command.getStatus() == CommandStatus.REVOKED) {
      return Result.REVOKED;
    }
    return command.getDryRun() ? Result.DRY_RUN : Result.ISSUED;
  }

  private static <E extends Enum<E>> E find(E[] values, String name, E otherwise) {
    for (E value : values) {
      if (value.name().equals(name)) {
        return value;
      }
    }
    return otherwise;
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Makes counters, one for each value of one label or two. */
  private record Meters(MeterRegistry registry) {
    EnumCounters<Source> bySource(String name, String description) {
      return by(name, description, "source", Source.class, Source::label);
    }

    <E extends Enum<E>> EnumCounters<E> by(
        String name, String description, String label, Class<E> type, Function<E, String> value) {
      return EnumCounters.of(registry, name, description, Tags.empty(), label, type, value);
    }

    <E extends Enum<E>, F extends Enum<F>> Map<E, EnumCounters<F>> by(
        String name,
        String description,
        String label,
        Class<E> type,
        String second,
        Class<F> secondType) {
      Map<E, EnumCounters<F>> counters = new EnumMap<>(type);
      for (E constant : type.getEnumConstants()) {
        Tags more = Tags.of(label, constant.name());
        counters.put(
            constant,
            EnumCounters.of(registry, name, description, more, second, secondType, Enum::name));
      }
      return counters;
    }
  }
}
