package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service whose calls move to another model, or whose cache breaks, or both, as it reports it.
 */
class MixStoryOfRecordsTest {
  private static final Instant MONDAY = Instant.parse("2026-03-02T00:00:00Z");
  private static final int ONSET = 8 * 24 + 9;
  private static final int HOURS = ONSET + 36;

  /** What one call to a model reported, or several. */
  private record Reported(Instant at, String model, long prompt, double share) {
    String json() {
      long cached = Math.round(prompt * share);
      return String.format(
          "{\"timestamp\": \"%s\", \"service\": \"assistant\", \"provider\": \"anthropic\","
              + " \"model\": \"%s\", \"calls\": 5, \"usage\": {\"input_tokens\": %d,"
              + " \"cache_read_input_tokens\": %d, \"cache_creation_input_tokens\": 0}}",
          at, model, prompt - cached, cached);
    }
  }

  @Test
  void a_shift_of_mix_is_one_notice_and_no_finding_and_no_incident() {
    StoryRuntime story = told(inOrder(reported(true, false)));

    assertThat(story.findings).isEmpty();
    assertThat(story.incidents).isEmpty();
    assertThat(story.alerts).hasSize(1);
    Alert notice = story.alerts.get(0);
    assertThat(notice.getKind()).isEqualTo(AlertKind.NOTICE);
    assertThat(notice.getAt()).isEqualTo(MONDAY.plus(Duration.ofHours(ONSET + 24)));
    assertThat(notice.getMessage())
        .startsWith(
            "The cached share of assistant fell from 70 % to 50 % since 2026-03-10T09:00:00Z without"
                + " any scope getting worse: claude-sonnet-4-6's share of the prompts went from 10 %"
                + " to 45 % (mix −19 points, rate 0).");
  }

  @Test
  void a_model_whose_cache_broke_is_its_own_finding_and_no_notice() {
    StoryRuntime story = told(inOrder(reported(false, true)));

    assertThat(story.findings.values())
        .extracting(Finding::getKind, finding -> finding.getResource().getId())
        .containsExactly(tuple(FindingKind.CACHE_REGRESSION, "assistant/claude-opus-4-6"));
    assertThat(story.alerts).extracting(Alert::getKind).doesNotContain(AlertKind.NOTICE);
  }

  @Test
  void of_both_the_finding_tells_one_part_and_the_notice_both() {
    StoryRuntime story = told(inOrder(reported(true, true)));

    assertThat(story.findings).hasSize(1);
    assertThat(story.alerts)
        .filteredOn(alert -> alert.getKind() == AlertKind.NOTICE)
        .singleElement()
        .satisfies(
            notice ->
                assertThat(notice.getMessage())
                    .contains("in part by a shift between its scopes")
                    .contains("claude-opus-4-6 alone fell from 75 % to 55 %"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void the_order_in_which_scopes_are_heard_changes_nothing(long seed) {
    List<Reported> reported = reported(true, true);
    Random random = new Random(seed);
    List<Reported> twice = new ArrayList<>(reported);
    reported.stream().filter(one -> random.nextInt(5) == 0).forEach(twice::add);

    StoryRuntime disordered = told(late(twice, random));
    StoryRuntime ordered = told(inOrder(reported));

    assertThat(disordered.alerts.stream().filter(MixStoryOfRecordsTest::isNotice).toList())
        .hasSize(1)
        .isEqualTo(ordered.alerts.stream().filter(MixStoryOfRecordsTest::isNotice).toList());
    assertThat(disordered.findings.keySet()).isEqualTo(ordered.findings.keySet());
  }

  private static boolean isNotice(Alert alert) {
    return alert.getKind() == AlertKind.NOTICE;
  }

  /**
   * Early and late in each hour, so that disorder can make scopes close their bins in any order.
   */
  private static List<Reported> reported(boolean shifts, boolean breaks) {
    List<Reported> all = new ArrayList<>();
    for (int hour = 0; hour < HOURS; hour++) {
      boolean since = hour >= ONSET;
      long small = shifts && since ? 225_000 : 50_000;
      for (int minute : new int[] {1, 58}) {
        Instant at = MONDAY.plus(Duration.ofHours(hour)).plus(Duration.ofMinutes(minute));
        all.add(new Reported(at, "claude-sonnet-4-6", small, 0.20));
        all.add(
            new Reported(
                at.plusSeconds(20),
                "claude-opus-4-6",
                500_000 - small,
                breaks && since ? 0.55 : 0.75));
      }
    }
    return all;
  }

  private static List<Reported> inOrder(List<Reported> reported) {
    return reported.stream().sorted(Comparator.comparing(Reported::at)).toList();
  }

  /** Each up to five minutes late. */
  private static List<Reported> late(List<Reported> reported, Random random) {
    record Delayed(Instant at, Reported one) {}
    return reported.stream()
        .map(one -> new Delayed(one.at().plusMillis(random.nextInt(299_000)), one))
        .sorted(Comparator.comparing(Delayed::at))
        .map(Delayed::one)
        .toList();
  }

  private static StoryRuntime told(List<Reported> reported) {
    StoryRuntime story = new StoryRuntime();
    LocalRuntime runtime = StoryRuntime.acting(story::note);
    Instant newest = MONDAY;
    for (int i = 0; i < reported.size(); i++) {
      newest = newest.isAfter(reported.get(i).at()) ? newest : reported.get(i).at();
      runtime.accept(
          Decoded.of(
              new RawMessage(
                  Source.CACHE,
                  new Coordinates("cache", 0, i),
                  newest.toEpochMilli() + 1_000,
                  null,
                  reported.get(i).json().getBytes(UTF_8))));
    }
    return story;
  }
}
