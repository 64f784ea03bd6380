package io.mendline.processors.mix;

import static io.mendline.processors.mix.Fleet.DAY;
import static io.mendline.processors.mix.Fleet.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertKind;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service that calls two models, of which one is cached well and the other hardly. */
class MixStoryTest {
  /** Monday, a week later, at 09:00. */
  private static final int ONSET = 7 * DAY + 9;

  @Test
  void more_calls_to_the_model_that_is_hardly_cached_are_a_shift_and_no_regression() {
    // Given a tenth of the prompts to a model of which 20 % is cached, from a Monday on 45 %,
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < ONSET + 3 * DAY; hour++) {
      long small = hour < ONSET ? 100_000 : 450_000;
      fleet.used(hour, "small-model", small, 0.20);
      fleet.used(hour, "large-model", 1_000_000 - small, 0.75);
    }

    // then people are told once, a day later, what came of what.
    List<Alert> notices = fleet.notices();
    assertThat(notices).hasSize(1);
    Alert notice = notices.get(0);
    assertThat(notice.getStatus()).isEqualTo(AlertStatus.RAISED);
    assertThat(notice.getKind()).isEqualTo(AlertKind.NOTICE);
    assertThat(notice.getSeverity()).isEqualTo(Severity.LOW);
    assertThat(notice.getIncidentId()).isNull();
    assertThat(notice.getFindingIds()).isEmpty();
    assertThat(notice.getResource().getType()).isEqualTo(ResourceType.CACHE_SCOPE);
    assertThat(notice.getResource().getId()).isEqualTo("assistant");
    assertThat(notice.getDedupKey()).isEqualTo("assistant/MIX");
    assertThat(notice.getAt()).isEqualTo(Instant.ofEpochMilli(at(ONSET + DAY)));
    assertThat(notice.getTitle())
        .isEqualTo("assistant: cached share down from 70 % to 50 % by a shift of mix");
    assertThat(notice.getMessage())
        .isEqualTo(
            "The cached share of assistant fell from 70 % to 50 % since 2026-03-09T09:00:00Z"
                + " without any scope getting worse: small-model's share of the prompts went from"
                + " 10 % to 45 % (mix −19 points, rate 0). This is no regression: if the shift is"
                + " meant, there is nothing to mend.");
  }

  @Test
  void a_model_that_is_cached_worse_is_for_its_own_finding_to_tell() {
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < ONSET + 3 * DAY; hour++) {
      fleet.used(hour, "small-model", 100_000, 0.20);
      fleet.used(hour, "large-model", 900_000, hour < ONSET ? 0.75 : 0.52);
    }
    assertThat(fleet.notices()).isEmpty();
  }

  @Test
  void where_both_came_together_the_notice_tells_both_parts() {
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < ONSET + 3 * DAY; hour++) {
      boolean fallen = hour >= ONSET;
      fleet.used(hour, "small-model", fallen ? 450_000 : 100_000, 0.20);
      fleet.used(hour, "large-model", fallen ? 550_000 : 900_000, fallen ? 0.60 : 0.75);
    }
    assertThat(fleet.notices())
        .extracting(Alert::getMessage)
        .containsExactly(
            "The cached share of assistant fell from 70 % to 42 % since 2026-03-09T09:00:00Z, in"
                + " part by a shift between its scopes: small-model's share of the prompts went"
                + " from 10 % to 45 % (mix −17 points, rate −11). The cached share of"
                + " large-model alone fell from 75 % to 60 %. Of scopes that got worse their own findings tell.");
  }

  @Test
  void a_second_shift_on_top_updates_the_notice_and_a_share_that_is_back_clears_it() {
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < ONSET + 14 * DAY; hour++) {
      int days = Math.floorDiv(hour - ONSET, DAY);
      long small = days < 0 || days >= 8 ? 100_000 : days < 4 ? 450_000 : 800_000;
      fleet.used(hour, "small-model", small, 0.20);
      fleet.used(hour, "large-model", 1_000_000 - small, 0.75);
    }
    List<Alert> notices = fleet.notices();
    assertThat(notices)
        .extracting(Alert::getStatus)
        .containsExactly(AlertStatus.RAISED, AlertStatus.UPDATED, AlertStatus.CLEARED);
    assertThat(notices).extracting(Alert::getId).containsOnly(notices.get(0).getId());
    assertThat(notices)
        .extracting(Alert::getTitle)
        .containsExactly(
            "assistant: cached share down from 70 % to 50 % by a shift of mix",
            "assistant: cached share down from 50 % to 31 % by a shift of mix",
            "assistant: cached share back at 70 %");
    // Told when it has been back for three days, which no weekend is.
    assertThat(notices.get(2).getAt()).isBetween(time(ONSET + 10 * DAY), time(ONSET + 11 * DAY));
  }

  private static Instant time(int hour) {
    return Instant.ofEpochMilli(at(hour));
  }
}
