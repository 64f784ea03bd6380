package io.mendline.databricks.poller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.api.ApiException;
import io.mendline.databricks.api.JobsApi;
import io.mendline.serdes.json.JsonStreams;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Puts what failed tasks put out into their run object: the error, the trace and the logs under
 * {@code run_output}, where the decoder of runs reads them, redacted and cut as it would do; or,
 * under {@code evidence_unavailable}, one word for why they could not be had.
 *
 * <p>Of runs that succeeded, where they are said to report their items, it puts what notebooks exit
 * with under {@code run_output.notebook_output.result}: each is a call more. What is no object of
 * JSON is no report and left out.
 */
final class Evidence {
  /** Of a run with more failed tasks, those that failed later mostly say the same. */
  static final int MAX_OUTPUTS = 20;

  static final String UNAVAILABLE = "evidence_unavailable";
  static final String REPORT = "notebook_output";
  private static final String NOTEBOOK = "notebook_task";

  /** The decoder takes longer ones for data. */
  private static final int LONGEST_REPORT = 200_000;

  private static final String OUTPUT = "run_output";
  private static final String NOT_ASKED = "not-asked";
  private static final FreeText TEXTS = new FreeText(Redactor.standard());

  /** What tasks put out does not change; a run that goes on after a failed task is read often. */
  private static final int REMEMBERED = 64;

  private static final ObjectMapper JSON = new ObjectMapper(JsonStreams.FACTORY);

  private final JobsApi api;
  private final Predicate<String> reportsOf;
  private final Map<String, ObjectNode> outputs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ObjectNode> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * Evidence through an API.
   *
   * @param reportsOf whether jobs of a name report their items
   */
  Evidence(JobsApi api, Predicate<String> reportsOf) {
    this.api = api;
    this.reportsOf = reportsOf;
  }

  /**
   * Attaches what can be had.
   *
   * @return whether something is missing that may yet be had
   */
  boolean attach(ObjectNode run, RunReading reading) throws InterruptedException {
    boolean reports = reading.succeeded() && reportsOf.test(run.path("run_name").asText());
    Set<String> reporters = reports ? reading.succeededTasks() : Set.of();
    if (reading.failedAlone()) {
      return attach(run, run.path("run_id").asText(), false);
    }
    if (reports && run.path("task").has(NOTEBOOK)) {
      return attach(run, run.path("run_id").asText(), true);
    }
    List<String> failed = reading.failedTasks();
    int asked = Math.min(MAX_OUTPUTS, failed.size());
    boolean pending = false;
    for (JsonNode task : run.path("tasks")) {
      String id = task.path("run_id").asText();
      int place = failed.indexOf(id);
      boolean reporter = place < 0 && reporters.contains(id) && task.has(NOTEBOOK);
      if (place >= MAX_OUTPUTS || (reporter && asked == MAX_OUTPUTS)) {
        ((ObjectNode) task).put(UNAVAILABLE, NOT_ASKED);
      } else if (place >= 0 || reporter) {
        asked += reporter ? 1 : 0;
        pending |= attach((ObjectNode) task, id, reporter);
      }
    }
    return pending;
  }

  private boolean attach(ObjectNode to, String runId, boolean report) throws InterruptedException {
    ObjectNode output = outputs.get(runId);
    if (output == null) {
      try {
        ObjectNode answer = api.getOutput(runId);
        output = report ? report(answer, to) : output(answer, to);
        outputs.put(runId, output);
      } catch (ApiException e) {
        to.put(UNAVAILABLE, e.kind().word());
        return e.kind().passing();
      }
    }
    if (!output.isEmpty()) {
      to.set(OUTPUT, output);
    }
    return false;
  }

  private static ObjectNode output(ObjectNode answer, ObjectNode maker) {
    ObjectNode output = maker.objectNode();
    put(output, "error", TEXTS.message(answer.path("error").asText(null)));
    put(output, "error_trace", TEXTS.trace(answer.path("error_trace").asText(null)));
    put(output, "logs", TEXTS.trace(answer.path("logs").asText(null)));
    JsonNode childRun = answer.path("run_job_output").path("run_id");
    if (childRun.isValueNode()) {
      output.putObject("run_job_output").set("run_id", childRun);
    }
    return output;
  }

  private static ObjectNode report(ObjectNode answer, ObjectNode maker) {
    ObjectNode output = maker.objectNode();
    String exit = answer.path(REPORT).path("result").asText("");
    if (exit.length() <= LONGEST_REPORT && exit.stripLeading().startsWith("{")) {
      output.putObject(REPORT).put("result", redacted(exit));
    }
    return output;
  }

  /** A mask must not break the JSON, as long as it is whole. */
  private static String redacted(String exit) {
    try {
      if (JSON.readTree(exit) instanceof ObjectNode object) {
        Scrubber.scrub(object);
        return object.toString();
      }
    } catch (JsonProcessingException e) {
      // The platform cuts what is long; what stands before the cut counts.
    }
    return Redactor.standard().redact(exit);
  }

  private static void put(ObjectNode to, String field, String text) {
    if (text != null) {
      to.put(field, text);
    }
  }
}
