package io.mendline.processors.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.policy.Policy.Member;
import io.mendline.processors.policy.Policy.Pool;
import io.mendline.processors.remediation.RebalancePlan.Move;
import io.mendline.processors.remediation.RebalancePlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How the members of a hot node are moved. */
class RebalancePlanTest {
  private static final Map<String, String> HOT =
      Map.of("hotNode", "node-1", "hotNodeP95", "100", "clearBelow", "70");

  @Test
  void the_idle_go_first_then_the_middle_in_batches_then_the_largest_one_at_a_time() {
    List<Member> members = new ArrayList<>();
    members.add(new Member("idle-a", 0.0, "node-1"));
    members.add(new Member("idle-b", 0.5, "node-1"));
    for (int i = 0; i < 7; i++) {
      members.add(new Member("middle-" + i, 3.0, "node-1"));
    }
    members.add(new Member("large-a", 24.5, "node-1"));
    members.add(new Member("large-b", 54.0, "node-1"));
    members.add(new Member("other", 10.0, "node-2"));

    RebalancePlan plan = RebalancePlan.of(HOT, new Pool("p", members, List.of("node-3")));

    // 100 of weight are 100 %, so a node is full at 70: after the middle node-1 still has 78.5.
    assertThat(plan.steps())
        .extracting(step -> step.phase() + " " + members(step) + " " + step.observe())
        .containsExactly(
            "IDLE idle-a,idle-b PT1H",
            "MIDDLE middle-0,middle-1,middle-2,middle-3,middle-4 PT24H",
            "MIDDLE middle-5,middle-6 PT24H",
            "LARGEST large-a PT48H");
    assertThat(plan.steps().get(0).moves().get(0))
        .isEqualTo(new Move("idle-a", "node-1", "node-3"));
    assertThat(plan.text()).isEqualTo("a plan of 10 moves in 4 steps");
    assertThat(plan.toJson())
        .contains(
            "{\"phase\":\"LARGEST\",\"moves\":[{\"member\":\"large-a\",\"from\":\"node-1\",\"to\":");
  }

  @Test
  void moves_end_when_the_hot_node_is_no_longer_too_full() {
    RebalancePlan plan =
        RebalancePlan.of(
            HOT,
            new Pool(
                "p",
                List.of(
                    new Member("a", 15.0, "node-1"),
                    new Member("b", 16.0, "node-1"),
                    new Member("c", 17.0, "node-1"),
                    new Member("d", 52.0, "node-1")),
                List.of("node-2")));

    assertThat(plan.steps()).extracting(RebalancePlanTest::members).containsExactly("a,b");
  }

  @Test
  void what_would_overload_any_other_node_is_isolated() {
    RebalancePlan plan =
        RebalancePlan.of(
            HOT,
            new Pool(
                "p",
                List.of(
                    new Member("a", 45.0, "node-1"),
                    new Member("b", 55.0, "node-1"),
                    new Member("c", 60.0, "node-2")),
                null));

    assertThat(plan.steps())
        .containsExactly(new Step("ISOLATE", List.of(new Move("a", "node-1", "new")), "PT48H"));
  }

  @Test
  void without_members_weights_or_a_node_there_is_no_plan() {
    Pool alone = new Pool("p", List.of(new Member("a", 9.0, "node-1")), null);
    Pool elsewhere = new Pool("p", List.of(new Member("a", 9.0, "node-2")), null);

    assertThat(RebalancePlan.of(HOT, null).text()).contains("capacity.pools");
    assertThat(RebalancePlan.of(Map.of(), alone).text()).contains("no sample names");
    assertThat(RebalancePlan.of(HOT, elsewhere).text()).contains("no member with a weight");
    assertThat(RebalancePlan.of(HOT, alone).text()).contains("a is alone on node-1");
  }

  private static String members(Step step) {
    return step.moves().stream().map(Move::member).collect(Collectors.joining(","));
  }
}
