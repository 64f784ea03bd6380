package io.mendline.processors.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.ChildRun;
import io.mendline.serdes.telemetry.RunItems;
import io.mendline.serdes.telemetry.RunState.Level;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobRunsCodecTest {
  private static final Fact FULL =
      new Fact(
          1_773_100_800_000L,
          -77L,
          Level.TASK,
          Fact.Stage.SETTLED,
          new Cause("k/a", "code", Transience.PERMANENT, "title", "hint", Confidence.HIGH),
          3,
          1_773_100_000_000L,
          1_773_100_800_000L,
          "8001",
          "load",
          "nightly load",
          "prod",
          "what it said: größer",
          "https://example.net/run",
          "91",
          "RUN_EXECUTION_ERROR",
          "0310-cluster",
          true,
          "RETRY_ON_FAILURE",
          new ChildRun("12", "44"),
          false,
          true,
          new RunItems(20, 18, List.of("a", "b"), true, false),
          new Cause("k/b", "data", Transience.UNKNOWN, "said", null, Confidence.LOW),
          new Coordinates("telemetry.runs", 7, 123_456_789_012L));

  private static final Fact BARE =
      new Fact(
          0,
          5,
          Level.JOB,
          Fact.Stage.PENDING,
          null,
          -1,
          -1,
          -1,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          false,
          null,
          null,
          true,
          false,
          null,
          null,
          new Coordinates("telemetry.runs", 0, 0));

  @Test
  void everyFieldComesBack() {
    byte[] bytes = written(state());
    BinaryReader in = new BinaryReader(bytes);
    JobRuns back = new JobRunsCodec().read(in);
    in.requireEnd();
    assertThat(back.evicted).isEqualTo(4);
    assertThat(back.all()).extracting(each -> each.runId).containsExactly("1", "2");
    RunFacts run = back.of("1");
    assertThat(run.facts).containsExactly(BARE, FULL);
    assertThat(run.ended).isEqualTo(12);
    assertThat(run.last).isEqualTo(13);
    assertThat(run.raised).isTrue();
    assertThat(run.degraded).isTrue();
    assertThat(run.pipeline).isTrue();
    assertThat(run.standing).isFalse();
    assertThat(run.told).isEqualTo(14);
    assertThat(run.dropped).isEqualTo(15);
    assertThat(back.of("2").standing).isTrue();
    assertThat(back.of("2").raised).isFalse();
    assertThat(written(back)).isEqualTo(bytes);
  }

  @Test
  void whatWasNotWrittenHereIsRefused() {
    byte[] bytes = written(state());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> new JobRunsCodec().read(new BinaryReader(cut)))
          .isInstanceOf(CorruptDataException.class);
    }
    bytes[0]++;
    assertThatThrownBy(() -> new JobRunsCodec().read(new BinaryReader(bytes)))
        .isInstanceOf(CorruptDataException.class)
        .hasMessageContaining("version 6");
  }

  private static JobRuns state() {
    JobRuns state = new JobRuns();
    state.evicted = 4;
    RunFacts run = state.of("1");
    run.add(FULL, true);
    run.add(BARE, true);
    run.ended = 12;
    run.last = 13;
    run.raised = true;
    run.degraded = true;
    run.pipeline = true;
    run.told = 14;
    run.dropped = 15;
    state.note(run);
    RunFacts other = state.of("2");
    other.standing = true;
    state.note(other);
    return state;
  }

  private static byte[] written(JobRuns state) {
    BinaryWriter out = new BinaryWriter();
    new JobRunsCodec().write(state, out);
    return out.toByteArray();
  }
}
