package io.mendline.cli.demo;

import io.mendline.cli.replay.Summary;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Approval;
import io.mendline.schemas.Attempt;
import io.mendline.schemas.AttemptStatus;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.RootCause;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.json.AvroJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Tells what goes in and what comes out as lines for people, each once. */
final class Story {
  private static final int TEXT_LENGTH = 120;
  private static final Duration BETWEEN_MARKS = Duration.ofHours(3);

  private final StoryPrinter printer;
  private final Summary summary = new Summary();
  private final Checks checks = new Checks();
  private final AvroJson<Outcome> outcomes = new AvroJson<>(Outcome.class);
  private final AvroJson<Approval> approvals = new AvroJson<>(Approval.class);
  private final Map<String, Command> commands = new HashMap<>();
  private final Map<String, String> causes = new HashMap<>();
  private final Map<String, Finding> findings = new HashMap<>();
  private final Map<String, IncidentStatus> incidents = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private long messages;
  private long nextMark = Long.MIN_VALUE;

  Story(StoryPrinter printer) {
    this.printer = printer;
  }

  /** A message was sent. */
  void sent(Delivery message) {
    mark(message.at());
    if (message.source() == Source.CHANGES && Player.TICK.equals(message.key())) {
      return;
    }
    messages++;
    if (message.source() == Source.OUTCOMES) {
      reported(message.at(), outcomes.read(message.value()));
    } else if (message.source() == Source.APPROVALS) {
      decided(message.at(), approvals.read(message.value()));
    }
  }

  /**
   * Something came out.
   *
   * @param now on the demo's clock, epoch milliseconds
   * @param outputs in the order of their topics
   */
  void tell(long now, List<Output> outputs) {
    mark(now);
    // A finding is enriched as its evidence comes; of those that come at once the last says most.
    Map<String, Finding> latest = new LinkedHashMap<>();
    List<Output> others = new ArrayList<>();
    for (Output output : outputs) {
      summary.take(output);
      checks.take(output);
      if (output instanceof Output.Found found) {
        latest.put(found.finding().getId(), found.finding());
      } else {
        others.add(output);
      }
    }
    latest.values().forEach(finding -> found(now, finding));
    of(others, Output.Commanded.class).forEach(output -> commanded(now, output.command()));
    of(others, Output.Tracked.class).forEach(output -> tracked(now, output.incident()));
    of(others, Output.Told.class).forEach(output -> told(now, output.alert()));
  }

  /** How many messages were sent. */
  long messages() {
    return messages;
  }

  /** What was put out, counted. */
  Summary summary() {
    return summary;
  }

  /** What a demo has to show. */
  Checks checks() {
    return checks;
  }

  private void found(long now, Finding finding) {
    boolean fresh = findings.put(finding.getId(), finding) == null;
    String name = name(finding.getResource());
    if (fresh) {
      printer.line(now, Verb.FOUND, finding.getKind().name(), withWindow(finding, name));
    }
    if (finding.getStatus() == FindingStatus.CLEARED) {
      if (told.add("cleared " + finding.getId())) {
        printer.line(now, Verb.VERIFIED, finding.getKind().name(), name + ": healthy again");
      }
      return;
    }
    RootCause cause = finding.getRootCause();
    if (finding.getKind() == FindingKind.RECURRING_ROOT_CAUSE) {
      return;
    }
    if (cause != null && !cause.getCategory().equals("unknown")) {
      if (!cause.getKey().equals(causes.put(finding.getId(), cause.getKey()))) {
        printer.line(now, Verb.DIAGNOSED, words(cause), cause.getTitle());
      }
    } else if (!finding.getSuspects().isEmpty() && told.add("blamed " + finding.getId())) {
      Suspect first = finding.getSuspects().get(0);
      printer.line(
          now,
          Verb.DIAGNOSED,
          String.format(Locale.ROOT, "suspect, %.2f", first.getScore()),
          first.getChangeId() + " \"" + first.getTitle() + '"');
    }
  }

  private void commanded(long now, Command command) {
    if (command.getStatus() == CommandStatus.REVOKED) {
      if (told.add("revoked " + command.getId())) {
        printer.line(
            now,
            Verb.REVOKED,
            command.getAction().name(),
            name(command.getTarget()) + ": " + command.getReason());
      }
    } else if (commands.put(command.getId(), command) == null) {
      String attempts = command.getAttempt() + " of " + command.getMaxAttempts();
      printer.line(
          now,
          Verb.COMMANDED,
          command.getAction().name(),
          name(command.getTarget()) + ", attempt " + attempts);
    }
  }

