package io.mendline.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.Mendline;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo in one go: the day is played through a broker, and the story is told to its end. */
class DemoTest {
  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void the_day_is_found_diagnosed_mended_and_escalated() {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int code = Mendline.run(new PrintWriter(out), new PrintWriter(err), "demo", "--exit");

    assertThat(err.toString()).isEmpty();
    List<String> story = out.toString().lines().toList();
    assertThat(story).noneMatch(line -> line.contains("\u001b"));
    assertThat(words(story))
        // A cloud that failed: repaired, and proven by telemetry before it counts as resolved.
        .containsSubsequence(
            "found RUN_FAILED bronze_orders_ingest, run 9920113",
            "diagnosed transient, platform The cloud provider failed",
            "commanded REPAIR_RUN bronze_orders_ingest, attempt 1 of 3",
            "reported REPAIR_RUN bronze_orders_ingest: every task has succeeded",
            "verified RUN_FAILED bronze_orders_ingest: healthy again")
        .anyMatch(line -> line.startsWith("resolved REPAIR_RUN bronze_orders_ingest by attempt 1"))
        // A repository that stays away: three attempts, then people.
        .containsSubsequence(
            "commanded REPAIR_RUN gold_revenue_refresh, attempt 1 of 3",
            "commanded REPAIR_RUN gold_revenue_refresh, attempt 2 of 3",
            "commanded REPAIR_RUN gold_revenue_refresh, attempt 3 of 3",
            "escalated ATTEMPTS_EXHAUSTED gold_revenue_refresh -> data-on-call: all 3 attempts are"
                + " used up")
        // A window that nobody watched: replayed, and seen to have been.
        .containsSubsequence(
            "found SKIPPED_WINDOW Contoso - Firewall deny burst, window 14:00 to 15:00",
            "commanded REPLAY_WINDOW Contoso - Firewall deny burst, attempt 1 of 1",
            "reported REPLAY_WINDOW Contoso - Firewall deny burst: the rule ran again",
            "verified SKIPPED_WINDOW Contoso - Firewall deny burst: healthy again")
        // A prompt in another order: a person decides, and the cache recovers.
        .anyMatch(line -> line.startsWith("diagnosed suspect, 1.00 contoso/assistant-api#1482"))
        .containsSubsequence(
            "asked ROLLBACK_CHANGE assistant-api/claude-sonnet-4-5: approve? -> assistant-on-call",
            "approved ROLLBACK_CHANGE assistant-api/claude-sonnet-4-5 by"
                + " dana.okafor@contoso.example: \"Agreed, the new order can wait.\"",
            "commanded ROLLBACK_CHANGE assistant-api/claude-sonnet-4-5, attempt 1 of 1",
            "verifying ROLLBACK_CHANGE assistant-api/claude-sonnet-4-5: done; telemetry has to"
                + " prove it",
            "verified CACHE_REGRESSION assistant-api/claude-sonnet-4-5: healthy again")
        // A node that is hot while its pool is not: a person decides, and it cools.
        .containsSubsequence(
            "found HOT_NODE The hottest node of search-index is at 90.1 % of cpu_percent (95th"
                + " percentile of 12 hours), the pool at 20.58 % on average: mostly search-index-2",
            "asked REBALANCE_POOL search-index: approve? -> search-on-call",
            "approved REBALANCE_POOL search-index by ines.moreau@contoso.example: \"Go ahead,"
                + " Litware's catalogue stays that large.\"",
            "commanded REBALANCE_POOL search-index, attempt 1 of 1",
            "reported REBALANCE_POOL search-index: 3 members moved off search-index-2",
            "verifying REBALANCE_POOL search-index: done; telemetry has to prove it",
            "verified HOT_NODE search-index: healthy again")
        .anyMatch(line -> line.startsWith("resolved REBALANCE_POOL search-index by attempt 1"))
        // What nobody can mend by a command is told.
        .containsSubsequence(
            "found LOAD_SKEW The requests of gateway are out of balance: gateway-3 has all of them,"
                + " too few for gateway-1, none for gateway-2",
            "diagnosed permanent, configuration One member of the pool has all of the load",
            "found METRIC_BREACHED The metric faithfulness of staffing-assistant is below its floor"
                + " of 0.75: 0.721 since 17:00")
        .anyMatch(
            line ->
                line.startsWith(
                    "escalated MISSING_EVIDENCE sql-warehouse-bi/disk_cache_hit_ratio ->"
                        + " data-on-call: no change near the onset explains it"))
        // A rule that a person has switched off.
        .contains(
            "found RULE_DISABLED Rule Contoso - Break-glass account sign-in was disabled by"
                + " mira.lindqvist@contoso.example; it detects nothing")
        // The same cause for the third time.
        .contains("recurring RECURRING the same cause keeps coming back -> data-on-call");
    assertThat(story)
        .contains(
            "  findings       1 CACHE_REGRESSION, 1 HOT_NODE, 1 LOAD_SKEW, 1 METRIC_BREACHED,"
                + " 1 METRIC_REGRESSION, 1 RECURRING_ROOT_CAUSE, 1 RULE_DISABLED, 7 RUN_FAILED,"
                + " 3 SKIPPED_WINDOW",
            "  incidents      11 ESCALATED, 6 RESOLVED",
            "  commands       1 REBALANCE_POOL, 6 REPAIR_RUN, 2 REPLAY_WINDOW, 1 ROLLBACK_CHANGE",
            "  alerts         2 APPROVAL_REQUEST, 7 ESCALATION, 4 NOTICE, 1 RECURRING");
    assertThat(code).isZero();
  }

  /** The lines without the time of day and with single spaces. */
  private static List<String> words(List<String> story) {
    return story.stream()
        .filter(line -> line.matches("\\d\\d:\\d\\d  .*"))
        .map(line -> line.substring(7).replaceAll(" +", " "))
        .toList();
  }
}
