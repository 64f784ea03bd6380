package io.mendline.processors.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.RuleProfile.Standing;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RuleChange.Enabled;
import io.mendline.serdes.telemetry.RuleChange.Kind;
import io.mendline.serdes.telemetry.RuleChange.Told;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RuleVersionsTest {
  @Test
  void a_profile_is_the_latest_that_was_said_of_each_field_by_an_instant() {
    RuleVersions versions =
        of(
            change(10).severity("High").tactics(List.of("Impact")).enabled(Enabled.YES),
            change(20).techniques(List.of("T1078", "T1003")),
            change(30).severity("Low").kind(Kind.DELETE));

    assertThat(versions.at(9)).isEqualTo(RuleProfile.UNKNOWN);
    assertThat(versions.at(25))
        .isEqualTo(
            new RuleProfile(
                "High", List.of("Impact"), List.of("T1078", "T1003"), Standing.ENABLED));
    assertThat(versions.at(30).severity()).isEqualTo("Low");
    assertThat(versions.at(30).standing()).isEqualTo(Standing.DELETED);
    TreeMap<String, String> attributes = new TreeMap<>();
    versions.at(30).putInto(attributes);
    assertThat(attributes)
        .containsEntry("ruleSeverity", "Low")
        .containsEntry("tactics", "Impact")
        .containsEntry("techniques", "T1003,T1078");
  }

  @Test
  void what_says_nothing_or_was_known_changes_nothing() {
    RuleVersions versions = of(change(10).severity("High"));

    assertThat(versions.with(change(10).severity("High").build())).isSameAs(versions);
    assertThat(versions.with(change(11).build())).isSameAs(versions);
  }

  @Test
  void no_field_is_lost_when_the_oldest_version_goes() {
    RuleVersions versions = of(change(1).severity("High"));
    for (int i = 2; i < 100; i++) {
      versions = versions.with(change(i).tactics(List.of("T" + i)).build());
    }

    assertThat(versions.at(100).severity()).isEqualTo("High");
    assertThat(bytes(versions).length).isLessThan(1_000);
  }

  @Property(tries = 100)
  void the_order_in_which_changes_come_does_not_matter(@ForAll long seed) {
    List<RuleChange> changes = new ArrayList<>();
    Random random = new Random(seed);
    for (int i = 0; i < RuleVersions.KEPT; i++) {
      changes.add(
          change(random.nextInt(20)).severity("S" + random.nextInt(3)).recordId("" + i).build());
    }
    byte[] expected = bytes(of(changes));
    Collections.shuffle(changes, random);

    assertThat(bytes(of(changes))).isEqualTo(expected);
    assertThat(bytes(RuleVersions.read(new BinaryReader(expected)))).isEqualTo(expected);
  }

  private static RuleVersions of(RuleChange.Builder... changes) {
    return of(List.of(changes).stream().map(RuleChange.Builder::build).toList());
  }

  private static RuleVersions of(List<RuleChange> changes) {
    RuleVersions versions = RuleVersions.NONE;
    for (RuleChange change : changes) {
      versions = versions.with(change);
    }
    return versions;
  }

  private static RuleChange.Builder change(long time) {
    return RuleChange.builder()
        .time(time)
        .workspace("w")
        .ruleId("r")
        .kind(Kind.WRITE)
        .recordId("at-" + time)
        .told(Told.AUDIT);
  }

  private static byte[] bytes(RuleVersions versions) {
    BinaryWriter out = new BinaryWriter();
    versions.write(out);
    return out.toByteArray();
  }
}
