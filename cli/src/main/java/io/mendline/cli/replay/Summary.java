package io.mendline.cli.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.sentinel.Coverage;
import io.mendline.processors.sentinel.WorkspaceCoverage;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.Incident;
import io.mendline.schemas.IncidentStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * Counts what a replay or a demo put out: of findings, incidents, alerts and commands each one
 * once.
 */
public final class Summary {
  private final Map<String, Finding> findings = new TreeMap<>();
  private final Map<String, Incident> incidents = new TreeMap<>();
  private final Map<String, String> commands = new TreeMap<>();
  private final Map<String, String> alerts = new TreeMap<>();
  private final Map<String, Long> deadLetters = new TreeMap<>();

  private List<WorkspaceCoverage> coverage = List.of();

  /** Takes what the rules of Sentinel workspaces have looked at; empty where there are none. */
  void take(List<WorkspaceCoverage> workspaces) {
    coverage = List.copyOf(workspaces);
  }

  /** Counts an output. */
  public void take(Output output) {
    if (output instanceof Output.Found found) {
      findings.put(found.finding().getId(), found.finding());
    } else if (output instanceof Output.Tracked tracked) {
      incidents.put(tracked.incident().getId(), tracked.incident());
    } else if (output instanceof Output.Commanded commanded) {
      commands.put(
          commanded.command().getId(),
          commanded.command().getAction() + (commanded.command().getDryRun() ? " (dry run)" : ""));
    } else if (output instanceof Output.Told told) {
      alerts.put(told.alert().getId(), told.alert().getKind().name());
    }
  }

  /** Counts a dead letter. */
  public void take(DeadLetter letter) {
    deadLetters.merge(letter.stage(), 1L, Long::sum);
  }

  /** Findings by kind, as they last were: {@code RUN_FAILED: {RAISED: 3, CLEARED: 1}}. */
  public Map<String, Map<String, Long>> findings() {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    findings
        .values()
        .forEach(
            finding ->
                counts
                    .computeIfAbsent(finding.getKind().name(), kind -> new TreeMap<>())
                    .merge(finding.getStatus().name(), 1L, Long::sum));
    return counts;
  }

  /** Incidents by status, as they last were. */
  public Map<String, Long> incidents() {
    Map<String, Long> counts = new TreeMap<>();
    incidents
        .values()
        .forEach(incident -> counts.merge(incident.getStatus().name(), 1L, Long::sum));
    return counts;
  }

  /** Commands by action. */
  public Map<String, Long> commands() {
    Map<String, Long> counts = new TreeMap<>();
    commands.values().forEach(action -> counts.merge(action, 1L, Long::sum));
    return counts;
  }

  /** Alerts by kind. */
  public Map<String, Long> alerts() {
    Map<String, Long> counts = new TreeMap<>();
    alerts.values().forEach(kind -> counts.merge(kind, 1L, Long::sum));
    return counts;
  }

  /** The ids of what was found, for a comparison. */
  Set<String> findingIds() {
    return findings.keySet();
  }

  /** The ids of commands, for a comparison. */
  Set<String> commandIds() {
    return commands.keySet();
  }

  /** Markdown for people. */
  public String markdown(long messages) {
    StringBuilder text = new StringBuilder();
    text.append("| what | count |\n|---|---|\n");
    row(text, "messages read", messages);
    findings()
        .forEach(
            (kind, byStatus) -> {
              long raised = byStatus.getOrDefault(FindingStatus.RAISED.name(), 0L);
              long clear = byStatus.getOrDefault(FindingStatus.CLEARED.name(), 0L);
              text.append("| finding ").append(kind).append(" | ").append(raised + clear);
              text.append(clear == 0 ? "" : " (" + clear + " cleared)").append(" |\n");
            });
    incidents().forEach((status, count) -> row(text, "incident " + status, count));
    commands().forEach((action, count) -> row(text, "command " + action, count));
    alerts().forEach((kind, count) -> row(text, "alert " + kind, count));
    deadLetters.forEach((stage, count) -> row(text, "dead letter, stage " + stage, count));
    meanRepair().ifPresent(mean -> row(text, "mean time to repair, seconds", Math.round(mean)));
    coverageTable(text);
    return text.toString();
  }

