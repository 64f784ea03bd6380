package io.mendline.topology.logs;

import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.kafka.Observer;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Resource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs what people look for afterwards, one line each: an incident that changed its status, a
 * command that was released, held or dropped, a dead letter. Ids are fields of their own.
 *
 * <p>Each kind of line has a bucket of its own, so that a flood of one does not hide the others; a
 * line that passes after some were kept back says how many. Counters count all of them.
 *
 * <p>Nothing here can hold a secret: messages are redacted where they are read, errors of dead
 * letters as well, and what is in a dead letter is not logged.
 */
public final class EventLog implements Observer {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private static final int BURST = 50;
  private static final Duration EVERY = Duration.ofMillis(200);
  private static final Duration DEAD_LETTER_EVERY = Duration.ofSeconds(1);

  /** The statuses last logged of so many incidents are remembered, to log changes only. */
  private static final int INCIDENTS_REMEMBERED = 10_000;

  private final RateLimit incidents;
  private final RateLimit commands;
  private final RateLimit holds;
  private final RateLimit deadLetters;
  private final Map<String, IncidentStatus> statuses =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, IncidentStatus> eldest) {
          return size() > INCIDENTS_REMEMBERED;
        }
      };

  /**
   * A log.
   *
   * @param nanos a clock that never goes back, nanoseconds
   */
  public EventLog(LongSupplier nanos) {
    incidents = new RateLimit(BURST, EVERY, nanos);
    commands = new RateLimit(BURST, EVERY, nanos);
    holds = new RateLimit(BURST, EVERY, nanos);
    deadLetters = new RateLimit(BURST, DEAD_LETTER_EVERY, nanos);
  }

  @Override
  public void told(Output output) {
    if (output instanceof Output.Tracked tracked) {
      tracked(tracked.incident());
    } else if (output instanceof Output.Commanded commanded) {
      commanded(commanded.command());
    } else if (output instanceof Output.Noted noted) {
      noted(noted.entry());
    }
  }

  @Override
  public void refused(DeadLetter letter) {
    log(
        Level.WARN,
        deadLetters,
        line ->
            line.addKeyValue("topic", letter.message().at().topic())
                .addKeyValue("partition", letter.message().at().partition())
                .addKeyValue("offset", letter.message().at().offset())
                .addKeyValue("stage", letter.stage())
                .addKeyValue("error", letter.error())
                .setMessage("dead letter"));
  }

  private void tracked(Incident incident) {
    IncidentStatus before;
    synchronized (statuses) {
      before = statuses.put(incident.getId(), incident.getStatus());
    }
    if (before != incident.getStatus()) {
      log(
          Level.INFO,
          incidents,
          line ->
              resource(line, incident.getResource())
                  .addKeyValue("incident", incident.getId())
                  .addKeyValue("status", incident.getStatus())
                  .addKeyValue("severity", incident.getSeverity())
                  .setMessage("incident is " + incident.getStatus()));
    }
  }

  private void commanded(Command command) {
    String what =
        command.getStatus() == CommandStatus.REVOKED
            ? "revoked"
            : command.getDryRun() ? "released as a dry run" : "released";
    log(
        Level.INFO,
        commands,
        line ->
            resource(line, command.getTarget())
                .addKeyValue("incident", command.getIncidentId())
                .addKeyValue("command", command.getId())
                .addKeyValue("action", command.getAction())
                .addKeyValue("reason", command.getReason())
                .setMessage("command " + what));
  }

  /** What the governor held or dropped leaves no trace but in the audit. */
  private void noted(AuditEntry entry) {
    boolean held = entry.getAction().equals("HOLD");
    if (held || entry.getAction().equals("DROP")) {
      log(
          Level.INFO,
          holds,
          line ->
              resource(line, entry.getResource())
                  .addKeyValue("incident", entry.getIncidentId())
                  .addKeyValue("command", entry.getDetail().get("commandId"))
                  .addKeyValue("action", entry.getDetail().get("command"))
                  .addKeyValue("reason", entry.getHow())
                  .setMessage(held ? "command held" : "command dropped"));
    }
  }

  private static LoggingEventBuilder resource(LoggingEventBuilder line, Resource resource) {
    return line.addKeyValue("resource", resource.getType() + "/" + resource.getId());
  }

  private static void log(Level level, RateLimit limit, Fields fields) {
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    long keptBack = limit.pass();
    if (keptBack == RateLimit.KEPT_BACK) {
      return;
    }
    LoggingEventBuilder line = fields.on(LOG.atLevel(level));
    (keptBack == 0 ? line : line.addKeyValue("keptBack", keptBack)).log();
  }

  /** Adds the fields and the message of a line. */
  private interface Fields {
    LoggingEventBuilder on(LoggingEventBuilder line);
  }
}
