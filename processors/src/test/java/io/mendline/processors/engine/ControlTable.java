package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.serdes.json.AvroJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A control table of the dataset {@code sales} and the pipeline that reads it, minute by minute,
 * with an executor that does what it is told.
 */
final class ControlTable {
  static final Instant START = Instant.parse("2026-07-01T06:00:00Z");

  /** What a backfill comes to. */
  enum End {
    /** The partition is there, and the outcome says so. */
    GOOD,
    /** The pipeline fails and tells so; the table is not touched. */
    FAILS,
    /** The pipeline says that it has done it, and the table that it is no good. */
    NO_GOOD,
    /** The pipeline says that it has done it, and the table nothing. */
    UNPROVEN,
    /** It goes on and on. */
    ENDLESS
  }

  /** How each attempt ends. */
  @FunctionalInterface
  interface Script {
    End of(String partition, int attempt);
  }

  /** A command as it reached the executor. */
  record Begun(int minute, String partition, Command command, List<String> missing) {}

  final Map<String, Finding> findings = new LinkedHashMap<>();
  final Map<String, Incident> incidents = new LinkedHashMap<>();
  final List<Alert> alerts = new ArrayList<>();
  final List<Command> commands = new ArrayList<>();
  final List<Begun> begun = new ArrayList<>();

  /** What runs at the moment: partitions by command. */
  final Map<String, String> running = new TreeMap<>();

  /** The most that ran at once in one layer. */
  int mostAtOnce;

  /** Partitions of which two backfills ran at once. */
  final List<String> doubled = new ArrayList<>();

  private final Script script;
  private final Map<String, String> states = new TreeMap<>();
  private final TreeMap<Integer, List<Runnable>> later = new TreeMap<>();
  private final LocalRuntime runtime;
  private long offset;
  private int now;

  ControlTable(String policy, Script script) {
    this.script = script;
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("test", policy.getBytes(UTF_8)));
    runtime =
        new LocalRuntime(
            source -> source.defaultLateness().toMillis(),
            policies,
            CauseCatalogue.bundled(),
            this::note,
            letter -> {
              throw new AssertionError(letter);
            });
  }

  /** A row is written now. */
  void write(String layer, String date, String status, String quality, int retries, int most) {
    states.put("sales/" + layer.toLowerCase(java.util.Locale.ROOT) + "/" + date, status + quality);
    tell(
        Source.PARTITIONS,
        """
        {"LastUpdated": "%s", "DatasetName": "sales", "Layer": "%s", "PartitionDate": "%s",
         "Status": "%s", "DQStatus": %s, "RetryCount": %d, "MaxRetryCount": %d}"""
            .formatted(
                at(now),
                layer,
                date,
                status,
                quality.isEmpty() ? "null" : "\"" + quality + "\"",
                retries,
                most)
            .getBytes(UTF_8));
  }

  /** Something is to happen after so many minutes. */
  void after(int minutes, Runnable what) {
    later.computeIfAbsent(now + minutes, any -> new ArrayList<>()).add(what);
  }

  /** Time passes. */
  void pass(Duration time) {
    for (int end = now + (int) time.toMinutes(); now < end; now++) {
      List<Runnable> due = later.remove(now);
      if (due != null) {
        due.forEach(Runnable::run);
      }
      runtime.advance(at(now).toEpochMilli());
    }
  }

  /** The incident of a partition that was opened last. */
  Incident incident(String partition) {
    Incident last = null;
    for (Incident incident : incidents.values()) {
      last = incident.getResource().getId().equals(partition) ? incident : last;
    }
    return last;
  }

  /** The backfills of a partition that were begun. */
  List<Begun> of(String partition) {
    return begun.stream().filter(each -> each.partition().equals(partition)).toList();
  }

  private void execute(Command command) {
    String partition = command.getTarget().getId();
    String lane = partition.substring(0, partition.lastIndexOf('/'));
    if (running.containsValue(partition)) {
      doubled.add(partition);
    }
    running.put(command.getId(), partition);
    mostAtOnce =
        Math.max(
            mostAtOnce,
            (int) running.values().stream().filter(each -> each.startsWith(lane + "/")).count());
    begun.add(
        new Begun(
            now,
            partition,
            command,
            states.keySet().stream().filter(each -> isMissing(each)).toList()));
    report(command, OutcomeStatus.ACCEPTED);
    End end = script.of(partition, command.getAttempt());
    if (end != End.ENDLESS) {
      after(7, () -> end(command, partition, end));
    }
  }

  private boolean isMissing(String partition) {
    String state = states.get(partition);
    return state.startsWith("Missing") || state.contains("Failed");
  }

  private void end(Command command, String partition, End end) {
    if (running.remove(command.getId()) == null) {
      return;
    }
    String[] parts = partition.split("/", -1);
    if (end == End.GOOD) {
      write(parts[1], parts[2], "Available", "Passed", 0, 3);
    } else if (end == End.NO_GOOD) {
      write(parts[1], parts[2], "Available", "Failed", 0, 3);
    }
    report(command, end == End.FAILS ? OutcomeStatus.FAILED : OutcomeStatus.SUCCEEDED);
  }

  private void report(Command command, OutcomeStatus status) {
    Outcome outcome =
        Outcome.newBuilder()
            .setCommandId(command.getId())
            .setStatus(status)
            .setAt(at(now))
            .setActor("executor")
            .setExternalRef("run-" + command.getAttempt())
            .build();
    byte[] bytes = new AvroJson<>(Outcome.class).write(outcome);
    // An executor answers when it has read the command, not from within the sending of it.
    after(1, () -> tell(Source.OUTCOMES, bytes));
  }

  private void tell(Source source, byte[] value) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.defaultTopic(), 0, offset++),
                at(now).toEpochMilli(),
                null,
                value)));
  }

  static Instant at(int minute) {
    return START.plus(Duration.ofMinutes(minute));
  }

  private void note(Output output) {
    if (output instanceof Output.Found found) {
      findings.put(found.finding().getId(), found.finding());
    } else if (output instanceof Output.Tracked tracked) {
      incidents.put(tracked.incident().getId(), tracked.incident());
    } else if (output instanceof Output.Told told) {
      alerts.add(told.alert());
    } else if (output instanceof Output.Commanded commanded) {
      Command command = commanded.command();
      commands.add(command);
      if (command.getStatus() == CommandStatus.REVOKED) {
        running.remove(command.getId());
      } else if (!command.getDryRun()) {
        after(1, () -> execute(command));
      }
    }
  }
}
