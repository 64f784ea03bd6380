package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.engine.Pipeline.Concern;
import io.mendline.processors.kafka.Application;
import io.mendline.processors.kafka.GovernorProcessor;
import io.mendline.processors.kafka.StationProcessor;
import io.mendline.processors.kafka.Stores;
import io.mendline.processors.pipeline.Budget;
import io.mendline.processors.pipeline.Clock;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.Action;
import io.mendline.schemas.Command;
import io.mendline.schemas.CommandStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Risk;
import io.mendline.serdes.telemetry.RunState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A task whose transaction has failed is revived with the processors it has: their {@code init} is
 * called once more, over stores that were put back to the last commit. They must recover anew, and
 * remember nothing of what was undone.
 */
class RevivedTaskTest {
  private static final Instant AT = Instant.parse("2026-06-01T10:00:00Z");
  private static final String ROUTE = Routes.databricks("1234");

  @TempDir private Path state;

  @Test
  void the_governor_tells_again_and_begins_a_new_epoch() {
    Application application = application();
    MockProcessorContext<byte[], Message> context = context();
    store(context, application, Pipeline.GOVERNOR);
    GovernorProcessor governor = new GovernorProcessor(application);
    governor.init(context);
    governor.process(record(release("one")));
    assertThat(commands(context)).extracting(Command::getEpoch).containsExactly(1L);
    context.resetForwards();

    governor.init(context);
    governor.process(record(release("two")));

    assertThat(commands(context)).extracting(Command::getEpoch).containsExactly(1L, 2L);
  }

  @Test
  void a_concern_tells_again_what_it_had_kept() {
    Application application = application();
    MockProcessorContext<byte[], Message> context = context();
    store(context, application, Pipeline.ROUTES);
    store(context, application, "runs");
    StationProcessor<?> runs = new StationProcessor<>(application, concern("runs"));
    runs.init(context);
    runs.process(record(failedRun()));
    List<String> found = findings(context);
    assertThat(found).isNotEmpty();
    context.resetForwards();

    runs.init(context);
    context
        .scheduledPunctuators()
        .get(context.scheduledPunctuators().size() - 1)
        .getPunctuator()
        .punctuate(AT.toEpochMilli());

    assertThat(findings(context)).containsAll(found);
  }

  @Test
  void a_concern_forgets_what_was_undone() {
    Application application = application();
    MockProcessorContext<byte[], Message> context = context();
    store(context, application, Pipeline.ROUTES);
    KeyValueStore<Bytes, byte[]> states = store(context, application, "runs");
    StationProcessor<?> runs = new StationProcessor<>(application, concern("runs"));
    runs.init(context);
    runs.process(record(failedRun()));
    List<String> found = findings(context);
    context.resetForwards();

    states.all().forEachRemaining(entry -> states.delete(entry.key));
    runs.init(context);
    runs.process(record(failedRun()));

    assertThat(findings(context)).as("as if for the first time").isEqualTo(found);
  }

  private Application application() {
    return new Application(
        Map.of(),
        1,
        Map.of(),
        Clock.WALL,
        AT::toEpochMilli,
        new MendlineService.NothingRead(),
        Budget.UNLIMITED,
        true);
  }

  private MockProcessorContext<byte[], Message> context() {
    return new MockProcessorContext<>(new Properties(), new TaskId(0, 0), state.toFile());
  }

  private static KeyValueStore<Bytes, byte[]> store(
      MockProcessorContext<?, ?> context, Application application, String name) {
    KeyValueStore<Bytes, byte[]> store =
        Stores.store(name, true, application).withLoggingDisabled().build();
    store.init(context.getStateStoreContext(), store);
    return store;
  }

  private static Concern<?> concern(String name) {
    return Pipeline.line(CauseCatalogue.bundled()).stream()
        .filter(concern -> concern.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static <V extends Message> Record<byte[], Message> record(V message) {
    return new Record<>(null, message, AT.toEpochMilli());
  }

  private static List<Command> commands(MockProcessorContext<byte[], Message> context) {
    return context.forwarded().stream()
        .map(forward -> forward.record().value())
        .filter(Output.Commanded.class::isInstance)
        .map(message -> ((Output.Commanded) message).command())
        .toList();
  }

  private static List<String> findings(MockProcessorContext<byte[], Message> context) {
    return context.forwarded().stream()
        .map(forward -> forward.record().value())
        .filter(Output.Found.class::isInstance)
        .map(message -> ((Output.Found) message).finding().getId())
        .toList();
  }

  /** In the built-in dry run every command is released at once. */
  private static Message release(String what) {
    String incident = Ids.routed(ROUTE, what);
    Command command =
        Command.newBuilder()
            .setId(incident + "-c0ffee")
            .setStatus(CommandStatus.ISSUED)
            .setIncidentId(incident)
            .setFindingId("finding")
            .setAction(Action.REPAIR_RUN)
            .setTarget(
                Resource.newBuilder()
                    .setType(ResourceType.DATABRICKS_JOB)
                    .setId("1234/" + what)
                    .build())
            .setAttempt(1)
            .setMaxAttempts(3)
            .setNotBefore(AT)
            .setExpiresAt(AT.plusSeconds(3_600))
            .setRisk(Risk.LOW)
            .setDryRun(false)
            .setReason("a node was lost")
            .setIdempotencyToken(incident + "-c0ffee")
            .setCreatedAt(AT)
            .setEpoch(0)
            .build();
    return new Output.Asked(
        ROUTE, new Request.Release(command.getId(), AT.toEpochMilli(), command, null, "on-call"));
  }

  private static Message failedRun() {
    RunState run =
        RunState.builder()
            .workspace("1234")
            .jobId("11")
            .runId("22")
            .time(AT.toEpochMilli())
            .ran(AT.minusSeconds(300).toEpochMilli(), AT.toEpochMilli())
            .state("TERMINATED", "FAILED", RunState.Outcome.FAILED)
            .build();
    return new Signal(
        Source.RUNS,
        ROUTE,
        new Subject(ResourceType.DATABRICKS_JOB, "1234/11", null, "1234", null),
        run.time(),
        run.contentId(),
        new Coordinates("telemetry.runs", 0, 7),
        new Payload.Observed(run));
  }
}
