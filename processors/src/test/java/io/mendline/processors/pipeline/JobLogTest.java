package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.JobProfile.Standing;
import io.mendline.processors.pipeline.Siblings.Sibling;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.JobMakeup;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import io.mendline.serdes.telemetry.JobSettings.Start;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.Safeguards;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobLogTest {
  private static final String ROUTE = "databricks:7700";
  private static final long NEVER = Long.MIN_VALUE;
  private static final List<Scope> SCOPES =
      List.of(Scope.WHOLE, Scope.WHOLE, Scope.WHOLE, Scope.PART, Scope.DELETED);

  private final Bytes store = new Bytes();

  @Test
  void the_closest_come_first() {
    tell(job("1", 1).bundle("b").libraries("pypi x", "pypi y"));
    tell(job("2", 1).libraries("pypi x"));
    tell(job("3", 1).libraries("pypi x", "pypi y"));
    tell(job("4", 1).bundle("b"));
    tell(job("5", 1).bundle("b").libraries("pypi y"));
    tell(job("6", 1).libraries("pypi z"));

    assertThat(siblings("1", 5).named())
        .extracting(Sibling::jobId)
        .containsExactly("5", "4", "3", "2");
    assertThat(siblings("1", 5).named().get(0).likenesses())
        .extracting(Likeness::toString)
        .containsExactly("same bundle b", "same library y");
  }

  @ParameterizedTest
  @CsvSource({"9, 0, 8", "10, 10, 9", "11, 10, 0", "50, 60, 10", "51, 60, 0", "201, 300, 0"})
  void a_library_that_nearly_every_job_has_says_nothing(int having, int others, int named) {
    IntStream.range(0, having).forEach(i -> tell(job("a" + i, 1).libraries("pypi x")));
    IntStream.range(0, others).forEach(i -> tell(job("b" + i, 1)));

    assertThat(siblings("a0", 5).named()).hasSize(named);
    assertThat(siblings("a0", 5).others()).isEqualTo(named == 0 ? 0 : having - 1 - named);
  }

  /** What is read ahead of the judgement must not sway it. */
  @Test
  void only_jobs_that_were_there_by_then_count_as_others() {
    IntStream.range(0, 7).forEach(i -> tell(job("a" + i, 1).libraries("pypi x")));
    IntStream.range(0, 5).forEach(i -> tell(job("b" + i, 1)));
    IntStream.range(0, 20).forEach(i -> tell(job("c" + i, 9)));

    assertThat(siblings("a0", 5).named()).isEmpty();
    assertThat(siblings("a0", 9).named()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({"10, 9", "11, 0"})
  void a_type_of_task_counts_where_few_have_it_and_nothing_else_is_known(int having, int named) {
    IntStream.range(0, having).forEach(i -> tell(job("a" + i, 1).types("dbt_task")));

    assertThat(siblings("a0", 5).named()).hasSize(named);

    tell(job("a0", 2).bundle("b").types("dbt_task"));
    tell(job("c", 2).bundle("b").types("dbt_task"));
    assertThat(siblings("a0", 5).named())
        .singleElement()
        .satisfies(
            sibling -> {
              assertThat(sibling.jobId()).isEqualTo("c");
              assertThat(sibling.likenesses()).hasSize(1);
            });
  }

  @Test
  void of_more_than_ten_the_others_are_counted_and_of_more_than_two_hundred_no_more_is_kept() {
    IntStream.range(100, 350).forEach(i -> tell(job("" + i, 1).bundle("b")));

    assertThat(siblings("100", 5).named()).hasSize(10);
    assertThat(siblings("100", 5).others()).isEqualTo(189);
    assertThat(((RouteMemory.Group) store.get(key("b"))).jobs().others()).isEqualTo(50);
  }

  /** What its last settings say, whole or in part, by an instant. */
  @Test
  void a_job_is_what_was_said_of_it_by_then() {
    tell(job("1", 1).bundle("b"));
    tell(job("2", 1).bundle("b"));
    tell(job("2", 20).scope(Scope.PART).standing(Standing.PAUSED));
    tell(job("2", 30).scope(Scope.PART).standing(Standing.ACTIVE).libraries("pypi x"));
    tell(job("2", 40).bundle("other"));
    tell(job("2", 50).bundle("b"));
    tell(job("2", 60).scope(Scope.DELETED));

    assertThat(List.of(0, 1, 20, 30, 40, 50, 60))
        .extracting(at -> siblings("1", at).named().size())
        .containsExactly(0, 1, 0, 1, 0, 1, 0);
  }

  @Test
  void a_job_that_lost_something_longer_ago_than_is_kept_is_listed_no_more() {
    tell(job("1", 1).bundle("b"));
    tell(job("2", 1).bundle("b"));
    IntStream.range(0, 20).forEach(i -> tell(job("2", 10 + i).bundle("b" + i)));

    assertThat(((RouteMemory.Group) store.get(key("b"))).jobs().ids()).containsExactly("1");
    assertThat(store.get(key("b0"))).isNull();
  }

  /**
   * Daily, as a poller does: what has not changed is kept once, as soon as nothing can come
   * between.
   */
  @Test
  void settings_that_are_told_again_are_kept_once() {
    IntStream.range(0, 100).forEach(day -> tell(job("1", day).bundle("b"), day - 1));
    RouteMemory.Job kept = (RouteMemory.Job) store.get(RouteMemory.jobKey(ROUTE, "1"));

    assertThat(bytes(kept)).hasSizeLessThan(60);
    assertThat(kept.versions().at(0).bundle()).isEqualTo("b");
  }

  /** The sizes that the documents give. */
  @Test
  void a_job_takes_a_few_hundred_bytes_and_little_more_in_each_list() {
    String bundle =
        "/Workspace/Users/somebody@contoso.example/.bundle/etl/prod/state/metadata.json";
    for (int i = 0; i < 200; i++) {
      tell(
          job("71044110" + (100 + i), 1)
              .bundle(bundle)
              .libraries(
                  "pypi pandas==2.2.1",
                  "pypi requests==2.32.3",
                  "pypi great_expectations==0.18.12",
                  "maven com.crealytics:spark-excel_2.12:3.5.0_0.20.3",
                  "whl /Volumes/main/lib/etl_common-2.1.0-py3-none-any.whl")
              .types("notebook_task", "python_wheel_task"));
    }

    assertThat(bytes(store.get(RouteMemory.jobKey(ROUTE, "71044110100")))).hasSize(324);
    assertThat(bytes(store.get(key(bundle)))).hasSize(2_405);
  }

  /** Whatever the order, twice or once, and with every state read back from its bytes. */
  @Property(tries = 200)
  void the_order_in_which_settings_come_does_not_matter(@ForAll long seed) {
    Random random = new Random(seed);
    List<JobSettings> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Job job = job("" + random.nextInt(6), random.nextInt(15));
      job.scope(SCOPES.get(random.nextInt(SCOPES.size())));
      if (random.nextBoolean()) {
        job.bundle("b" + random.nextInt(2));
      }
      if (random.nextBoolean()) {
        job.libraries("pypi " + random.nextInt(3));
      }
      all.add(job.types("t" + random.nextInt(2)).settings());
    }
    all.removeIf(
        told ->
            all.stream().filter(other -> other.jobId().equals(told.jobId())).count()
                > JobVersions.KEPT);
    List<String> expected = answers(all, NEVER);
    Collections.shuffle(all, random);
    all.addAll(List.copyOf(all.subList(0, all.size() / 2)));

    assertThat(answers(all, NEVER)).isEqualTo(expected);
  }

  /** What comes in its time may come with the watermark at any place below it. */
  @Property(tries = 200)
  void where_the_watermark_was_does_not_matter(@ForAll long seed) {
    Random random = new Random(seed);
    List<JobSettings> all = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      all.add(job("1", i).bundle("b" + random.nextInt(2)).settings());
    }
    List<String> expected = answers(all, NEVER);
    int from = random.nextInt(14);
    Collections.shuffle(all.subList(from, all.size()), random);
    Bytes other = new Bytes();
    all.forEach(told -> JobLog.remember(other, ROUTE, told, from - 1));

    assertThat(answers(other)).isEqualTo(expected);
  }

  private static List<String> answers(List<JobSettings> all, long watermark) {
    Bytes bytes = new Bytes();
    all.forEach(told -> JobLog.remember(bytes, ROUTE, told, watermark));
    return answers(bytes);
  }

  private static List<String> answers(Bytes bytes) {
    List<String> answers = new ArrayList<>();
    for (int job = 0; job < 6; job++) {
      for (int at = 0; at < 16; at++) {
        answers.add(JobLog.siblings(bytes, ROUTE, "" + job, at).toString());
        answers.add(
            bytes.get(RouteMemory.jobKey(ROUTE, "" + job)) instanceof RouteMemory.Job known
                ? known.versions().at(at).toString()
                : "");
      }
    }
    return answers;
  }

  private Siblings siblings(String job, long at) {
    return JobLog.siblings(store, ROUTE, job, at);
  }

  private void tell(Job job) {
    tell(job, NEVER);
  }

  private void tell(Job job, long watermark) {
    JobLog.remember(store, ROUTE, job.settings(), watermark);
  }

  private static StateKey key(String bundle) {
    return RouteMemory.likenessKey(ROUTE, new Likeness(Likeness.Kind.BUNDLE, bundle));
  }

  private static Job job(String id, long time) {
    return new Job(id, time);
  }

  private static byte[] bytes(RouteMemory memory) {
    BinaryWriter out = new BinaryWriter();
    new RouteMemory.Codec().write(memory, out);
    return out.toByteArray();
  }

  /** Settings of a job in the making. */
  private static final class Job {
    private final String id;
    private final long time;
    private Scope scope = Scope.WHOLE;
    private Standing standing = Standing.ACTIVE;
    private String bundle;
    private List<String> libraries = List.of();
    private List<String> types = List.of();

    Job(String id, long time) {
      this.id = id;
      this.time = time;
    }

    Job scope(Scope value) {
      scope = value;
      return this;
    }

    Job standing(Standing value) {
      standing = value;
      return this;
    }

    Job bundle(String value) {
      bundle = value;
      return this;
    }

    Job libraries(String... values) {
      libraries = List.of(values);
      return this;
    }

    Job types(String... values) {
      types = List.of(values);
      return this;
    }

    JobSettings settings() {
      boolean paused = standing == Standing.PAUSED;
      return new JobSettings(
          time,
          "7700",
          id,
          scope,
          paused ? Start.SCHEDULE : Start.OTHER,
          paused ? "0 0 * * * ?" : null,
          null,
          paused,
          "job " + id,
          null,
          null,
          Safeguards.UNTOLD,
          scope == Scope.DELETED ? JobMakeup.UNTOLD : new JobMakeup(bundle, libraries, types),
          RunState.Source.JOBS_API);
    }
  }

  /** A store that keeps nothing but bytes, as after a restart each time. */
  static final class Bytes implements Store<RouteMemory> {
    private final Map<StateKey, byte[]> bytes = new HashMap<>();

    @Override
    public RouteMemory get(StateKey key) {
      byte[] found = bytes.get(key);
      return found == null ? null : new RouteMemory.Codec().read(new BinaryReader(found));
    }

    @Override
    public void put(StateKey key, RouteMemory value) {
      if (value == null) {
        bytes.remove(key);
      } else {
        bytes.put(key, bytes(value));
      }
    }

    int size() {
      return bytes.size();
    }

    private static byte[] bytes(RouteMemory value) {
      return JobLogTest.bytes(value);
    }

    @Override
    public void forEach(BiConsumer<StateKey, RouteMemory> visitor) {
      bytes.keySet().forEach(key -> visitor.accept(key, get(key)));
    }
  }
}
