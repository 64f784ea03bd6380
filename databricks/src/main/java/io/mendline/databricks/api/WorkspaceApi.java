package io.mendline.databricks.api;

import com.databricks.sdk.core.commons.CommonsHttpClient;
import com.databricks.sdk.core.http.HttpClient;
import java.time.Duration;
import org.apache.http.impl.client.DefaultHttpRequestRetryHandler;

/**
 * What is read of one workspace: all of it through one login. Not safe for use by several threads.
 */
public final class WorkspaceApi {
  private final JobsApi jobs;
  private final PipelinesApi pipelines;

  /**
   * The API of a workspace.
   *
   * @param http makes the calls; may be shared
   */
  public WorkspaceApi(Workspace workspace, HttpClient http, Time time) {
    RestClient rest = new RestClient(workspace, http, time);
    this.jobs = new JobsApi(rest, time);
    this.pipelines = new PipelinesApi(rest, time);
  }

  /**
   * What makes calls over the network. It tries nothing a second time by itself.
   *
   * @param timeout for the connection, and between two parts of an answer
   */
  public static HttpClient http(Duration timeout) {
    return new CommonsHttpClient.Builder()
        .withTimeoutSeconds((int) Math.max(1, timeout.toSeconds()))
        .withRequestRetryHandler(new DefaultHttpRequestRetryHandler(0, false))
        .build();
  }

  /** Jobs and runs. */
  public JobsApi jobs() {
    return jobs;
  }

  /** Declarative pipelines. */
  public PipelinesApi pipelines() {
    return pipelines;
  }
}
