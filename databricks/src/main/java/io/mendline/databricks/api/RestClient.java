package io.mendline.databricks.api;

import com.databricks.sdk.core.DatabricksConfig;
import com.databricks.sdk.core.DatabricksError;
import com.databricks.sdk.core.DatabricksException;
import com.databricks.sdk.core.http.HttpClient;
import com.databricks.sdk.core.http.Request;
import com.databricks.sdk.core.http.Response;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.databricks.api.ApiException.Kind;
import io.mendline.serdes.json.JsonStreams;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads from the REST API of one workspace. Login and transport are the SDK's; the answers are read
 * as they came, since its classes turn a value that they do not know into null.
 *
 * <p>What may pass is tried again, at most {@value #ATTEMPTS} times in all, after 1, 2 and 4
 * seconds or as long as {@code Retry-After} asks. Who asks for more than a minute is left alone:
 * the caller is told for how long.
 *
 * <p>No secret of the workspace leaves this class, neither in an answer nor in an error. Not safe
 * for use by several threads.
 */
final class RestClient {
  static final int ATTEMPTS = 4;

  private static final long FIRST_DELAY = 1_000;
  private static final long LONGEST_DELAY = 60_000;
  private static final String BEARER = "Bearer ";
  private static final FreeText TEXTS = new FreeText(Redactor.standard());
  private static final Pattern NOT_THERE = Pattern.compile("does not exist|doesn't exist");
  private static final ObjectMapper JSON =
      new ObjectMapper(JsonStreams.FACTORY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private final Workspace workspace;
  private final DatabricksConfig login;
  private final HttpClient http;
  private final Time time;

  RestClient(Workspace workspace, HttpClient http, Time time) {
    this.workspace = workspace;
    this.login = workspace.login(http);
    this.http = http;
    this.time = time;
  }

  /**
   * The object that a path answers with.
   *
   * @param limit passed before each attempt
   * @throws ApiException when there is none
   */
  ObjectNode get(String path, Map<String, String> query, TokenBucket limit)
      throws ApiException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      limit.take();
      try {
        return once(path, query);
      } catch (ApiException e) {
        long delay = Math.max(FIRST_DELAY << (attempt - 1), e.retryAfterMillis());
        // To log in again with the same credentials would only lock them.
        boolean again = e.kind().passing() && e.kind() != Kind.UNAUTHENTICATED;
        if (!again || attempt == ATTEMPTS || delay > LONGEST_DELAY) {
          throw e;
        }
        time.pause(delay);
      }
    }
  }

  private ObjectNode once(String path, Map<String, String> query) throws ApiException {
    Request request = new Request(Request.GET, login.getHost() + path);
    query.forEach(request::withQueryParam);
    // A login must not follow to another host.
    request.setRedirectionBehavior(false);
    Map<String, String> headers = authenticate(path);
    request.withHeaders(headers).withHeader("Accept", "application/json");
    int status;
    String retryAfter;
    String body;
    try {
      Response response = http.execute(request);
      status = response.getStatusCode();
      retryAfter = response.getFirstHeader("Retry-After");
      try (InputStream in = response.getBody()) {
        body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException | DatabricksException e) {
      throw new ApiException(
          Kind.UNREACHABLE, said(path, "no answer: " + e.getClass().getSimpleName(), e));
    }
    body = masked(body, headers.get("Authorization"));
    if (status / 100 != 2) {
      throw refusal(path, status, body, delay(retryAfter));
    }
    try {
      if (JSON.readTree(body) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // What it is instead is of no use to anybody, and may be a page of a proxy's.
    }
    throw new ApiException(Kind.UNREADABLE, said(path, "the answer is no JSON object", null));
  }

  private Map<String, String> authenticate(String path) throws ApiException {
    try {
      return login.authenticate();
    } catch (DatabricksException | IllegalArgumentException e) {
      Kind kind = Kind.UNAUTHENTICATED;
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        boolean faulty = cause instanceof DatabricksError error && error.getStatusCode() >= 500;
        if (faulty
            || (cause instanceof IOException && !(cause instanceof JsonProcessingException))) {
          kind = Kind.UNREACHABLE;
        }
      }
      throw new ApiException(kind, said(path, "no login", e));
    }
  }

  private ApiException refusal(String path, int status, String body, long retryAfter) {
    JsonNode error = error(body);
    String code = error.path("error_code").asText("");
    String message = error.path("message").asText("");
    Kind kind =
        switch (status) {
          case 401 -> Kind.UNAUTHENTICATED;
          case 403 -> Kind.FORBIDDEN;
          case 404 -> Kind.NOT_FOUND;
          case 429 -> Kind.THROTTLED;
          // The Jobs API says so of runs and jobs that are not there.
          case 400 -> NOT_THERE.matcher(message).find() ? Kind.NOT_FOUND : Kind.REFUSED;
          default -> status >= 500 ? Kind.SERVER_ERROR : Kind.REFUSED;
        };
    String answer =
        "answered with status "
            + status
            + (code.isEmpty() ? "" : " " + TEXTS.quote(code))
            + (message.isEmpty() ? "" : " " + TEXTS.quote(message));
    return new ApiException(kind, said(path, answer, null), retryAfter);
  }

  private static JsonNode error(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  /** One line of an error, with what was thrown as far as it is fit to be shown. */
  private String said(String path, String what, Exception thrown) {
    String detail =
        thrown == null || thrown.getMessage() == null
            ? ""
            : ": " + TEXTS.quote(masked(thrown.getMessage(), null));
    return workspace.host() + path + ": " + what + detail;
  }

  private String masked(String text, String authorization) {
    String masked = text;
    for (String secret : workspace.secrets()) {
      masked = masked.replace(secret, Redactor.MASK);
    }
    // What a service principal logs in with is not in the configuration.
    return authorization != null
            && authorization.startsWith(BEARER)
            && authorization.length() > BEARER.length()
        ? masked.replace(authorization.substring(BEARER.length()), Redactor.MASK)
        : masked;
  }

  /** {@code Retry-After} is a number of seconds or a date. */
  private long delay(String retryAfter) {
    if (retryAfter == null) {
      return 0;
    }
    String said = retryAfter.strip();
    try {
      return Math.max(0, Math.multiplyExact(Long.parseLong(said), 1_000L));
    } catch (NumberFormatException | ArithmeticException e) {
      try {
        long at =
            ZonedDateTime.parse(said, DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant()
                .toEpochMilli();
        return Math.max(0, at - time.millis());
      } catch (DateTimeException noDate) {
        return 0;
      }
    }
  }
}
