package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.schemas.Approval;
import io.mendline.schemas.Decision;
import io.mendline.schemas.Operation;
import io.mendline.schemas.OperationKind;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is written is read back, and what is cut is refused, for everything that is kept as bytes.
 */
class CodecsTest {
  private static final String COMMAND = Samples.INCIDENT + "-c0ffee";
  private static final long AT = Samples.at("10:00");

  static Stream<Request> requests() {
    return Stream.of(
        new Request.Release(COMMAND, AT, Samples.command(), "team-a", "on-call"),
        new Request.Release(COMMAND, AT, Samples.command(), null, null),
        new Request.Decide(COMMAND, AT, Decision.APPROVED, "ann", null),
        new Request.Decide(COMMAND, AT, Decision.DENIED, "ann", "not today"),
        new Request.Report(COMMAND, AT, OutcomeStatus.TIMED_OUT, "run 5"),
        new Request.Withdraw(COMMAND, AT, "the trouble is over"),
        new Request.Tell(Samples.INCIDENT, AT, Samples.alert(), AT - 1, -1));
  }

  @ParameterizedTest
  @EnumSource(ResourceType.class)
  void a_resource_of_any_type_is_read_back(ResourceType type) {
    Signal called = Samples.called("chat", "10:00");
    Signal signal =
        new Signal(
            called.source(),
            called.route(),
            new Subject(type, "id", null, null, null),
            called.eventTime(),
            called.contentId(),
            called.at(),
            called.payload());
    BinaryWriter out = new BinaryWriter();
    SignalRecordCodec.write(new SignalRecord.Batch(0, List.of(signal)), out);

    assertThat(SignalRecordCodec.read(new BinaryReader(out.toByteArray())))
        .isEqualTo(new SignalRecord.Batch(0, List.of(signal)));
  }

  static Stream<Output> outputs() {
    String route = Samples.ROUTE;
    return Stream.concat(
        Stream.of(
            new Output.Found(route, Samples.failedRun("10:00").build()),
            new Output.Tried(route, AT, 2, "databricks/CLOUD_FAILURE", "f-1", true),
            new Output.Metered(route, "chat", "chat/m", AT, 5, 3_600_000, 70_000, 49_000),
            new Output.Settled(route, AT, 6, Samples.failedRun("10:00").build()),
            new Output.Tracked(route, Samples.incident()),
            new Output.Forgot(route, Samples.INCIDENT),
            new Output.Told(route, Samples.alert()),
            new Output.Noted(route, Samples.auditEntry()),
            new Output.Commanded(route, Samples.command())),
        requests().map(request -> new Output.Asked(route, request)));
  }

  static Stream<SignalRecord> signalRecords() {
    Signal called = Samples.called("chat", "10:00");
    return Stream.of(
        new SignalRecord.Batch(3, List.of(called, Samples.called("chat", "10:01"))),
        new SignalRecord.Batch(
            SignalRecord.ALL_PARTITIONS,
            List.of(Samples.changed(Samples.change("c1", null, "09:59")))),
        new SignalRecord.Batch(2, List.of(Samples.ruleChanged("09:58"))),
        new SignalRecord.Batch(0, List.of(answer(Source.OUTCOMES, reported()))),
        new SignalRecord.Batch(0, List.of(answer(Source.APPROVALS, decided()))),
        new SignalRecord.Batch(0, List.of(answer(Source.OPERATIONS, operated()))),
        new SignalRecord.Named("/subscriptions/s/workspaces/soc", "649aa342", AT),
        new SignalRecord.Watermark(Source.SENTINEL, 7, 8, AT, AT - 7_200_000, true),
        new SignalRecord.Watermark(Source.RUNS, 0, 1, Progress.UNHEARD, Progress.UNHEARD, false));
  }

  static Stream<Entry<Long>> entries() {
    List<Output> outbox = outputs().toList();
    return Stream.of(
        new Entry<>(17L, AT, List.of(), 0),
        new Entry<>(17L, Step.NEVER, outbox, 4),
        Entry.gone(outbox, 9));
  }

