package io.mendline.processors.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.Policy;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunLogTest {
  private static final String ROUTE = "databricks:7700";
  private static final String BRONZE =
      "runs: {dependencies: [{upstream: 'bronze*', downstream: 'silver*'}]}";

  private final JobLogTest.Bytes store = new JobLogTest.Bytes();

  /** By name, or started by another job; and only ends that say when. */
  @ParameterizedTest
  @CsvSource({
    "bronze_sales, PERIODIC,     FAILED,    JOB,  JOBS_API, 2",
    "BRONZE_sales, PERIODIC,     SUCCESS,   JOB,  AUDIT,    2",
    "gold,         PERIODIC,     FAILED,    JOB,  JOBS_API, 0",
    "gold,         RUN_JOB_TASK, FAILED,    JOB,  JOBS_API, 1",
    ",             PERIODIC,     FAILED,    JOB,  JOBS_API, 0",
    "bronze_sales, RUN_JOB_TASK, RUNNING,   JOB,  JOBS_API, 0",
    "bronze_sales, PERIODIC,     CANCELLED, JOB,  JOBS_API, 0",
    "bronze_sales, PERIODIC,     SKIPPED,   JOB,  JOBS_API, 0",
    "bronze_sales, PERIODIC,     FAILED,    TASK, JOBS_API, 0",
    "bronze_sales, PERIODIC,     FAILED,    JOB,  WEBHOOK,  0",
    "bronze_sales, PERIODIC,     FAILED,    JOB,  PIPELINE_EVENT, 0",
  })
  void only_what_others_hang_on_is_written_down(
      String name, String trigger, Outcome outcome, RunState.Level level, Source source, int keys) {
    RunState.Builder run = run("1", 10, outcome).jobName(name).trigger(trigger).source(source);
    tell(level == RunState.Level.TASK ? run.task("9", "t").build() : run.build(), policy(BRONZE));

    assertThat(store.size()).isEqualTo(keys);
  }

  @Test
  void without_a_dependency_nothing_is_touched() {
    tell(run("1", 10, Outcome.FAILED).build(), Policies.builtIn());

    assertThat(store.size()).isZero();
  }

  @Test
  void the_last_end_is_one_before_an_instant_and_success_prevails() {
    Policy policy = policy(BRONZE);
    tell(run("1", 10, Outcome.FAILED).build(), policy);
    tell(run("1", 20, Outcome.SUCCESS).build(), policy);
    tell(run("1", 20, Outcome.FAILED).build(), policy);
    tell(run("2", 5, Outcome.SUCCESS).build(), policy);

    assertThat(lastEnds(10)).extracting(RunEnd::jobId).containsExactly("2");
    assertThat(lastEnds(11)).extracting(RunEnd::failed).containsExactly(true, false);
    assertThat(lastEnds(21)).extracting(RunEnd::failed).containsExactly(false, false);
    assertThat(RunLog.ends(store, ROUTE, "1", 10, 20)).hasSize(2);
  }

  @Test
  void a_run_of_which_enough_tasks_went_well_has_not_failed_where_policy_lets_that_count() {
    RunState run =
        run("1", 10, Outcome.FAILED).items(new RunItems(10, 9, List.of("t"), false, true)).build();
    tell(
        run,
        policy("runs: {tasksAsItems: true, dependencies: [{upstream: '1', downstream: '2'}]}"));

    assertThat(RunLog.ends(store, ROUTE, "1", 0, 99))
        .extracting(RunEnd::failed)
        .containsExactly(false);
  }

  @Property(tries = 200)
  void the_order_in_which_ends_come_does_not_matter(@ForAll long seed) {
    Random random = new Random(seed);
    List<RunState> all = new ArrayList<>();
    IntStream.range(0, 100)
        .forEach(
            i ->
                all.add(
                    run(
                            "" + random.nextInt(2),
                            random.nextInt(60),
                            random.nextBoolean() ? Outcome.FAILED : Outcome.SUCCESS)
                        .build()));
    List<String> expected = answers(all);
    Collections.shuffle(all, random);
    all.addAll(List.copyOf(all.subList(0, 30)));

    assertThat(answers(all)).isEqualTo(expected);
  }

  private static List<String> answers(List<RunState> all) {
    JobLogTest.Bytes bytes = new JobLogTest.Bytes();
    Policy policy = policy(BRONZE);
    all.forEach(run -> RunLog.remember(bytes, ROUTE, run, policy));
    return IntStream.range(0, 61)
        .mapToObj(
            at ->
                RunLog.lastEnds(bytes, ROUTE, "bronze*", at)
                    + " "
                    + RunLog.ends(bytes, ROUTE, "1", at, 60))
        .toList();
  }

  private List<RunEnd> lastEnds(long before) {
    return RunLog.lastEnds(store, ROUTE, "bronze*", before);
  }

  private void tell(RunState run, Policy policy) {
    RunLog.remember(store, ROUTE, run, policy);
  }

  private static Policy policy(String yaml) {
    PolicyBook book = new PolicyBook();
    book.put(Policies.parse("test", yaml.getBytes(UTF_8)));
    return book.at(0);
  }

  private static RunState.Builder run(String job, long at, Outcome outcome) {
    return RunState.builder()
        .workspace("7700")
        .jobId(job)
        .runId(job + "@" + at)
        .jobName("bronze " + job)
        .time(at)
        .state(outcome.name(), null, outcome);
  }
}
