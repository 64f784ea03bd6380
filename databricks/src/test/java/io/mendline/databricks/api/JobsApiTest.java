package io.mendline.databricks.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.databricks.sdk.core.http.HttpClient;
import io.mendline.databricks.FakeRun;
import io.mendline.databricks.FakeTime;
import io.mendline.databricks.FakeWorkspace;
import io.mendline.databricks.FakeWorkspace.Fault;
import io.mendline.databricks.api.ApiException.Kind;
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

class JobsApiTest {
  private static final long NOON = 1_780_315_200_000L;
  private static final HttpClient HTTP = JobsApi.http(Duration.ofSeconds(1));

  private final FakeTime time = new FakeTime(NOON);
  private final FakeWorkspace server = new FakeWorkspace("7700", time);
  private final JobsApi api = new JobsApi(server.workspace(), HTTP, time);

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "401, UNAUTHENTICATED, 1",
    "403, FORBIDDEN, 1",
    "404, NOT_FOUND, 1",
    "400, REFUSED, 1",
    "302, REFUSED, 1",
    "429, THROTTLED, 4",
    "500, SERVER_ERROR, 4",
    "503, SERVER_ERROR, 4",
    "0, UNREACHABLE, 4",
    "200, UNREADABLE, 4",
  })
  void every_way_to_fail_has_a_kind_and_only_what_may_pass_is_tried_again(
      int status, Kind kind, int calls) {
    server.faults(
        call ->
            Optional.of(
                status == 0
                    ? Fault.dropped()
                    : status == 302
                        ? new Fault(302, Map.of("Location", server.host() + "/elsewhere"), "")
                        : status == 200 ? new Fault(200, Map.of(), "[]") : Fault.status(status)));

    ApiException failure = failure();

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageStartingWith(server.host() + "/api/2.2/jobs/runs/get: ");
    assertThat(server.calls).hasSize(calls).allMatch(call -> call.path().equals("runs/get"));
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
        new JobsApi(
            Workspace.withPrincipal("ws", "7700", server.host(), "app", "s3cr3t-s3cr3t"),
            HTTP,
            time);

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
        new JobsApi(
            Workspace.withPrincipal("ws", "7700", server.host(), "app", "s3cr3t-s3cr3t"),
            HTTP,
            time);

    ApiException failure = catchThrowableOfType(ApiException.class, () -> principal.getRun("22"));

    assertThat(failure.kind()).isEqualTo(Kind.UNAUTHENTICATED);
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