  static Stream<RouteMemory> memories() {
    Hearing hearing = new Hearing();
    hearing.hear(AT - Presence.BIN_MILLIS * 2_000, Progress.UNHEARD, 1);
    hearing.hear(AT, AT - Presence.BIN_MILLIS, 1);
    hearing.hearBesides(AT + Presence.BIN_MILLIS, AT - Presence.BIN_MILLIS, 1);
    ConnectorHours failed = new ConnectorHours();
    SentinelHealth.Builder row =
        SentinelHealth.builder().workspace("w").resourceId("c").name("The connector");
    failed.hear(row.time(AT).status(SentinelHealth.Status.FAILURE).build());
    failed.hear(row.time(AT - 3_600_000L).status(SentinelHealth.Status.SUCCESS).build());
    return Stream.of(
        new RouteMemory.Heard(hearing),
        new RouteMemory.Heard(new Hearing()),
        new RouteMemory.Changes(
            List.of(Samples.change("c1", "chat", "09:00"), Samples.change("c2", null, "09:59"))),
        new RouteMemory.Workspace(new SignalRecord.Named("/workspaces/soc", "649aa342", AT)),
        new RouteMemory.Unnamed(
            List.of(Samples.called("chat", "09:00"), Samples.called("chat", "09:01"))),
        new RouteMemory.Connectors(List.of("a", "b")),
        new RouteMemory.Group(new JobGroup(List.of("11", "12"), 3)),
        new RouteMemory.Ends(
            RunEnds.NONE
                .with(new RunEnd("11", "bronze", "100", AT, true))
                .with(new RunEnd("11", null, "101", AT + 1, false))),
        new RouteMemory.Connector(new ConnectorHours()),
        new RouteMemory.Connector(failed));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void a_request(Request request) {
    assertThat(reread(request, RequestCodec::write, RequestCodec::read)).isEqualTo(request);
    CutBytes.areRefused(out -> RequestCodec.write(request, out), RequestCodec::read);
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void an_output(Output output) {
    assertThat(reread(output, OutputCodec::write, OutputCodec::read)).isEqualTo(output);
    CutBytes.areRefused(out -> OutputCodec.write(output, out), OutputCodec::read);
  }

  @ParameterizedTest
  @MethodSource("signalRecords")
  void a_signal_record(SignalRecord record) {
    assertThat(reread(record, SignalRecordCodec::write, SignalRecordCodec::read)).isEqualTo(record);
    CutBytes.areRefused(out -> SignalRecordCodec.write(record, out), SignalRecordCodec::read);
  }

  @ParameterizedTest
  @MethodSource("entries")
  void an_entry(Entry<Long> entry) {
    EntryCodec<Long> codec = new EntryCodec<>(new FixedLong());
    assertThat(reread(entry, codec::write, codec::read)).isEqualTo(entry);
    CutBytes.areRefused(codec, entry);
  }

  @ParameterizedTest
  @MethodSource("memories")
  void a_routes_memory(RouteMemory memory) {
    RouteMemory.Codec codec = new RouteMemory.Codec();
    RouteMemory read = reread(memory, codec::write, codec::read);
    assertThat(read).usingRecursiveComparison().isEqualTo(memory);
    CutBytes.areRefused(codec, memory);
  }

  @Test
  void another_version_is_refused_by_name() {
    assertThatThrownBy(() -> RequestCodec.read(reader(9)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("a request of version 9 cannot be read; this build reads version 2");
    assertThatThrownBy(() -> SignalRecordCodec.read(reader(9)))
        .hasMessageContaining("a signal record of version 9");
    assertThatThrownBy(() -> new EntryCodec<>(new FixedLong()).read(reader(9)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("a state entry of version 9");
    assertThatThrownBy(() -> new RouteMemory.Codec().read(reader(9)))
        .hasMessageContaining("a route memory of version 9");
  }

  @Test
  void an_unknown_kind_is_refused() {
    assertThatThrownBy(() -> OutputCodec.read(reader(99, 0)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("no output has the kind 99");
    assertThatThrownBy(() -> SignalRecordCodec.read(reader(1, 99)))
        .isInstanceOf(CorruptDataException.class);
    assertThatThrownBy(() -> new RouteMemory.Codec().read(reader(1, 99)))
        .isInstanceOf(CorruptDataException.class);
  }

  @Test
  void an_unknown_name_is_refused() {
    BinaryWriter out = new BinaryWriter();
    RequestCodec.write(new Request.Report(COMMAND, AT, OutcomeStatus.FAILED, null), out);
    byte[] bytes = out.toByteArray();
    bytes[bytes.length - 2] = 'X'; // the name ends there, then comes that there is no reference

    assertThatThrownBy(() -> RequestCodec.read(new BinaryReader(bytes)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("OutcomeStatus");
  }

  /** Whatever the bytes are: they are read, or refused as corrupt, and nothing else happens. */
  @Property(tries = 2_000)
  void chance_bytes_are_read_or_refused(@ForAll byte[] bytes) {
    for (Function<BinaryReader, ?> read : readers()) {
      // A first byte that is a version, so that more than the version is tried.
      byte[] versioned = new byte[bytes.length + 1];
      versioned[0] = 1;
      System.arraycopy(bytes, 0, versioned, 1, bytes.length);
      try {
        var unused = read.apply(new BinaryReader(versioned));
      } catch (CorruptDataException refused) {
        // As it should be.
      }
    }
  }

  private static List<Function<BinaryReader, ?>> readers() {
    return List.of(
        RequestCodec::read,
        OutputCodec::read,
        SignalRecordCodec::read,
        new EntryCodec<>(new FixedLong())::read,
        new WatermarkTable.Codec()::read,
        new Presence.Codec()::read,
        new RouteMemory.Codec()::read);
  }

  private static Signal answer(Source source, Payload payload) {
    return new Signal(
        source,
        Routes.hash(Samples.ROUTE),
        null,
        AT,
        5,
        new Coordinates("remediation", 0, 12),
        payload);
  }

  private static Payload reported() {
    return new Payload.Reported(
        Outcome.newBuilder()
            .setCommandId(COMMAND)
            .setStatus(OutcomeStatus.FAILED)
            .setAt(Samples.instant("10:00"))
            .setActor("executor")
            .build());
  }

  private static Payload decided() {
    return new Payload.Decided(
        Approval.newBuilder()
            .setCommandId(COMMAND)
            .setDecision(Decision.DENIED)
            .setBy("ann")
            .setAt(Samples.instant("10:00"))
            .build());
  }

  private static Payload operated() {
    return new Payload.Operated(
        Operation.newBuilder()
            .setId("op-1")
            .setIncidentId(Samples.INCIDENT)
            .setKind(OperationKind.SNOOZE)
            .setBy("ann")
            .setAt(Samples.instant("10:00"))
            .setUntil(Samples.instant("12:00"))
            .build());
  }

  private static <T> T reread(
      T value, BiConsumer<T, BinaryWriter> write, Function<BinaryReader, T> read) {
    BinaryWriter out = new BinaryWriter();
    write.accept(value, out);
    BinaryReader in = new BinaryReader(out.toByteArray());
    T result = read.apply(in);
    in.requireEnd();
    return result;
  }

  private static BinaryReader reader(int... bytes) {
    BinaryWriter out = new BinaryWriter();
    for (int each : bytes) {
      out.writeByte(each);
    }
    return new BinaryReader(out.toByteArray());
  }

  private static final class FixedLong implements StateCodec<Long> {
    @Override
    public void write(Long state, BinaryWriter out) {
      out.writeFixed64(state);
    }

    @Override
    public Long read(BinaryReader in) {
      return in.readFixed64();
    }
  }
}