  private void tracked(long now, Incident incident) {
    IncidentStatus before = incidents.put(incident.getId(), incident.getStatus());
    if (incident.getStatus() == before) {
      return;
    }
    String name = name(incident.getResource());
    List<Attempt> attempts = incident.getAttempts();
    String action = attempts.isEmpty() ? "" : last(attempts).getAction().name();
    if (incident.getStatus() == IncidentStatus.VERIFYING) {
      // A finding is cleared at once, its incident only when nothing earlier can come any more.
      if (incident.getFindingIds().stream().noneMatch(id -> told.contains("cleared " + id))) {
        printer.line(now, Verb.VERIFYING, action, name + ": done; telemetry has to prove it");
      }
    } else if (incident.getStatus() == IncidentStatus.RESOLVED) {
      boolean mended = !attempts.isEmpty() && last(attempts).getStatus() == AttemptStatus.SUCCEEDED;
      printer.line(
          now,
          Verb.RESOLVED,
          action,
          name
              + (mended ? " by attempt " + last(attempts).getAttempt() : " by itself")
              + (incident.getMttrSeconds() == null
                  ? ""
                  : ", after " + span(incident.getMttrSeconds())));
    }
  }

  private void told(long now, Alert alert) {
    if (alert.getStatus() != AlertStatus.RAISED || !told.add("alert " + alert.getId())) {
      return;
    }
    String name = alert.getResource() == null ? "" : name(alert.getResource());
    String first = alert.getMessage().lines().findFirst().orElse("").replaceAll("\\.+$", "");
    String to = " -> " + alert.getEscalateTo();
    if (alert.getKind() == AlertKind.APPROVAL_REQUEST && alert.getCommand() != null) {
      commands.put(alert.getCommand().getId() + " asked", alert.getCommand());
      printer.line(
          now, Verb.ASKED, alert.getCommand().getAction().name(), name + ": approve?" + to);
    } else if (alert.getKind() == AlertKind.RECURRING) {
      printer.line(now, Verb.RECURRING, alert.getTrigger().name(), first + to);
    } else if (alert.getKind() == AlertKind.ESCALATION) {
      printer.line(now, Verb.ESCALATED, alert.getTrigger().name(), cut(name + to + ": " + first));
    }
  }

  private void reported(long at, Outcome outcome) {
    Command command = commands.get(outcome.getCommandId());
    if (command == null || outcome.getStatus() == OutcomeStatus.ACCEPTED) {
      return;
    }
    printer.line(
        at,
        outcome.getStatus() == OutcomeStatus.SUCCEEDED ? Verb.REPORTED : Verb.FAILED,
        command.getAction().name(),
        name(command.getTarget())
            + ": "
            + (outcome.getDetail() == null
                ? outcome.getStatus().name().toLowerCase(Locale.ROOT)
                : outcome.getDetail()));
  }

  private void decided(long at, Approval approval) {
    Command command = commands.get(approval.getCommandId() + " asked");
    if (command != null) {
      String comment = approval.getComment() == null ? "" : ": \"" + approval.getComment() + '"';
      printer.line(
          at,
          Verb.APPROVED,
          command.getAction().name(),
          name(command.getTarget()) + " by " + approval.getBy() + comment);
    }
  }

  /** A line every few hours says how far the day is. */
  private void mark(long at) {
    long between = BETWEEN_MARKS.toMillis();
    if (nextMark == Long.MIN_VALUE) {
      nextMark = Math.floorDiv(at, between) * between;
    }
    while (at >= nextMark) {
      printer.mark(nextMark, messages);
      nextMark += between;
    }
  }

  private static String withWindow(Finding finding, String name) {
    if (finding.getKind() == FindingKind.SKIPPED_WINDOW && finding.getWindowStart() != null) {
      return name
          + ", window "
          + StoryPrinter.clock(finding.getWindowStart())
          + " to "
          + StoryPrinter.clock(finding.getWindowEnd());
    }
    return finding.getKind() == FindingKind.RUN_FAILED
        ? name + ", run " + finding.getAttributes().get("runId")
        : finding.getSummary();
  }

  private static String words(RootCause cause) {
    return cause.getTransience().name().toLowerCase(Locale.ROOT) + ", " + cause.getCategory();
  }

  private static String name(Resource resource) {
    return resource.getName() == null ? resource.getId() : resource.getName();
  }

  private static Attempt last(List<Attempt> attempts) {
    return attempts.get(attempts.size() - 1);
  }

  private static String span(long seconds) {
    Duration span = Duration.ofSeconds(seconds);
    return span.toHours() > 0
        ? span.toHours() + " h " + span.toMinutesPart() + " min"
        : span.toMinutes() + " min";
  }

  private static String cut(String text) {
    return text.length() <= TEXT_LENGTH ? text : text.substring(0, TEXT_LENGTH - 3) + "...";
  }

  private static <T> List<T> of(List<Output> outputs, Class<T> type) {
    return outputs.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
