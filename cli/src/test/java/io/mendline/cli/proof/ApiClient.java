package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks an instance over HTTP. */
final class ApiClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final String base;

  ApiClient(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /** The answer, whatever its status. */
  HttpResponse<String> get(String path, String... headers) {
    return send(request(path, headers).GET().build());
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send(request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }

  /** The document at a path that has to be there. */
  JsonNode document(String path) {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
    return json(response.body());
  }

  /** The ids of all items of a list, page by page. */
  List<String> ids(String path, String field) {
    List<String> ids = new ArrayList<>();
    String next = "";
    do {
      JsonNode page = document(next.isEmpty() ? path : path + "&page=" + next);
      assertThat(page.at("/partitions/missing")).as(path).isEmpty();
      page.path("items").forEach(item -> ids.add(item.at(field).asText()));
      next = page.path("next").isNull() ? "" : page.path("next").asText();
    } while (!next.isEmpty());
    return ids;
  }

  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path)).timeout(WITHIN);
    return headers.length == 0 ? request : request.headers(headers);
  }

  HttpClient http() {
    return client;
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request.uri() + " does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
