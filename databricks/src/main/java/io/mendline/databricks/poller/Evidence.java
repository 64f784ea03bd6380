package io.mendline.databricks.poller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.api.ApiException;
import io.mendline.databricks.api.JobsApi;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts what failed tasks put out into their run object: the error, the trace and the logs under
 * {@code run_output}, where the decoder of runs reads them, redacted and cut as it would do; or,
 * under {@code evidence_unavailable}, one word for why they could not be had.
 */
final class Evidence {
  /** Of a run with more failed tasks, those that failed later mostly say the same. */
  static final int MAX_OUTPUTS = 20;

  static final String UNAVAILABLE = "evidence_unavailable";
  private static final String OUTPUT = "run_output";
  private static final String NOT_ASKED = "not-asked";
  private static final FreeText TEXTS = new FreeText(Redactor.standard());

  /** What tasks put out does not change; a run that goes on after a failed task is read often. */
  private static final int REMEMBERED = 64;

  private final JobsApi api;
  private final Map<String, ObjectNode> outputs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ObjectNode> eldest) {
          return size() > REMEMBERED;
        }
      };

  Evidence(JobsApi api) {
    this.api = api;
  }

  /**
   * Attaches what can be had.
   *
   * @return whether something is missing that may yet be had
   */
  boolean attach(ObjectNode run, RunReading reading) throws InterruptedException {
    if (reading.failedAlone()) {
      return attach(run, run.path("run_id").asText());
    }
    List<String> failed = reading.failedTasks();
    boolean pending = false;
    for (JsonNode task : run.path("tasks")) {
      String id = task.path("run_id").asText();
      int place = failed.indexOf(id);
      if (place >= MAX_OUTPUTS) {
        ((ObjectNode) task).put(UNAVAILABLE, NOT_ASKED);
      } else if (place >= 0) {
        pending |= attach((ObjectNode) task, id);
      }
    }
    return pending;
  }

  private boolean attach(ObjectNode to, String runId) throws InterruptedException {
    ObjectNode output = outputs.get(runId);
    if (output == null) {
      try {
        output = output(api.getOutput(runId), to);
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

  private static void put(ObjectNode to, String field, String text) {
    if (text != null) {
      to.put(field, text);
    }
  }
}
