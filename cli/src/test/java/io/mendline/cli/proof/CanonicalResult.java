package io.mendline.cli.proof;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.serdes.json.AvroJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What law 1 promises to be the same: the last revision of each finding and the last version of
 * each incident, without what depends on when and where it was found; commands and alerts by their
 * ids.
 */
final class CanonicalResult {
  private static final int DIFFERENCES = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final AvroJson<Finding> findingFormat = new AvroJson<>(Finding.class);
  private final AvroJson<Incident> incidentFormat = new AvroJson<>(Incident.class);
  private final Map<String, Finding> findings = new TreeMap<>();
  private final Map<String, Incident> incidents = new TreeMap<>();
  private final TreeSet<String> commands = new TreeSet<>();
  private final TreeSet<String> alerts = new TreeSet<>();
  private final Map<String, Integer> timesSeen = new TreeMap<>();
  private final TreeSet<String> heldForAnother = new TreeSet<>();
  private final List<String> deadLetters = new ArrayList<>();

  void take(Output output) {
    if (output instanceof Output.Found found) {
      take(found.finding());
    } else if (output instanceof Output.Tracked tracked) {
      take(tracked.incident());
    } else if (output instanceof Output.Commanded commanded) {
      take(commanded.command());
    } else if (output instanceof Output.Told told) {
      take(told.alert());
    } else if (output instanceof Output.Noted noted) {
      take(noted.entry());
    }
  }

  /** A dead letter: none is expected unless a test says so. */
  void take(DeadLetter letter) {
    takeDeadLetter(letter.stage(), letter.error());
  }

  void takeDeadLetter(String stage, String error) {
    deadLetters.add(stage + ": " + error);
  }

  void take(Finding finding) {
    timesSeen.merge(
        "finding " + finding.getId() + " revision " + finding.getRevision(), 1, Integer::sum);
    Finding known = findings.get(finding.getId());
    if (known == null || known.getRevision() <= finding.getRevision()) {
      findings.put(finding.getId(), finding);
    }
  }

  void take(Incident incident) {
    incidents.put(incident.getId(), incident);
  }

  void take(Command command) {
    timesSeen.merge("command " + command.getId() + " " + command.getStatus(), 1, Integer::sum);
    commands.add(command.getAction() + " " + command.getId());
  }

  void take(Alert alert) {
    alerts.add(alert.getKind() + "/" + alert.getTrigger() + " " + alert.getId());
  }

  void take(AuditEntry entry) {
    if (entry.getStatus().equals("HELD") && entry.getHow().contains("in flight on the resource")) {
      heldForAnother.add(entry.getDetail().get("commandId"));
    }
  }

  /**
   * Ids of commands that waited for another on their resource. That is a shared limit: which of two
   * goes first depends on order, and the one that waits may no longer be needed then.
   */
  Set<String> heldForAnother() {
    return heldForAnother;
  }

  /** One line each, sorted: equal lists are equal results, and a difference names what differs. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    findings
        .values()
        .forEach(
            finding ->
                lines.add(
                    "finding " + without(findingFormat.write(finding), "detectedAt", "evidence")));
    incidents
        .values()
        .forEach(
            incident ->
                lines.add("incident " + without(incidentFormat.write(incident), "updatedAt")));
    commands.forEach(command -> lines.add("command " + command));
    alerts.forEach(alert -> lines.add("alert " + alert));
    return lines;
  }

  /** What one result has and the other has not: a line each, the first few. */
  static List<String> difference(List<String> expected, List<String> actual) {
    TreeSet<String> missing = new TreeSet<>(expected);
    actual.forEach(missing::remove);
    TreeSet<String> unexpected = new TreeSet<>(actual);
    expected.forEach(unexpected::remove);
    return Stream.concat(
            missing.stream().limit(DIFFERENCES).map(line -> "missing: " + line),
            unexpected.stream().limit(DIFFERENCES).map(line -> "unexpected: " + line))
        .toList();
  }

  /** The ids of everything, sorted. */
  List<String> ids() {
    List<String> ids = new ArrayList<>();
    findings.keySet().forEach(id -> ids.add("finding " + id));
    incidents.keySet().forEach(id -> ids.add("incident " + id));
    commands.forEach(command -> ids.add("command " + command));
    alerts.forEach(alert -> ids.add("alert " + alert));
    return ids;
  }

  /** How often each revision of a finding, and each command, was told. */
  Map<String, Integer> timesSeen() {
    return timesSeen;
  }

  /** Stage and error of each dead letter, in the order they came. */
  List<String> deadLetters() {
    return deadLetters;
  }

  Map<String, Finding> findings() {
    return findings;
  }

  private static String without(byte[] json, String... fields) {
    try {
      JsonNode tree = JSON.readTree(json);
      ((ObjectNode) tree).remove(List.of(fields));
      return tree.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
