package io.mendline.databricks.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.databricks.sdk.core.http.HttpClient;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeTime;
import io.mendline.databricks.FakeWorkspace;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.api.ApiException.Kind;
import io.mendline.databricks.api.PipelinesApi.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JobsApiTest {
  private static final long NOON = 1_780_315_200_000L;
  private static final HttpClient HTTP = WorkspaceApi.http(Duration.ofSeconds(1));

  private final FakeTime time = new FakeTime(NOON);
  private final FakeWorkspace server = new FakeWorkspace("7700", time);
  private final WorkspaceApi workspace = new WorkspaceApi(server.workspace(), HTTP, time);
  private final JobsApi api = workspace.jobs();

  @AfterEach
  void stop() {
    server.close();
  }

  /** How a call fails, of what kind that is, and how often it is made. */
  private static final List<Way> WAYS =
      List.of(
          new Way(401, Kind.UNAUTHENTICATED, 1),
          new Way(403, Kind.FORBIDDEN, 1),
          new Way(404, Kind.NOT_FOUND, 1),
          new Way(400, Kind.REFUSED, 1),
          new Way(302, Kind.REFUSED, 1),
          new Way(429, Kind.THROTTLED, 4),
          new Way(500, Kind.SERVER_ERROR, 4),
          new Way(503, Kind.SERVER_ERROR, 4),
          new Way(0, Kind.UNREACHABLE, 4),
          new Way(200, Kind.UNREADABLE, 4));

  private record Way(int status, Kind kind, int calls) {}

  private interface Made {
    void by(WorkspaceApi api) throws ApiException, InterruptedException;
  }

  private record Case(String path, String shown, Made call) {
    @Override
    public String toString() {
      return path;
    }
  }

  private static List<Case> calls() {
    Span span = new Span(NOON, null);
    Taker<ApiException> none = each -> {};
    String jobs = "/api/2.2/jobs/";
    String pipelines = "/api/2.0/pipelines";
    return List.of(
        new Case("runs/list", jobs + "runs/list", api -> api.jobs().listRuns(0, null, none)),
        new Case("runs/get", jobs + "runs/get", api -> api.jobs().getRun("22")),
        new Case("runs/get-output", jobs + "runs/get-output", api -> api.jobs().getOutput("22")),
        new Case("list", jobs + "list", api -> api.jobs().listJobs(none)),
        new Case("get", jobs + "get", api -> api.jobs().getJob("11")),
        new Case("pipelines", pipelines, api -> api.pipelines().list(none)),
        new Case(
            "pipelines/updates",
            pipelines + "/p/updates",
            api -> api.pipelines().listUpdates("p", page -> true)),
        new Case(
            "pipelines/update",
            pipelines + "/p/updates/u",
            api -> api.pipelines().getUpdate("p", "u")),
        new Case(
            "pipelines/events",
            pipelines + "/p/events",
            api -> api.pipelines().listErrors("p", span, none)),
        new Case(
            "pipelines/events",
            pipelines + "/p/events",
            api -> api.pipelines().listLast("p", span, none)));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void every_way_to_fail_has_a_kind_and_only_what_may_pass_is_tried_again(Case call) {
    for (Way way : WAYS) {
      server.calls.clear();
      server.faults(
          any ->
              Optional.of(
                  switch (way.status()) {
                    case 0 -> Fault.dropped();
                    case 302 ->
                        new Fault(302, Map.of("Location", server.host() + "/elsewhere"), "");
                    case 200 -> new Fault(200, Map.of(), "[]");
                    default -> Fault.status(way.status());
                  }));

      ApiException failure =
          catchThrowableOfType(ApiException.class, () -> call.call().by(workspace));

      assertThat(failure.kind()).as(way.toString()).isEqualTo(way.kind());
      assertThat(failure).hasMessageStartingWith(server.host() + call.shown() + ": ");
      assertThat(server.calls)
          .as(way.toString())
          .hasSize(way.calls())
          .allMatch(made -> made.path().equals(call.path()));
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void who_asks_for_a_rest_is_given_it_whatever_was_called(Case call) {
    server.faults(any -> Optional.of(Fault.retryAfter(429, "3600")));

    ApiException rest = catchThrowableOfType(ApiException.class, () -> call.call().by(workspace));

    assertThat(rest.kind()).isEqualTo(Kind.THROTTLED);
    assertThat(rest.retryAfterMillis()).isEqualTo(3_600_000);
    assertThat(server.calls).hasSize(1);
  }

  private static List<Case> callsAboutPipelines() {
    return calls().stream().filter(call -> call.path().startsWith("pipelines")).toList();
  }

  @ParameterizedTest
  @MethodSource("callsAboutPipelines")
  void a_call_without_an_answer_in_time_is_made_again(Case call) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger calls = new AtomicInteger();
    server.faults(
        any -> {
          if (calls.getAndIncrement() > 0) {
            return Optional.of(new Fault(200, Map.of(), "{\"update\":{}}"));
          }
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.of(Fault.dropped());
        });

    call.call().by(workspace);

    never.countDown();
    assertThat(calls).hasValue(2);
  }

  private ApiException failure() {
    return catchThrowableOfType(ApiException.class, () -> api.getRun("22"));
  }

  @Test
  void no_answer_in_time_is_no_answer() {
    CountDownLatch never = new CountDownLatch(1);
    server.faults(
        call -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.of(Fault.dropped());
        });

    assertThat(failure().kind()).isEqualTo(Kind.UNREACHABLE);
    never.countDown();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"7|7000", "Mon, 01 Jun 2026 12:00:30 GMT|30000", "soon|1000", "-5|1000"})
  void retry_after_is_waited_for_before_the_next_try(String retryAfter, long waited)
      throws Exception {
    server.add(new FakeRun(22, 11, NOON));
    AtomicInteger calls = new AtomicInteger();
    server.faults(
        call ->
            calls.getAndIncrement() == 0
                ? Optional.of(Fault.retryAfter(429, retryAfter))
                : Optional.empty());

    assertThat(api.getRun("22").path("run_id").asLong()).isEqualTo(22);
    assertThat(time.millis() - NOON).isEqualTo(waited);
  }

  @Test
  void who_asks_for_a_long_rest_is_left_alone() {
    server.faults(call -> Optional.of(Fault.retryAfter(503, "3600")));

    assertThat(failure().retryAfterMillis()).isEqualTo(3_600_000);
    assertThat(server.calls).hasSize(1);
  }

  @Test
  void pages_that_go_round_in_a_circle_end() {
    server.faults(call -> Optional.of(new Fault(200, Map.of(), "{\"next_page_token\":\"again\"}")));

    ApiException failure =
        catchThrowableOfType(ApiException.class, () -> api.listRuns(0, null, run -> {}));

    assertThat(failure.kind()).isEqualTo(Kind.UNREADABLE);
    assertThat(server.calls).hasSize(2);
  }

  @Test
  void what_does_not_exist_is_told_with_400_and_is_gone() {
    assertThat(failure().kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void a_service_principal_logs_in_and_its_secrets_are_not_shown() {
    String access = "an-access-token-that-nobody-may-see";
    server.faults(
        call -> {
          if (call.path().contains("well-known")) {
            return Optional.of(
                new Fault(
                    200,
                    Map.of(),
                    "{\"token_endpoint\":\""
                        + server.host()
                        + "/token\",\"authorization_endpoint\":\"x\"}"));
          }
          if (call.path().equals("/token")) {
            return Optional.of(
                new Fault(
                    200,
                    Map.of(),
                    "{\"access_token\":\""
                        + access
                        + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}"));
          }
          return Optional.of(
              new Fault(
                  403,
                  Map.of(),
                  "{\"message\":\"you are " + call.authorization() + " s3cr3t-s3cr3t\"}"));
        });
    JobsApi principal =
        new WorkspaceApi(
                Workspace.withPrincipal("ws", "7700", server.host(), "app", "s3cr3t-s3cr3t"),
                HTTP,
                time)
            .jobs();

    ApiException failure = catchThrowableOfType(ApiException.class, () -> principal.getRun("22"));

    assertThat(failure.kind()).isEqualTo(Kind.FORBIDDEN);
    assertThat(server.calls.get(server.calls.size() - 1).authorization())
        .isEqualTo("Bearer " + access);
    assertThat(failure.getMessage())
        .contains("[redacted]")
        .doesNotContain(access)
        .doesNotContain("s3cr3t-s3cr3t");
  }

  @Test
  void a_login_that_is_refused_is_no_crash() {
    server.faults(call -> Optional.of(Fault.status(401)));
    JobsApi principal =
        new WorkspaceApi(
                Workspace.withPrincipal("ws", "7700", server.host(), "app", "s3cr3t-s3cr3t"),
                HTTP,
                time)
            .jobs();

    ApiException failure = catchThrowableOfType(ApiException.class, () -> principal.getRun("22"));

    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
  }

  @Test
  void who_is_told_to_end_makes_no_more_calls() {
    SystemTime real = new SystemTime();
    WorkspaceApi ending = new WorkspaceApi(server.workspace(), HTTP, real);
    real.end();

    assertThatThrownBy(() -> ending.jobs().getRun("22")).isInstanceOf(InterruptedException.class);
    assertThat(server.calls).isEmpty();
  }

  @Property(tries = 50)
  void within_no_second_more_calls_pass_than_the_rate(
      @ForAll @IntRange(min = 1, max = 100) int rate,
      @ForAll @Size(min = 200, max = 200) List<@IntRange(max = 40) Integer> gaps)
      throws InterruptedException {
    FakeTime clock = new FakeTime(0);
    TokenBucket bucket = new TokenBucket(rate, clock);
    List<Long> passed = new ArrayList<>();
    for (int gap : gaps) {
      clock.pause(gap / 8);
      bucket.take();
      passed.add(clock.millis());
    }
    for (int i = 0; i + rate < passed.size(); i++) {
      assertThat(passed.get(i + rate) - passed.get(i))
          .isGreaterThanOrEqualTo(rate == 1 ? 999 : 1_000);
    }
    server.close();
  }
}
