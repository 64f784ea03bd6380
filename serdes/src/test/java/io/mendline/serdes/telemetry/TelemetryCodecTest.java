package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.RunState.Level;
import io.mendline.serdes.telemetry.RunState.Outcome;
import io.mendline.serdes.telemetry.RunState.Source;
import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class TelemetryCodecTest {

  @Property
  void everyRecordComesBackEqualAndWithTheSameIdentity(@ForAll("facts") TelemetryRecord fact) {
    TelemetryRecord back = TelemetryCodec.decode(TelemetryCodec.encode(fact));

    assertThat(back).isEqualTo(fact);
    assertThat(back.contentId()).isEqualTo(fact.contentId());
    assertThat(TelemetryCodec.encode(back)).isEqualTo(TelemetryCodec.encode(fact));
  }

  @Property
  void aRecordThatWasCutIsNeverTakenForAnother(
      @ForAll("facts") TelemetryRecord fact, @ForAll("fractions") double fraction) {
    byte[] whole = TelemetryCodec.encode(fact);
    byte[] cut = Arrays.copyOf(whole, (int) (fraction * whole.length));

    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> TelemetryCodec.decode(cut));
  }

  @Property(tries = 5_000)
  void bytesThatNobodyWroteGiveARecordOrOneKindOfError(@ForAll byte[] bytes) {
    byte[] data = bytes.length == 0 ? new byte[1] : bytes.clone();
    data[0] = (byte) (0x10 | (data[0] & 0x07));
    try {
      assertThat(TelemetryCodec.decode(data)).isNotNull();
    } catch (CorruptDataException e) {
      assertThat(e.position()).isBetween(0, data.length);
    }
  }

  /** Written once and kept: what is in topics and stores has to stay readable. */
  @Test
  void theFirstVersionStaysReadable() {
    Change change =
        new Change("c", 1780315200000L, "s", null, "t", null, null, null, List.of("f"), List.of());
    byte[] kept = HexFormat.of().parseHex("14016380e8f0b0d067027300027400000001016600");

    assertThat(TelemetryCodec.decode(kept)).isEqualTo(change);
    assertThat(TelemetryCodec.encode(change)).isEqualTo(kept);
    assertThat(change.contentId()).isEqualTo(0x32eb535fa05040dbL);
  }

  /** Written once and kept, too. */
  @Test
  void theFirstFormOfARuleChangeStaysReadable() {
    RuleChange change =
        RuleChange.builder()
            .time(1780315200000L)
            .workspace("w")
            .ruleId("r")
            .kind(RuleChange.Kind.WRITE)
            .enabled(RuleChange.Enabled.NO)
            .periodMillis(60_000)
            .tactics(List.of("t"))
            .recordId("1")
            .told(RuleChange.Told.ACTIVITY)
            .build();
    byte[] kept =
        HexFormat.of().parseHex("1580e8f0b0d067017700017200010201c0a907000101740000023102");

    assertThat(TelemetryCodec.decode(kept)).isEqualTo(change);
    assertThat(change.contentId()).isEqualTo(0x5f6c64fbbe6cd120L);
  }

  @Test
  void theSecondFormOfARuleChangeStaysReadable() {
    RuleChange change =
        RuleChange.builder()
            .time(1780315200000L)
            .workspace("w")
            .ruleId("r")
            .kind(RuleChange.Kind.WRITE)
            .enabled(RuleChange.Enabled.NO)
            .before(RuleChange.Before.NONE)
            .callerIp("i")
            .correlationId("c")
            .told(RuleChange.Told.AUDIT)
            .build();
    byte[] kept =
        HexFormat.of().parseHex("2580e8f0b0d067017700017200010203010100000000026902630001");

    assertThat(HexFormat.of().formatHex(TelemetryCodec.encode(change)))
        .isEqualTo(HexFormat.of().formatHex(kept));
    assertThat(TelemetryCodec.decode(kept)).isEqualTo(change);
  }

  @Test
  void anUnknownVersionOrKindIsSaid() {
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> TelemetryCodec.decode(new byte[] {0x21}))
        .withMessage("telemetry of unknown version 2 at byte 0");
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> TelemetryCodec.decode(new byte[] {0x1F}))
        .withMessage("telemetry of unknown kind 15 at byte 0");
  }

  @Test
  void numbersThatCannotBeTrueAreDamage() {
    byte[] impossible =
        new BinaryWriter()
            .writeByte(0x13)
            .writeZigZag(0)
            .writeString("s")
            .writeString("m")
            .writeNullableString(null)
            .writeNullableString(null)
            .writeVarLong(1)
            .writeVarLong(5)
            .writeVarLong(6)
            .writeVarLong(0)
            .writeNullableString(null)
            .toByteArray();

    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> TelemetryCodec.decode(impossible));
  }

  @Provide
  Arbitrary<Double> fractions() {
    return Arbitraries.doubles().between(0, true, 1, false);
  }

  @Provide
  Arbitrary<TelemetryRecord> facts() {
    return Arbitraries.oneOf(
        Arbitraries.randoms().map(TelemetryCodecTest::sentinel),
        Arbitraries.randoms().map(TelemetryCodecTest::run),
        Arbitraries.randoms().map(TelemetryCodecTest::usage),
        Arbitraries.randoms().map(TelemetryCodecTest::change),
        Arbitraries.randoms().map(TelemetryCodecTest::ruleChange),
        Arbitraries.randoms().map(TelemetryCodecTest::settings),
        Arbitraries.randoms().map(TelemetryCodecTest::partition),
        Arbitraries.randoms().map(TelemetryCodecTest::sample),
        Arbitraries.randoms().map(r -> new Heartbeat(instant(r), text(r))));
  }

  private static TelemetryRecord partition(Random r) {
    return new PartitionRow(
        instant(r),
        text(r),
        text(r),
        text(r),
        r.nextBoolean(),
        one(r, PartitionRow.Status.values()),
        textOrNull(r),
        one(r, PartitionRow.Quality.values()),
        textOrNull(r),
        r.nextInt(10),
        r.nextInt(10) - 1,
        textOrNull(r));
  }

  private static TelemetryRecord sample(Random r) {
    return new MetricSample(
        instant(r),
        text(r),
        text(r),
        r.nextGaussian(),
        1 - r.nextDouble(),
        one(r, MetricSample.Better.values()),
        textOrNull(r));
  }

  private static TelemetryRecord settings(Random r) {
    JobSettings.Start start = one(r, JobSettings.Start.values());
    boolean scheduled = start == JobSettings.Start.SCHEDULE;
    return new JobSettings(
        instant(r),
        text(r),
        text(r),
        one(r, JobSettings.Scope.values()),
        start,
        scheduled ? text(r) : null,
        scheduled ? textOrNull(r) : null,
        scheduled && r.nextBoolean(),
        textOrNull(r),
        textOrNull(r),
        textOrNull(r),
        new Safeguards(
            one(r, Safeguards.Told.values()),
            one(r, Safeguards.Told.values()),
            one(r, Safeguards.Told.values())),
        r.nextBoolean()
            ? JobMakeup.UNTOLD
            : new JobMakeup(textOrNull(r), List.of(text(r), "b"), List.of(text(r))),
        one(r, Source.values()));
  }

  private static TelemetryRecord sentinel(Random r) {
    return SentinelHealth.builder()
        .time(instant(r))
        .workspace(text(r))
        .tenant(textOrNull(r))
        .resourceType(one(r, ResourceType.values()))
        .resourceId(text(r))
        .name(textOrNull(r))
        .ruleKind(one(r, RuleKind.values()))
        .operation(one(r, Operation.values()))
        .status(one(r, Status.values()))
        .description(textOrNull(r))
        .reason(textOrNull(r))
        .recordId(textOrNull(r))
        .window(instant(r), instant(r))
        .frequencyMillis(instant(r))
        .periodMillis(instant(r))
        .issues(texts(r))
        .queryResultAmount(instant(r))
        .triggerType(textOrNull(r))
        .build();
  }

  private static TelemetryRecord run(Random r) {
    RunState.Builder builder =
        RunState.builder()
            .time(instant(r))
            .workspace(text(r))
            .jobId(text(r))
            .runId(text(r))
            .taskKey(textOrNull(r))
            .jobName(textOrNull(r))
            .state(textOrNull(r), textOrNull(r), one(r, Outcome.values()))
            .termination(textOrNull(r), textOrNull(r))
            .message(textOrNull(r))
            .errorTrace(textOrNull(r))
            .trigger(textOrNull(r))
            .attemptNumber(r.nextInt())
            .repairId(textOrNull(r))
            .ran(instant(r), instant(r))
            .runPageUrl(textOrNull(r))
            .environment(textOrNull(r))
            .clusterId(textOrNull(r))
            .allPurpose(r.nextBoolean())
            .childRun(r.nextBoolean() ? new ChildRun(text(r), text(r)) : null)
            .source(one(r, Source.values()));
    return one(r, Level.values()) == Level.TASK
        ? builder.task(textOrNull(r), textOrNull(r)).build()
        : builder.build();
  }

  private static TelemetryRecord usage(Random r) {
    long prompt = instant(r) + 1;
    return new TokenUsage(
        instant(r),
        text(r),
        text(r),
        textOrNull(r),
        textOrNull(r),
        1 + r.nextInt(1_000),
        prompt,
        prompt / 2,
        prompt / 3,
        textOrNull(r));
  }

  private static TelemetryRecord change(Random r) {
    return new Change(
        text(r),
        instant(r),
        textOrNull(r),
        textOrNull(r),
        textOrNull(r),
        textOrNull(r),
        textOrNull(r),
        textOrNull(r),
        texts(r),
        texts(r));
  }

  private static TelemetryRecord ruleChange(Random r) {
    return RuleChange.builder()
        .time(instant(r))
        .workspace(text(r))
        .tenant(textOrNull(r))
        .ruleId(text(r))
        .name(textOrNull(r))
        .kind(one(r, RuleChange.Kind.values()))
        .enabled(one(r, RuleChange.Enabled.values()))
        .before(one(r, RuleChange.Before.values()))
        .frequencyMillis(instant(r))
        .periodMillis(instant(r))
        .severity(textOrNull(r))
        .tactics(texts(r))
        .techniques(texts(r))
        .caller(textOrNull(r))
        .callerIp(textOrNull(r))
        .correlationId(textOrNull(r))
        .recordId(textOrNull(r))
        .told(one(r, RuleChange.Told.values()))
        .build();
  }

  private static long instant(Random r) {
    return r.nextInt(4) == 0 ? TelemetryRecord.ABSENT : r.nextLong() >>> (1 + r.nextInt(62));
  }

  private static List<String> texts(Random r) {
    return Stream.generate(() -> text(r)).limit(r.nextInt(4)).toList();
  }

  private static String textOrNull(Random r) {
    return r.nextBoolean() ? null : text(r);
  }

  private static String text(Random r) {
    return one(r, "", "a", "Größe", "𝄞", "\uFFFD", "x".repeat(200), "line\nline", "42");
  }

  @SafeVarargs
  private static <T> T one(Random r, T... values) {
    return values[r.nextInt(values.length)];
  }
}
