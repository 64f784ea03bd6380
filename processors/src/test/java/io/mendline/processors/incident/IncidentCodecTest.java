package io.mendline.processors.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.CutBytes;
import io.mendline.processors.pipeline.Samples;
import io.mendline.processors.pipeline.Upstream;
import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Finding;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentCodecTest {
  /** With what it hangs on, by name or not, and without. */
  @ParameterizedTest
  @ValueSource(strings = {"named", "unnamed", "none"})
  void what_an_incident_hangs_on_comes_back(String upstream) {
    Finding finding = Samples.failedRun("10:00").build();
    IncidentState state = new IncidentState(Samples.INCIDENT, Samples.ROUTE, 1);
    state.seen = Trouble.of(finding);
    state.settled = state.seen;
    state.finding = IncidentDocument.kept(finding);
    if (!upstream.equals("none")) {
      boolean named = upstream.equals("named");
      state.upstream = new Upstream("7700/1", named ? "bronze" : null, "100", "f-1", 12_345, named);
      state.upstreamAt = 67_890;
      state.likelyNext = "silver (same bundle etl/prod)";
    }
    BinaryWriter out = new BinaryWriter();
    new IncidentCodec().write(state, out);
    BinaryReader in = new BinaryReader(out.toByteArray());

    IncidentState back = new IncidentCodec().read(in);

    in.requireEnd();
    assertThat(back).usingRecursiveComparison().isEqualTo(state);
    CutBytes.areRefused(new IncidentCodec(), state);
  }
}
