package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.JoinedDetector.Parts;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.FindingKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How one analytics rule is and what became of its windows in seven days, put together from all
 * that is kept of it.
 *
 * <p>It is as of the newest health record of any rule of the workspace. So a workspace that is not
 * heard of stands still, and does not look as if it had missed anything (law 3); and the same
 * records give the same report, whenever it is asked for.
 *
 * @param route the workspace's route
 * @param workspace the workspace
 * @param id the rule's id
 * @param name the rule's name; nullable
 * @param health how it is
 * @param openFindings the kinds of the findings about it that are open
 * @param asOf event time of the workspace's newest record, epoch milliseconds
 * @param lastRun end of the newest window that a run looked at, seconds since 1970; {@link #NONE}
 *     for none in seven days
 * @param nextExpected end of the window that is to be run next, seconds since 1970; {@link #NONE}
 *     where none is expected
 * @param timeline its windows, oldest first
 * @param gaps windows that were skipped, oldest first
 * @param coverage how much of what was expected it has looked at
 * @param dropped how many of its windows, or stretches of them, could not be kept
 */
public record RuleReport(
    String route,
    String workspace,
    String id,
    String name,
    RuleHealthStatus health,
    Set<FindingKind> openFindings,
    long asOf,
    long lastRun,
    long nextExpected,
    List<Stretch> timeline,
    List<Gap> gaps,
    Coverage coverage,
    long dropped) {
  /** No such instant. */
  public static final long NONE = -1;

  /**
   * The reports of rules, by route and id.
   *
   * @param states what is kept of Sentinel resources; of each workspace in it all, or the reports
   *     are as of an earlier time
   */
  public static List<RuleReport> of(Map<StateKey, Parts> states) {
    Map<StateKey, Parts> rules = new TreeMap<>();
    Map<String, Long> newest = new HashMap<>();
    states.forEach(
        (key, parts) -> {
          RuleHistory history = parts.of(RuleHistory.class);
          // Of a rule of which only the audit has told it is not known whether it ever ran.
          if (history != null && history.newest() >= 0) {
            rules.put(key, parts);
            newest.merge(key.route(), history.newest(), Math::max);
          }
        });
    List<RuleReport> reports = new ArrayList<>();
    rules.forEach((key, parts) -> reports.add(of(key, parts, newest.get(key.route()))));
    return reports;
  }

  private static RuleReport of(StateKey key, Parts parts, long asOf) {
    RuleHistory history = parts.of(RuleHistory.class);
    List<Stretch> timeline =
        RuleTimeline.of(history, parts.of(RuleCadence.class), Math.floorDiv(asOf, 1_000L));
    Set<FindingKind> open = openFindings(parts);
    RuleHealthStatus health = health(history, timeline, open);
    boolean off = health == RuleHealthStatus.AUTO_DISABLED || health == RuleHealthStatus.DISABLED;
    return new RuleReport(
        key.route(),
        key.route().substring(key.route().indexOf(':') + 1),
        key.id(),
        history.name,
        health,
        open,
        asOf,
        lastRun(timeline),
        off ? NONE : nextExpected(timeline),
        timeline,
        Gap.of(timeline),
        Coverage.of(timeline),
        history.dropped);
  }

  private static Set<FindingKind> openFindings(Parts parts) {
    Set<FindingKind> open = EnumSet.noneOf(FindingKind.class);
    RuleHealth health = parts.of(RuleHealth.class);
    if (health != null) {
      health.open.forEach(trouble -> open.add(trouble.kind));
    }
    RuleWindows windows = parts.of(RuleWindows.class);
    RuleCadence cadence = parts.of(RuleCadence.class);
    boolean skipped =
        windows != null
            && windows.troubled().values().stream()
                .anyMatch(window -> window.skipped() && !window.cleared());
    boolean absent =
        cadence != null
            && cadence.absent.stream().anyMatch(each -> each.clearedAt == RuleCadence.NEVER);
    if (skipped || absent) {
      open.add(FindingKind.SKIPPED_WINDOW);
    }
    return open;
  }

  private static RuleHealthStatus health(
      RuleHistory history, List<Stretch> timeline, Set<FindingKind> open) {
    Stretch last = lastJudged(timeline);
    if (open.contains(FindingKind.RULE_AUTO_DISABLED)) {
      return RuleHealthStatus.AUTO_DISABLED;
    }
    if (open.contains(FindingKind.RULE_DISABLED) || isOff(history)) {
      return RuleHealthStatus.DISABLED;
    }
    if (last != null && last.logged() && !last.status().ran()) {
      return RuleHealthStatus.FAILING;
    }
    if (last != null && last.status() == WindowStatus.SKIPPED) {
      return RuleHealthStatus.QUIET;
    }
    if (open.contains(FindingKind.RULE_DELAYED)) {
      return RuleHealthStatus.DELAYED;
    }
    if (open.contains(FindingKind.RULE_DEGRADED)) {
      return RuleHealthStatus.DEGRADED;
    }
    return last == null || last.status() == WindowStatus.UNKNOWN
        ? RuleHealthStatus.UNKNOWN
        : RuleHealthStatus.OK;
  }

  /** Whether it was switched off and no record of a run has come since. */
  private static boolean isOff(RuleHistory history) {
    if (history.nrt()) {
      long told = Math.max(history.seen.end(), history.failed.end());
      return history.disabled.end() > told || history.off.higher(told) != null;
    }
    if (history.segments.isEmpty()) {
      return !history.off.isEmpty();
    }
    RuleHistory.Segment last = history.segments.get(history.segments.size() - 1);
    boolean ran = (last.marks() & (RuleHistory.SUCCEEDED | RuleHistory.PARTLY)) != 0;
    return (!ran && (last.marks() & RuleHistory.DISABLED) != 0)
        || history.off.higher(last.last()) != null;
  }

  /** The newest windows of which it can be said what became of them; null for none. */
  private static Stretch lastJudged(List<Stretch> timeline) {
    for (int i = timeline.size() - 1; i >= 0; i--) {
      if (timeline.get(i).status() != WindowStatus.PENDING) {
        return timeline.get(i);
      }
    }
    return null;
  }

  private static long lastRun(List<Stretch> timeline) {
    for (int i = timeline.size() - 1; i >= 0; i--) {
      if (timeline.get(i).status().ran()) {
        return timeline.get(i).end();
      }
    }
    return NONE;
  }

  /** The window after the last that a record speaks of. */
  private static long nextExpected(List<Stretch> timeline) {
    for (int i = timeline.size() - 1; i >= 0; i--) {
      Stretch stretch = timeline.get(i);
      if (stretch.logged() && stretch.step() > 0) {
        return stretch.end() + stretch.step();
      }
    }
    return NONE;
  }
}
