package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.serdes.telemetry.RunItems.Verdict;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.text.Redactor;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExitReportTest {
  private final TelemetryDecoder decoder = new RunDecoder(Redactor.standard());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"total\":20,\"succeeded\":20}|20|20|false|GOOD",
        "{\"total\":20,\"succeeded\":19}|20|19|false|DEGRADED",
        "{\"total\":20,\"succeeded\":18,\"failed\":[\"a\",\"b\"]}|20|18|false|DEGRADED",
        "{\"total\":20,\"succeeded\":17}|20|17|false|FAILED",
        "{\"total\":10,\"succeeded\":9}|10|9|false|DEGRADED",
        "{\"total\":9,\"succeeded\":8}|9|8|false|GOOD",
        "{\"total\":9,\"succeeded\":1,\"status\":\"failed\"}|9|1|true|FAILED",
        "{\"total\":20,\"succeeded\":19,\"status\":\"FAILED\"}|20|19|true|DEGRADED",
        "{\"total\":20,\"succeeded\":20,\"status\":\"FAILED\"}|20|20|true|FAILED",
        "{\"succeeded\":\"18\",\"failed\":2.0}|20|18|false|DEGRADED",
        "{\"total_items\":20,\"failedItems\":[{\"table\":\"a\"},{\"id\":7}]}|20|18|false|DEGRADED",
        "{\"success\":false}|0|0|true|FAILED",
        "{\"status\":\"ERROR\",\"error\":\"x\"}|0|0|true|FAILED",
        "{\"failed\":true}|0|0|true|FAILED",
        "{\"total\":5,\"succeeded\":6,\"status\":\"failed\"}|0|0|true|FAILED",
      })
  void whatAnExitSaysOfItsItems(
      String exit, int total, int succeeded, boolean saysFailed, Verdict verdict) {
    RunItems items = task(exit).items();

    assertThat(items.total()).isEqualTo(total);
    assertThat(items.succeeded()).isEqualTo(succeeded);
    assertThat(items.saysFailed()).isEqualTo(saysFailed);
    assertThat(items.verdict()).isEqualTo(verdict);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "done",
        "42",
        "null",
        "[1,2]",
        "{",
        "{}",
        "{\"rows\": 12}",
        "{\"status\":\"ok\"}",
        "{\"success\":true}",
        "{\"failed\":false}",
        "{\"total\":0,\"succeeded\":0}",
        "{\"total\":-1}",
        "{\"total\":\"many\"}",
        "{\"total\":5,\"succeeded\":6}",
        "{\"total\":99999999999,\"succeeded\":1}",
        "{\"result\":{\"status\":\"failed\"}}"
      })
  void anyOtherExitSaysNothing(String exit) {
    assertThat(task(exit).items()).isNull();
  }

  @Property(tries = 300)
  void noExitMakesARunBad(@ForAll String text) {
    assertThat(task(text).outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(task("{\"total\":" + text).outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void namesAreFewAndShort() {
    String names = ("\"" + "n".repeat(500) + "\",").repeat(50);
    RunItems items =
        task("{\"total\":1000,\"failed\":[" + names.substring(0, names.length() - 1) + "]}")
            .items();

    assertThat(items.succeeded()).isEqualTo(950);
    assertThat(items.failed()).hasSize(20).allSatisfy(name -> assertThat(name).hasSize(100));
  }

  @Test
  void whatWentWrongIsTheMessageAndRedacted() {
    assertThat(task("{\"success\":false,\"error\":\"password=hunter2 refused\"}").message())
        .isEqualTo("password=[redacted] refused");
  }

  @Test
  void theExitOfARunThatDidNotSucceedIsNotAsked() {
    RunState state =
        only(
            """
            {"workspace_id":7700,"job_id":11,"run_id":22,"end_time":1780311600000,
             "state":{"life_cycle_state":"TERMINATED","result_state":"FAILED"},
             "notebook_output":{"result":"{\\"total\\":20,\\"succeeded\\":20}"}}
            """);

    assertThat(state.items()).isNull();
  }

  @Test
  void itComesBackFromItsBinaryForm() {
    RunState state = task("{\"total\":20,\"succeeded\":18,\"failed\":[\"a\",\"b\"]}");

    assertThat(state.items().failed()).containsExactly("a", "b");
    assertThat(TelemetryCodec.decode(TelemetryCodec.encode(state))).isEqualTo(state);
  }

  @Test
  void anOutputUnderATaskOfTheRunIsRead() {
    Decoded decoded =
        Decoded.of(
            decoder,
            """
            {"workspace_id":7700,"job_id":11,"run_id":22,"end_time":1780311600000,
             "state":{"life_cycle_state":"TERMINATED","result_state":"SUCCESS"},
             "tasks":[{"run_id":331,"task_key":"load","end_time":1780311500000,
               "state":{"life_cycle_state":"TERMINATED","result_state":"SUCCESS"},
               "run_output":{"notebook_output":
                 {"result":"{\\"total\\":20,\\"succeeded\\":18}","truncated":false}}}]}
            """);

    assertThat(((RunState) decoded.facts.get(0)).items()).isNull();
    assertThat(((RunState) decoded.facts.get(1)).items())
        .isEqualTo(new RunItems(20, 18, List.of(), false, false));
  }

  @ParameterizedTest
  @CsvSource({"20, 1, 20, 19", "20, 5, 20, 15", "10, 1, 10, 9"})
  void aRunThatFailedCountsItsTasks(int tasks, int failed, int total, int succeeded) {
    RunItems items = run(tasks, failed, "FAILED").items();

    assertThat(items.ofTasks()).isTrue();
    assertThat(items.total()).isEqualTo(total);
    assertThat(items.succeeded()).isEqualTo(succeeded);
    assertThat(items.failed()).hasSize(failed).first().isEqualTo("t0");
  }

  @Test
  void fewTasksAndThoseOfARunThatSucceededAreNotCounted() {
    assertThat(run(9, 1, "FAILED").items()).isNull();
    assertThat(run(20, 1, "SUCCESS").items()).isNull();
  }

  private RunState run(int tasks, int failed, String result) {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < tasks; i++) {
      list.append(i == 0 ? "" : ",")
          .append(
              "{\"run_id\":%d,\"task_key\":\"t%d\",\"state\":{\"life_cycle_state\":\"TERMINATED\",\"result_state\":\"%s\"}}"
                  .formatted(100 + i, i, i < failed ? "FAILED" : "SUCCESS"));
    }
    return (RunState)
        Decoded.of(
                decoder,
                """
                {"workspace_id":7700,"job_id":11,"run_id":22,"end_time":1780311600000,
                 "state":{"life_cycle_state":"TERMINATED","result_state":"%s"},"tasks":[%s]}
                """
                    .formatted(result, list))
            .facts
            .get(0);
  }

  private RunState only(String json) {
    return Decoded.of(decoder, json).only(RunState.class);
  }

  private RunState task(String exit) {
    return only(
        """
        {"metadata":{"workspace_id":7700,"job_id":11,"run_id":331,"job_run_id":22,"task_key":"load",
          "end_time":1780311600000,
          "state":{"life_cycle_state":"TERMINATED","result_state":"SUCCESS"}},
         "notebook_output":%s}
        """
            .formatted(json(Map.of("result", exit))));
  }

  private static String json(Map<String, String> object) {
    try {
      return new ObjectMapper().writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
