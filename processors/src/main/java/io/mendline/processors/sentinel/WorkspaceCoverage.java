package io.mendline.processors.sentinel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How much of what the rules of one workspace were expected to look at they did look at.
 *
 * @param workspace the workspace
 * @param asOf event time of its newest record, epoch milliseconds
 * @param coverage of all its rules
 * @param byTactic of the rules of each tactic; a rule of several tactics counts in each, and one of
 *     which none is known under {@link #UNKNOWN_TACTIC}
 */
public record WorkspaceCoverage(
    String workspace, long asOf, Coverage coverage, SortedMap<String, Coverage> byTactic) {
  /** Stands for the tactics of a rule of which none is known. */
  public static final String UNKNOWN_TACTIC = "unknown";

  /** Whether the tactics of any rule are known. */
  public boolean hasTactics() {
    return byTactic.keySet().stream().anyMatch(tactic -> !tactic.equals(UNKNOWN_TACTIC));
  }

  /** Says what a rule is to detect. */
  @FunctionalInterface
  public interface Tactics {
    /** The tactics of a rule; empty where they are not known. */
    List<String> of(String route, String rule);
  }

  /** The coverage of workspaces, by their name. */
  public static List<WorkspaceCoverage> of(List<RuleReport> reports, Tactics tactics) {
    Map<String, WorkspaceCoverage> workspaces = new TreeMap<>();
    for (RuleReport report : reports) {
      SortedMap<String, Coverage> byTactic = new TreeMap<>();
      List<String> known = tactics.of(report.route(), report.id());
      for (String tactic : known.isEmpty() ? List.of(UNKNOWN_TACTIC) : known) {
        byTactic.put(tactic, report.coverage());
      }
      workspaces.merge(
          report.workspace(),
          new WorkspaceCoverage(report.workspace(), report.asOf(), report.coverage(), byTactic),
          WorkspaceCoverage::plus);
    }
    return new ArrayList<>(workspaces.values());
  }

  private WorkspaceCoverage plus(WorkspaceCoverage other) {
    SortedMap<String, Coverage> both = new TreeMap<>(byTactic);
    other.byTactic.forEach((tactic, of) -> both.merge(tactic, of, Coverage::plus));
    return new WorkspaceCoverage(
        workspace, Math.max(asOf, other.asOf), coverage.plus(other.coverage), both);
  }
}
