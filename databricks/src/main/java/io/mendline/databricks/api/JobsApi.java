package io.mendline.databricks.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of the Jobs API, 2.2, that reads: jobs, runs and what tasks put out, as the JSON that
 * the API gives. Lists are read page by page; arrays that the API cuts at 100 elements are put
 * together again.
 *
 * <p>Keeps below the limits of the platform, each a second and workspace: 30 lists of runs, 100
 * runs, 20 outputs. The limit of jobs is not published; it is taken to be that of runs. Not safe
 * for use by several threads.
 *
 * <p>Source of the limits: the page on resource limits of Databricks' documentation.
 */
public final class JobsApi {
  private static final String JOBS = "/api/2.2/jobs/";
  private static final String RUNS_A_PAGE = "25";
  private static final String JOBS_A_PAGE = "100";
  private static final int LISTS_A_SECOND = 30;
  private static final int GETS_A_SECOND = 100;
  private static final int OUTPUTS_A_SECOND = 20;

  private final RestClient rest;
  private final TokenBucket lists;
  private final TokenBucket gets;
  private final TokenBucket outputs;
  private final TokenBucket jobs;

  JobsApi(RestClient rest, Time time) {
    this.rest = rest;
    lists = new TokenBucket(LISTS_A_SECOND, time);
    gets = new TokenBucket(GETS_A_SECOND, time);
    outputs = new TokenBucket(OUTPUTS_A_SECOND, time);
    jobs = new TokenBucket(GETS_A_SECOND, time);
  }

  /**
   * The runs that started within a time, the newest first, with at most 100 tasks each.
   *
   * @param from milliseconds since 1970
   * @param to likewise, inclusive; null for no end
   * @throws ApiException what was taken until then stands
   */
  public <X extends Exception> void listRuns(long from, Long to, Taker<X> taker)
      throws ApiException, InterruptedException, X {
    Map<String, String> query = runsQuery();
    query.put("start_time_from", Long.toString(from));
    if (to != null) {
      query.put("start_time_to", to.toString());
    }
    pages("runs/list", query, lists, "runs", taker);
  }

  /** The runs that have not ended, whenever they started. */
  public <X extends Exception> void listActiveRuns(Taker<X> taker)
      throws ApiException, InterruptedException, X {
    Map<String, String> query = runsQuery();
    query.put("active_only", "true");
    pages("runs/list", query, lists, "runs", taker);
  }

  private static Map<String, String> runsQuery() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("expand_tasks", "true");
    query.put("limit", RUNS_A_PAGE);
    return query;
  }

  /** A run with all of its tasks and its repairs. */
  public ObjectNode getRun(String runId) throws ApiException, InterruptedException {
    return whole("runs/get", Map.of("run_id", runId, "include_history", "true"), gets);
  }

  /**
   * What a task's run put out.
   *
   * @param taskRunId the id of the task's own run; that of the job's run is refused
   */
  public ObjectNode getOutput(String taskRunId) throws ApiException, InterruptedException {
    return rest.get(JOBS + "runs/get-output", Map.of("run_id", taskRunId), outputs);
  }

  /** All jobs that may be seen, with at most 100 tasks each. */
  public <X extends Exception> void listJobs(Taker<X> taker)
      throws ApiException, InterruptedException, X {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("expand_tasks", "true");
    query.put("limit", JOBS_A_PAGE);
    pages("list", query, jobs, "jobs", taker);
  }

  /** A job with all of its tasks. */
  public ObjectNode getJob(String jobId) throws ApiException, InterruptedException {
    return whole("get", Map.of("job_id", jobId), jobs);
  }

  private <X extends Exception> void pages(
      String path, Map<String, String> query, TokenBucket limit, String field, Taker<X> taker)
      throws ApiException, InterruptedException, X {
    Pages pages = new Pages(JOBS + path);
    String next = null;
    do {
      ObjectNode page = rest.get(JOBS + path, Pages.onPage(query, next), limit);
      Pages.each(page, field, taker);
      next = pages.next(page);
    } while (next != null);
  }

  /** An object of which a page gives 100 elements of each array. */
  private ObjectNode whole(String path, Map<String, String> query, TokenBucket limit)
      throws ApiException, InterruptedException {
    Pages pages = new Pages(JOBS + path);
    ObjectNode whole = rest.get(JOBS + path, query, limit);
    String next = pages.next(whole);
    while (next != null) {
      ObjectNode more = rest.get(JOBS + path, Pages.onPage(query, next), limit);
      append(whole, more);
      next = pages.next(more);
    }
    whole.remove(Pages.NEXT);
    return whole;
  }

  private static void append(ObjectNode whole, ObjectNode more) {
    for (String field : new String[] {"tasks", "job_clusters", "job_parameters"}) {
      if (more.get(field) instanceof ArrayNode added) {
        whole.withArray(field).addAll(added);
      }
    }
    // A job has them in its settings.
    if (whole.get("settings") instanceof ObjectNode settings
        && more.get("settings") instanceof ObjectNode added) {
      for (String field : new String[] {"tasks", "job_clusters", "parameters", "environments"}) {
        if (added.get(field) instanceof ArrayNode elements) {
          settings.withArray(field).addAll(elements);
        }
      }
    }
  }
}
