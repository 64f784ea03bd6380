package io.mendline.topology.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks other instances, over the address at which they are known to the application. */
final class Peers {
  /** Where instances ask each other; not part of the contract. */
  static final String PATH = "/internal/v1/";

  static final String PARTITIONS = "partitions";
  static final String BEHIND = "behind";

  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  private static final Duration CONNECT_WITHIN = Duration.ofMillis(500);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
  private static final HostAnswer NOTHING = new HostAnswer(List.of(), List.of());

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_WITHIN)
          .build();

  /**
   * What another instance knows of these partitions; nothing when it does not answer.
   *
   * @param behind whether partitions will do of which it has not seen everything yet
   * @return completes always, and never with an exception
   */
  CompletableFuture<HostAnswer> ask(
      HostInfo host, Question question, Set<Integer> partitions, boolean behind) {
    String numbers =
        new TreeSet<>(partitions).stream().map(String::valueOf).collect(Collectors.joining(","));
    URI address =
        URI.create(
            "http://"
                + host.host()
                + ":"
                + host.port()
                + PATH
                + question.kind().path()
                + "?"
                + PARTITIONS
                + "="
                + numbers
                + "&"
                + BEHIND
                + "="
                + behind
                + "&"
                + question.query());
    HttpRequest request = HttpRequest.newBuilder(address).timeout(ANSWER_WITHIN).build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(response -> read(host, response))
        .exceptionally(
            failure -> {
              LOG.debug("{} does not answer: {}", host, failure.getMessage());
              return NOTHING;
            });
  }

  private static HostAnswer read(HostInfo host, HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      LOG.debug("{} answers {}", host, response.statusCode());
      return NOTHING;
    }
    try {
      return HostAnswer.read(Json.read(response.body()));
    } catch (IOException e) {
      LOG.debug("{} does not answer as it should: {}", host, e.getMessage());
      return NOTHING;
    }
  }
}
