package io.mendline.cli.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AuditEntry;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import io.mendline.serdes.json.AvroJson;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes what a replay puts out as NDJSON, one file a topic, in the order produced; of incidents
 * the last version of each, in the order in which they were opened.
 */
final class ReplayOutput implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  private final AvroJson<Finding> findingFormat = new AvroJson<>(Finding.class);
  private final AvroJson<Incident> incidentFormat = new AvroJson<>(Incident.class);
  private final AvroJson<Command> commandFormat = new AvroJson<>(Command.class);
  private final AvroJson<Alert> alertFormat = new AvroJson<>(Alert.class);
  private final AvroJson<AuditEntry> auditFormat = new AvroJson<>(AuditEntry.class);

  private final OutputStream findings;
  private final OutputStream incidents;
  private final OutputStream commands;
  private final OutputStream alerts;
  private final OutputStream audit;
  private final OutputStream deadLetters;
  private final Map<String, Incident> lastVersions = new LinkedHashMap<>();

  /** Opens the files of a folder, which is made if need be. */
  ReplayOutput(Path folder) throws IOException {
    Files.createDirectories(folder);
    findings = open(folder, "findings.ndjson");
    incidents = open(folder, "incidents.ndjson");
    commands = open(folder, "commands.ndjson");
    alerts = open(folder, "alerts.ndjson");
    audit = open(folder, "audit.ndjson");
    deadLetters = open(folder, "dead-letters.ndjson");
  }

  void take(Output output) {
    if (output instanceof Output.Found found) {
      line(findings, findingFormat.write(found.finding()));
    } else if (output instanceof Output.Tracked tracked) {
      lastVersions.put(tracked.incident().getId(), tracked.incident());
    } else if (output instanceof Output.Forgot) {
      // The topic forgets it; a record of what happened does not.
      return;
    } else if (output instanceof Output.Commanded commanded) {
      line(commands, commandFormat.write(commanded.command()));
    } else if (output instanceof Output.Told told) {
      line(alerts, alertFormat.write(told.alert()));
    } else if (output instanceof Output.Noted noted) {
      line(audit, auditFormat.write(noted.entry()));
    }
  }

  void take(DeadLetter letter) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("topic", letter.message().at().topic());
      json.writeNumberField("partition", letter.message().at().partition());
      json.writeNumberField("offset", letter.message().at().offset());
      json.writeStringField("stage", letter.stage());
      json.writeStringField("error", letter.error());
      json.writeArrayFieldStart("records");
      for (int index : letter.records()) {
        json.writeNumber(index);
      }
      json.writeEndArray();
      json.writeBooleanField("cut", letter.cut());
      json.writeStringField("value", new String(letter.value(), StandardCharsets.UTF_8));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a dead letter cannot be written", e);
    }
    line(deadLetters, bytes.toByteArray());
  }

  @Override
  public void close() throws IOException {
    lastVersions.values().forEach(incident -> line(incidents, incidentFormat.write(incident)));
    for (OutputStream out :
        new OutputStream[] {findings, incidents, commands, alerts, audit, deadLetters}) {
      out.close();
    }
  }

  private static OutputStream open(Path folder, String name) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)), 1 << 16);
  }

  private static void line(OutputStream out, byte[] json) {
    try {
      out.write(json);
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException("the output cannot be written", e);
    }
  }
}
