package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.cli.sample.Draws.Question;
import io.mendline.processors.pipeline.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Telemetry of a given number of resources at any pace: each is told of in turn, once in as many
 * records as there are resources. Where {@link TelemetryGenerator} tells stories by the hour, this
 * makes load.
 *
 * <p>Of the resources 30 % are Sentinel rules, 45 % Databricks jobs and 25 % caches, and so are the
 * records. They come in blocks of {@value #BLOCK} records of one source and workspace (caches: of
 * five services) within a second, as exporters and pollers write them. Nearly all is well: {@value
 * #FAILED} of the runs fail, of which a third is repaired at the job's next turn, and {@value
 * #SKIPPED} of the windows are given up.
 *
 * <p>Equal arguments give equal bytes. Not safe for use by several threads.
 */
public final class SteadyTelemetry {
  /** Records in a block. */
  public static final int BLOCK = 20;

  /** Time between the records of a block, milliseconds. */
  private static final long BETWEEN_RECORDS = 20;

  private static final double FAILED = 0.02;
  private static final double REPAIRED = 1.0 / 3;
  private static final double SKIPPED = 0.003;

  /** So many resources share a workspace, or a group of services. */
  private static final int WORKSPACE = 100;

  private static final long MINUTE = 60_000L;
  private static final long RUNS_OF_A_JOB = 10_000_000L;

  /** The turn of each source among {@value #BLOCK} blocks: as many as its share of the records. */
  private static final String TURNS = "rsrcsrcrsrscrsrcrsrc";

  private final Draws all;
  private final int workspaces;
  private final Map<Integer, SentinelRows> rules = new HashMap<>();
  private final Map<Integer, RunObjects> jobs = new HashMap<>();
  private final ByteArrayOutputStream buffer = new ByteArrayOutputStream(4_096);

  /**
   * A generator.
   *
   * @param seed what chance begins with
   * @param resources how many; a multiple of 100
   * @throws IllegalArgumentException when it is none
   */
  public SteadyTelemetry(long seed, int resources) {
    if (resources <= 0 || resources % WORKSPACE != 0) {
      throw new IllegalArgumentException(resources + " is no multiple of " + WORKSPACE);
    }
    this.all = new Draws(seed);
    this.workspaces = resources / WORKSPACE;
  }

  /**
   * One block.
   *
   * @param source what its records are of
   * @param records each a JSON object in UTF-8; not to be changed
   * @param failedRuns the ids of the runs that these records tell to have failed
   * @param skippedWindows how many windows they tell to have been given up
   */
  public record Block(
      Source source, List<byte[]> records, List<String> failedRuns, int skippedWindows) {
    /** All records in one envelope, as Azure Monitor sends them. */
    public byte[] envelope() {
      ByteArrayOutputStream envelope = new ByteArrayOutputStream(1_024 * records.size());
      envelope.writeBytes(new byte[] {'{', '"', 'r', 'e', 'c', 'o', 'r', 'd', 's', '"', ':', '['});
      for (int i = 0; i < records.size(); i++) {
        if (i > 0) {
          envelope.write(',');
        }
        envelope.writeBytes(records.get(i));
      }
      envelope.writeBytes(new byte[] {']', '}'});
      return envelope.toByteArray();
    }
  }

  /**
   * Makes a block.
   *
   * @param number counted from 0; later blocks are to have later times
   * @param time event time of its first record, epoch milliseconds
   */
  public Block block(long number, long time) {
    int slot = (int) (number % TURNS.length());
    char turn = TURNS.charAt(slot);
    long turnsBefore = number / TURNS.length() * count(turn, TURNS.length()) + count(turn, slot);
    int workspace = (int) (turnsBefore % workspaces);
    long first = turnsBefore / workspaces * BLOCK;
    Making making = new Making(new ArrayList<>(BLOCK), new ArrayList<>(0));
    int skipped = 0;
    int those = WORKSPACE * count(turn, TURNS.length()) / TURNS.length();
    for (int i = 0; i < BLOCK; i++) {
      int resource = workspace * those + (int) ((first + i) % those);
      long visit = (first + i) / those;
      long at = time + i * BETWEEN_RECORDS;
      switch (turn) {
        case 's' -> skipped += rule(resource, workspace, visit, at, making) ? 1 : 0;
        case 'r' -> job(resource, workspace, visit, at, making);
        default -> making.records.add(Json.bytes(buffer, json -> usage(json, resource, visit, at)));
      }
    }
    Source source = turn == 's' ? Source.SENTINEL : turn == 'r' ? Source.RUNS : Source.CACHE;
    return new Block(source, List.copyOf(making.records), List.copyOf(making.failed), skipped);
  }

  private static int count(char turn, int before) {
    return (int) TURNS.chars().limit(before).filter(other -> other == turn).count();
  }

  private record Making(List<byte[]> records, List<String> failed) {}

  /** Adds a rule's record; returns whether it says that a window was given up. */
  private boolean rule(int rule, int workspace, long visit, long at, Making to) {
    Draws draws = all.of("rule", rule);
    SentinelRows rows =
        rules.computeIfAbsent(
            rule, any -> new SentinelRows(draws, all.of("sentinel", workspace), workspace, rule));
    boolean skipped = draws.chance(Question.STORY, visit, SKIPPED);
    long end = at - 5 * MINUTE;
    SentinelRows.Row row =
        new SentinelRows.Row(
            visit,
            at,
            end - 60 * MINUTE,
            end,
            skipped ? draws.one(Question.CAUSE, visit, SentinelCause.values()) : null,
            skipped ? SentinelRows.consolidated(end) : SentinelRows.SUCCEEDED,
            true);
    to.records.add(Json.bytes(buffer, rows.body(row)));
    return skipped;
  }

  private void job(int job, int workspace, long visit, long at, Making to) {
    Draws draws = all.of("job", job);
    RunObjects objects =
        jobs.computeIfAbsent(
            job,
            any -> {
              int tasks = 1 + (int) draws.between(Question.SHAPE, 0, 0, 3);
              return new RunObjects(workspace, job, tasks, draws.chance(Question.SHAPE, 1, 0.5));
            });
    if (visit > 0
        && failed(draws, visit - 1)
        && draws.chance(Question.MENDED_AFTER, visit - 1, REPAIRED)) {
      RunObjects.Run before = run(draws, job, visit - 1, at - 10 * MINUTE);
      to.records.add(Json.bytes(buffer, json -> objects.repaired(json, before, at)));
      return;
    }
    RunObjects.Run run = run(draws, job, visit, at);
    to.records.add(Json.bytes(buffer, json -> objects.ended(json, run)));
    if (run.cause() != null) {
      to.failed.add(Long.toString(run.id()));
    }
  }

  private static boolean failed(Draws draws, long visit) {
    return draws.chance(Question.STORY, visit, FAILED);
  }

  private static RunObjects.Run run(Draws draws, int job, long visit, long end) {
    boolean failed = failed(draws, visit);
    return new RunObjects.Run(
        RUNS_OF_A_JOB * (job + 1L) + visit * 10L,
        end - draws.between(Question.LENGTH, visit, 2 * MINUTE, 9 * MINUTE),
        end,
        failed ? DatabricksJob.Story.FAILED : DatabricksJob.Story.SUCCEEDED,
        failed ? draws.one(Question.CAUSE, visit, RunCause.values()) : null);
  }

  /** A roll-up as OpenTelemetry names things, of one of a service's five models. */
  private void usage(JsonGenerator json, int scope, long visit, long at) throws IOException {
    Draws draws = all.of("scope", scope);
    long calls = 200 + draws.between(Question.CALLS, visit, 0, 50);
    long prompt = calls * draws.between(Question.PROMPT, visit, 2_900, 3_100);
    long cached = (long) (prompt * (0.6 + 0.03 * draws.fraction(Question.RATIO, visit)));
    json.writeStartObject();
    json.writeStringField("timestamp", Json.time(at));
    json.writeStringField("name", "gen_ai.client.usage.rollup");
    json.writeNumberField("calls", calls);
    json.writeObjectFieldStart("resource");
    json.writeStringField("service.name", "service-" + (scope / 5 + 1));
    json.writeStringField("service.version", "2026.6." + scope % 30);
    json.writeStringField("service.instance.id", draws.uuid(Question.ID, 0));
    json.writeStringField("host.name", "aks-nodepool1-" + (scope % 40) + "-vmss00000a");
    json.writeStringField("telemetry.sdk.name", "opentelemetry");
    json.writeEndObject();
    json.writeObjectFieldStart("attributes");
    json.writeStringField("gen_ai.operation.name", "chat");
    json.writeStringField("gen_ai.provider.name", "anthropic");
    json.writeStringField("gen_ai.request.model", "claude-sonnet-4-" + scope % 5);
    json.writeNumberField("gen_ai.usage.input_tokens", prompt);
    json.writeNumberField("gen_ai.usage.output_tokens", calls * 350);
    json.writeNumberField("gen_ai.usage.cache_read.input_tokens", cached);
    json.writeNumberField("gen_ai.usage.cache_creation.input_tokens", (prompt - cached) / 3);
    json.writeEndObject();
    json.writeEndObject();
  }
}
