package io.mendline.databricks.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.api.ApiException.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The part of the Pipelines API, 2.0, that reads: pipelines, their updates and their event logs, as
 * the JSON that the API gives. Not safe for use by several threads.
 *
 * <p>The platform publishes no limit for these calls. They are kept below 20 a second and workspace
 * all together, which is the limit of the slowest calls of the Jobs API.
 *
 * <p>Source: the page on pipelines of Databricks' REST reference.
 */
public final class PipelinesApi {
  private static final String PIPELINES = "/api/2.0/pipelines";
  private static final String MOST = "max_results";
  private static final String PIPELINES_A_PAGE = "100";
  private static final String UPDATES_A_PAGE = "25";
  private static final String EVENTS_A_PAGE = "250";
  private static final int CALLS_A_SECOND = 20;

  private final RestClient rest;
  private final TokenBucket calls;

  PipelinesApi(RestClient rest, Time time) {
    this.rest = rest;
    this.calls = new TokenBucket(CALLS_A_SECOND, time);
  }

  /** All pipelines that may be seen, each with the states of its latest updates. */
  public <X extends Exception> void list(Taker<X> taker)
      throws ApiException, InterruptedException, X {
    Pages pages = new Pages(PIPELINES);
    String next = null;
    do {
      ObjectNode page =
          rest.get(PIPELINES, Pages.onPage(Map.of(MOST, PIPELINES_A_PAGE), next), calls);
      Pages.each(page, "statuses", taker);
      next = pages.next(page);
    } while (next != null);
  }

  /**
   * The updates of a pipeline, a page at a time, the newest first.
   *
   * @param taker takes the {@code updates} of one page; what it returns says whether to go on
   * @throws ApiException what was taken until then stands
   */
  public <X extends Exception> void listUpdates(String pipelineId, PageTaker<X> taker)
      throws ApiException, InterruptedException, X {
    String path = of(pipelineId) + "/updates";
    Pages pages = new Pages(path);
    String next = null;
    do {
      ObjectNode page = rest.get(path, Pages.onPage(Map.of(MOST, UPDATES_A_PAGE), next), calls);
      next = taker.take(page) ? pages.next(page) : null;
    } while (next != null);
  }

  /**
   * Takes one page.
   *
   * @param <X> what else may go wrong
   */
  @FunctionalInterface
  public interface PageTaker<X extends Exception> {
    /** Whether the next page is wanted. */
    boolean take(ObjectNode page) throws ApiException, InterruptedException, X;
  }

  /** An update as it is now. */
  public ObjectNode getUpdate(String pipelineId, String updateId)
      throws ApiException, InterruptedException {
    String path = of(pipelineId) + "/updates/" + encoded(updateId);
    if (rest.get(path, Map.of(), calls).get("update") instanceof ObjectNode update) {
      return update;
    }
    throw new ApiException(Kind.UNREADABLE, path + ": the answer holds no update");
  }

  /** The errors in the event log of a pipeline, the oldest first. */
  public <X extends Exception> void listErrors(String pipelineId, Span span, Taker<X> taker)
      throws ApiException, InterruptedException, X {
    Pages pages = new Pages(of(pipelineId) + "/events");
    String next = null;
    do {
      ObjectNode page = events(pipelineId, "level='ERROR'" + span.filter(), "timestamp asc", next);
      Pages.each(page, "events", taker);
      next = pages.next(page);
    } while (next != null);
  }

  /** The last events of a pipeline that are no errors, one page of them, the newest first. */
  public <X extends Exception> void listLast(String pipelineId, Span span, Taker<X> taker)
      throws ApiException, InterruptedException, X {
    String filter = "level in ('INFO', 'WARN')" + span.filter();
    Pages.each(events(pipelineId, filter, "timestamp desc", null), "events", taker);
  }

  private ObjectNode events(String pipelineId, String filter, String order, String page)
      throws ApiException, InterruptedException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put(MOST, EVENTS_A_PAGE);
    if (page == null) {
      query.put("filter", filter);
      query.put("order_by", order);
    }
    // Beside a token, the API takes the number of results and nothing else.
    return rest.get(of(pipelineId) + "/events", Pages.onPage(query, page), calls);
  }

  private static String of(String pipelineId) {
    return PIPELINES + '/' + encoded(pipelineId);
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }

  /**
   * A span of time of an event log.
   *
   * @param from milliseconds since 1970, inclusive
   * @param to likewise, inclusive; null for no end
   */
  public record Span(long from, Long to) {
    private String filter() {
      String begin = " AND timestamp >= '" + Instant.ofEpochMilli(from) + '\'';
      return to == null ? begin : begin + " AND timestamp <= '" + Instant.ofEpochMilli(to) + '\'';
    }
  }
}
