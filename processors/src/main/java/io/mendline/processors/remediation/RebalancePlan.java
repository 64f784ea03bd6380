package io.mendline.processors.remediation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mendline.processors.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the members of a hot node are moved to others.
 *
 * <p>As operators of multi-tenant pools do it: the idle tail first, all of it at once; then those
 * in the middle, in batches that are watched for a day each; then the largest, one at a time, each
 * watched for two. A move that makes the hot-node P95 rise is the last. What no other node could
 * take is given a node of its own.
 *
 * <p>What a node can take is told by the hot one: it carries the weights of its members at its P95,
 * so a node is full at the weight at which that would be {@code clearBelow}. A member goes to the
 * node with the least weight. Moves end when the hot node is no longer over that weight itself.
 *
 * @param steps in order; empty where members, weights or the hot node are not known
 * @param reason why there are none; null where there are
 */
record RebalancePlan(List<Step> steps, String reason) {
  /** What to do when all went well. */
  static final String AFTERWARDS =
      "lower the minimum of the pool when the hot-node P95 stays below clearBelow for PT48H";

  /** A member with less than this of its node's weight is idle. */
  private static final double IDLE = 0.01;

  /** A member with at least this of its node's weight is one of the largest. */
  private static final double LARGE = 0.2;

  private static final int BATCH = 5;

  /** Further ones are a matter for the plan after this. */
  private static final int MOST_MOVES = 200;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Moves that are made together.
   *
   * @param phase {@code IDLE}, {@code MIDDLE}, {@code LARGEST} or {@code ISOLATE}
   * @param observe how long to watch the hot-node P95 before the next step, ISO-8601
   */
  record Step(String phase, List<Move> moves, String observe) {}

  /**
   * A move.
   *
   * @param to the node; {@code new} for one of its own
   */
  record Move(String member, String from, String to) {}

  /**
   * The plan for a hot node.
   *
   * @param hot the attributes of its finding
   * @param pool what is known of the pool; null for nothing
   */
  static RebalancePlan of(Map<String, String> hot, Policy.Pool pool) {
    String node = hot.get("hotNode");
    if (pool == null) {
      return new RebalancePlan(
          List.of(), "no plan: the policy's capacity.pools does not name its members");
    }
    if (node == null) {
      return new RebalancePlan(List.of(), "no plan: no sample names the hot node");
    }
    return new Making(node, pool).plan(hot);
  }

  /** In one line. */
  String text() {
    if (steps.isEmpty()) {
      return reason;
    }
    long moves = steps.stream().mapToLong(step -> step.moves().size()).sum();
    return "a plan of %d %s in %d %s"
        .formatted(
            moves,
            moves == 1 ? "move" : "moves",
            steps.size(),
            steps.size() == 1 ? "step" : "steps");
  }

  /** The steps as JSON. */
  String toJson() {
    try {
      return JSON.writeValueAsString(steps);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("steps are always JSON", e);
    }
  }

  /** A plan in the making. */
  private static final class Making {
    private final String hotNode;
    private final Map<String, Double> weights = new TreeMap<>();
    private final List<Policy.Member> members = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    Making(String hotNode, Policy.Pool pool) {
      this.hotNode = hotNode;
      pool.nodes().forEach(node -> weights.put(node, 0.0));
      for (Policy.Member member : pool.members()) {
        if (member.node() != null) {
          weights.merge(member.node(), member.weight(), Double::sum);
        }
        if (hotNode.equals(member.node())) {
          members.add(member);
        }
      }
      members.sort(
          Comparator.comparingDouble(Policy.Member::weight).thenComparing(Policy.Member::name));
    }

    RebalancePlan plan(Map<String, String> hot) {
      double carried = weights.getOrDefault(hotNode, 0.0);
      if (carried <= 0) {
        return new RebalancePlan(
            List.of(), "no plan: the policy names no member with a weight on " + hotNode);
      }
      if (members.size() == 1) {
        return new RebalancePlan(
            List.of(),
            "no plan: "
                + members.get(0).name()
                + " is alone on "
                + hotNode
                + " already: give it a larger node");
      }
      double full =
          carried
              * Double.parseDouble(hot.get("clearBelow"))
              / Double.parseDouble(hot.get("hotNodeP95"));
      int moved = 0;
      // The largest may stay: it is alone then.
      for (Policy.Member member : members.subList(0, members.size() - 1)) {
        if (weights.get(hotNode) <= full || moved == MOST_MOVES) {
          break;
        }
        move(member, carried, full);
        moved++;
      }
      return new RebalancePlan(List.copyOf(steps), null);
    }

    private void move(Policy.Member member, double carried, double full) {
      String target = leastLoaded();
      boolean fits = target != null && weights.get(target) + member.weight() <= full;
      double share = member.weight() / carried;
      weights.merge(hotNode, -member.weight(), Double::sum);
      if (fits) {
        weights.merge(target, member.weight(), Double::sum);
      }
      Move move = new Move(member.name(), hotNode, fits ? target : "new");
      if (!fits) {
        add("ISOLATE", move, 1, Duration.ofDays(2));
      } else if (share < IDLE) {
        add("IDLE", move, MOST_MOVES, Duration.ofHours(1));
      } else if (share < LARGE) {
        add("MIDDLE", move, BATCH, Duration.ofDays(1));
      } else {
        add("LARGEST", move, 1, Duration.ofDays(2));
      }
    }

    private String leastLoaded() {
      return weights.entrySet().stream()
          .filter(node -> !node.getKey().equals(hotNode))
          .min(
              Map.Entry.<String, Double>comparingByValue()
                  .thenComparing(Map.Entry.comparingByKey()))
          .map(Map.Entry::getKey)
          .orElse(null);
    }

    private void add(String phase, Move move, int most, Duration observe) {
      Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
      if (last != null && last.phase().equals(phase) && last.moves().size() < most) {
        List<Move> moves = new ArrayList<>(last.moves());
        moves.add(move);
        steps.set(steps.size() - 1, new Step(phase, List.copyOf(moves), last.observe()));
      } else {
        steps.add(new Step(phase, List.of(move), observe.toString()));
      }
    }
  }
}
