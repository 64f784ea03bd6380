package io.mendline.databricks.poller;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.databricks.poller.TrackedRun.Phase;
import io.mendline.serdes.json.JsonStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Keeps the state of one workspace in a file of JSON. A new state replaces the old one whole, after
 * it has reached the disk: whenever the process ends, one of the two is there.
 */
final class StateFile {
  private static final int VERSION = 1;
  private static final int HEX = 16;
  private static final ObjectMapper JSON = new ObjectMapper(JsonStreams.FACTORY);

  private final Path file;
  private final String workspaceId;

  /** What the file holds; null while there is none. */
  private byte[] kept;

  StateFile(Path folder, String workspaceId) {
    this.file = folder.resolve(workspaceId + ".json");
    this.workspaceId = workspaceId;
  }

  /**
   * The state in the file.
   *
   * @return null if there is no file
   * @throws StateException if the file cannot be read, or holds no state of this workspace
   */
  WorkspaceState load() {
    try {
      kept = Files.exists(file) ? Files.readAllBytes(file) : null;
    } catch (IOException e) {
      throw new StateException(
          "the state " + file + " cannot be read; check the rights of databricks.state.dir", e);
    }
    return kept();
  }

  /** The state as it was last loaded or saved; null if there is none. */
  WorkspaceState kept() {
    try {
      return kept == null ? null : read(JSON.readTree(kept));
    } catch (IOException | IllegalArgumentException e) {
      throw new StateException(
          "the state "
              + file
              + " is no state of workspace "
              + workspaceId
              + " that this version knows; put back a copy of it, or move it away to begin at"
              + " databricks.lookback",
          e);
    }
  }

  /** Replaces the state, unless it is the same. */
  void save(WorkspaceState state) throws IOException {
    byte[] bytes = write(state);
    if (Arrays.equals(bytes, kept)) {
      return;
    }
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    kept = bytes;
    // The new name is in the folder's own data.
    try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent())) {
      folder.force(true);
    } catch (IOException e) {
      // Not every system opens a folder; there the name reaches the disk a moment later.
      return;
    }
  }

  private byte[] write(WorkspaceState state) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 + 128 * state.runs.size());
    try (JsonGenerator json = JsonStreams.FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeNumberField("version", VERSION);
      json.writeStringField("workspace", workspaceId);
      json.writeNumberField("position", state.position);
      json.writeNumberField("floor", state.floor);
      json.writeArrayFieldStart("runs");
      for (TrackedRun run : state.runs.values()) {
        write(json, run);
      }
      json.writeEndArray();
      json.writeObjectFieldStart("jobs");
      for (Map.Entry<String, Long> job : state.jobs.entrySet()) {
        json.writeStringField(job.getKey(), Long.toHexString(job.getValue()));
      }
      json.writeEndObject();
      PipelineStates.write(json, state.pipelines.values());
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, TrackedRun run) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", run.id);
    json.writeNumberField("start", run.start);
    json.writeStringField("phase", run.phase.name().toLowerCase(Locale.ROOT));
    version(json, "listed", run.listed);
    version(json, "read", run.read);
    version(json, "told", run.told);
    if (run.end != 0) {
      json.writeNumberField("end", run.end);
    }
    if (run.misses != 0) {
      json.writeNumberField("misses", run.misses);
    }
    flag(json, "evidencePending", run.evidencePending);
    flag(json, "pipeline", run.pipeline);
    json.writeEndObject();
  }

  static void version(JsonGenerator json, String field, long version) throws IOException {
    if (version != TrackedRun.NONE) {
      json.writeStringField(field, Long.toHexString(version));
    }
  }

  private static void flag(JsonGenerator json, String field, boolean set) throws IOException {
    if (set) {
      json.writeBooleanField(field, true);
    }
  }

  private WorkspaceState read(JsonNode json) {
    if (json.path("version").asInt() != VERSION
        || !json.path("workspace").asText().equals(workspaceId)
        || !json.path("position").isIntegralNumber()) {
      throw new IllegalArgumentException("another version or workspace");
    }
    WorkspaceState state = new WorkspaceState(json.path("position").asLong());
    state.floor = json.path("floor").asLong();
    for (JsonNode each : json.path("runs")) {
      TrackedRun run = run(each);
      state.runs.put(run.id, run);
    }
    for (Map.Entry<String, JsonNode> job : json.path("jobs").properties()) {
      state.jobs.put(job.getKey(), version(job.getValue()));
    }
    PipelineStates.read(json, state.pipelines);
    return state;
  }

  private static TrackedRun run(JsonNode json) {
    TrackedRun run = new TrackedRun(json.path("id").asText(), json.path("start").asLong());
    run.phase = Phase.valueOf(json.path("phase").asText().toUpperCase(Locale.ROOT));
    run.listed = version(json.path("listed"));
    run.read = version(json.path("read"));
    run.told = version(json.path("told"));
    run.end = json.path("end").asLong();
    run.misses = json.path("misses").asInt();
    run.evidencePending = json.path("evidencePending").asBoolean();
    run.pipeline = json.path("pipeline").asBoolean();
    return run;
  }

  static long version(JsonNode hex) {
    return hex.isMissingNode() ? TrackedRun.NONE : Long.parseUnsignedLong(hex.asText(), HEX);
  }
}