  private void coverageTable(StringBuilder text) {
    if (coverage.isEmpty()) {
      return;
    }
    text.append("\n| workspace | rules | windows expected | run | share | time seen | unknown ");
    text.append("| gaps open |\n|---|---|---|---|---|---|---|---|\n");
    for (WorkspaceCoverage workspace : coverage) {
      Coverage of = workspace.coverage();
      text.append("| ").append(workspace.workspace());
      text.append(" | ").append(of.rules());
      text.append(" | ").append(of.expected());
      text.append(" | ").append(of.run());
      text.append(" | ").append(percent(of.share()));
      text.append(" | ").append(percent(of.shareSeen()));
      text.append(" | ").append(of.unknown());
      text.append(" | ").append(of.gapsOpen()).append(" |\n");
    }
    if (coverage.stream().anyMatch(WorkspaceCoverage::hasTactics)) {
      tacticsTable(text);
    }
  }

  private void tacticsTable(StringBuilder text) {
    text.append("\n| workspace | tactic | rules | windows expected | run | share | time seen |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (WorkspaceCoverage workspace : coverage) {
      workspace
          .byTactic()
          .forEach(
              (tactic, of) -> {
                text.append("| ").append(workspace.workspace());
                text.append(" | ").append(tactic);
                text.append(" | ").append(of.rules());
                text.append(" | ").append(of.expected());
                text.append(" | ").append(of.run());
                text.append(" | ").append(percent(of.share()));
                text.append(" | ").append(percent(of.shareSeen())).append(" |\n");
              });
    }
  }

  /** Rounded down: what is not whole does not look whole. */
  private static String percent(OptionalDouble share) {
    return share.isEmpty()
        ? "-"
        : String.format(Locale.ROOT, "%.1f %%", Math.floor(share.getAsDouble() * 1_000) / 10);
  }

  /** JSON for programs. */
  public String json(long messages) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("messages", messages);
      json.writeObjectFieldStart("findings");
      for (Map.Entry<String, Map<String, Long>> kind : findings().entrySet()) {
        counts(json, kind.getKey(), kind.getValue());
      }
      json.writeEndObject();
      counts(json, "incidents", incidents());
      counts(json, "commands", commands());
      counts(json, "alerts", alerts());
      counts(json, "deadLetters", deadLetters);
      coverageArray(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a summary cannot be written", e);
    }
    return text.append('\n').toString();
  }

  private void coverageArray(JsonGenerator json) throws IOException {
    if (coverage.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("coverage");
    for (WorkspaceCoverage workspace : coverage) {
      Coverage of = workspace.coverage();
      json.writeStartObject();
      json.writeStringField("workspace", workspace.workspace());
      fields(json, of);
      json.writeArrayFieldStart("tactics");
      for (Map.Entry<String, Coverage> tactic : workspace.byTactic().entrySet()) {
        json.writeStartObject();
        json.writeStringField("tactic", tactic.getKey());
        fields(json, tactic.getValue());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void fields(JsonGenerator json, Coverage of) throws IOException {
    json.writeNumberField("rules", of.rules());
    json.writeNumberField("expected", of.expected());
    json.writeNumberField("run", of.run());
    share(json, "share", of.share());
    share(json, "shareSeen", of.shareSeen());
    json.writeNumberField("unknown", of.unknown());
    json.writeNumberField("gapsOpen", of.gapsOpen());
  }

  private static void share(JsonGenerator json, String name, OptionalDouble share)
      throws IOException {
    if (share.isEmpty()) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, share.getAsDouble());
    }
  }

  private OptionalDouble meanRepair() {
    return incidents.values().stream()
        .filter(incident -> incident.getStatus() == IncidentStatus.RESOLVED)
        .filter(incident -> incident.getMttrSeconds() != null)
        .mapToLong(Incident::getMttrSeconds)
        .average();
  }

  private static void row(StringBuilder text, String what, long count) {
    text.append("| ").append(what).append(" | ").append(count).append(" |\n");
  }

  private static void counts(JsonGenerator json, String name, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }
}
