package io.mendline.cli.proof;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/** Hears the stream of events, line by line. */
final class EventListener implements AutoCloseable {
  private final CompletableFuture<?> heard;

  /**
   * Listens.
   *
   * @param last the id of the last event; empty for none
   */
  EventListener(ApiClient api, String last, BlockingQueue<String> lines) {
    HttpRequest.Builder request =
        api.request("/api/v1/events", "Accept", "text/event-stream").timeout(Duration.ofMinutes(5));
    if (!last.isEmpty()) {
      request.header("Last-Event-ID", last);
    }
    heard =
        api.http()
            .sendAsync(request.build(), HttpResponse.BodyHandlers.ofLines())
            .thenAccept(
                response -> response.body().filter(line -> !line.isEmpty()).forEach(lines::add));
  }

  @Override
  public void close() {
    boolean unused = heard.cancel(true);
  }
}
