package io.mendline.processors.mix;

import static io.mendline.processors.mix.Fleet.DAY;
import static io.mendline.processors.mix.Fleet.HOUR;
import static io.mendline.processors.mix.Fleet.at;
import static io.mendline.processors.mix.Fleet.bin;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Alert;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is a lasting shift of mix, and what only looks like one. */
class MixEdgesTest {
  private static final int WEEK = 7 * DAY;

  /** Tokens in an hour, of the model of which 20 % is cached and of the one of which 75 % is. */
  private interface Hours {
    long[] of(int hour);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fleets")
  void tells(String name, int hours, Hours used, List<String> expected) {
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < hours; hour++) {
      long[] tokens = used.of(hour);
      fleet.used(hour, "small", tokens[0], 0.20);
      fleet.used(hour, "large", tokens[1], 0.75);
    }
    assertThat(fleet.notices().stream().map(MixEdgesTest::told)).isEqualTo(expected);
  }

  static Stream<Arguments> fleets() {
    List<String> nothing = List.of();
    return Stream.of(
        of("a mix that stays", 21 * DAY, hour -> mix(0.1), nothing),
        of("nights", 21 * DAY, hour -> mix(hour % DAY < 8 ? 0.8 : 0.1), nothing),
        of(
            "weekends, the first among them",
            28 * DAY,
            hour -> mix(weekend(hour) ? 0.8 : 0.1),
            nothing),
        of(
            "long weekends from Friday evening to Monday morning",
            28 * DAY,
            hour -> mix((hour + WEEK - 4 * DAY - 18) % WEEK < 62 ? 0.8 : 0.1),
            nothing),
        of(
            "calls in office hours only, with weekends without any",
            21 * DAY,
            hour -> office(hour) ? mix(0.1) : new long[] {0, 0},
            nothing),
        of(
            "a batch of twenty hours",
            21 * DAY,
            hour -> mix(hour >= 9 * DAY && hour < 9 * DAY + 20 ? 0.8 : 0.1),
            nothing),
        of(
            "a shift in the second week, told a day later",
            14 * DAY,
            hour -> mix(hour < 8 * DAY + 5 ? 0.1 : 0.45),
            List.of("RAISED 9d05 70 % to 50 %")),
        of(
            "the same with nights of another mix",
            14 * DAY,
            hour -> mix((hour % DAY < 8 ? 0.4 : 0.1) + (hour < 8 * DAY + 5 ? 0 : 0.35)),
            List.of("RAISED 9d05 64 % to 45 %")),
        of(
            "the same in office hours, on a Monday",
            10 * DAY,
            hour -> office(hour) ? mix(hour < 7 * DAY ? 0.1 : 0.45) : new long[] {0, 0},
            List.of("RAISED 8d10 70 % to 50 %")),
        of(
            "a shift in the first week, told when it is no weekend",
            14 * DAY,
            hour -> mix(hour < 2 * DAY ? 0.1 : 0.45),
            List.of("RAISED 6d00 70 % to 50 %")),
        of(
            "a shift that a weekend comes on top of",
            24 * DAY,
            hour -> mix((hour < 9 * DAY ? 0.1 : 0.4) + (weekend(hour) ? 0.35 : 0)),
            List.of("RAISED 10d00 70 % to 53 %")),
        of(
            "a shift, and weekends on which the share is as before",
            24 * DAY,
            hour -> mix(hour < 9 * DAY || weekend(hour) ? 0.1 : 0.45),
            List.of("RAISED 10d00 70 % to 50 %")),
        of(
            "a shift below the least effect",
            14 * DAY,
            hour -> mix(hour < 8 * DAY ? 0.1 : 0.27),
            nothing),
        of(
            "too few tokens to judge by",
            14 * DAY,
            hour -> hour < 8 * DAY ? new long[] {1_000, 9_000} : new long[] {4_500, 5_500},
            nothing),
        of(
            "a scope that appears",
            14 * DAY,
            hour -> hour < 8 * DAY ? new long[] {0, 1_000_000} : new long[] {600_000, 900_000},
            List.of("RAISED 9d00 75 % to 53 %")),
        of(
            "a scope that disappears",
            14 * DAY,
            hour -> hour < 8 * DAY ? new long[] {400_000, 600_000} : new long[] {400_000, 0},
            List.of("RAISED 9d00 53 % to 20 %")),
        of(
            "a share that comes back",
            20 * DAY,
            hour -> mix(hour < 8 * DAY || hour >= 12 * DAY ? 0.1 : 0.45),
            List.of("RAISED 9d00 70 % to 50 %", "CLEARED 14d18 70 %")));
  }

  @Test
  void a_service_that_is_no_longer_called_is_taken_back_and_forgotten() {
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < 10 * DAY; hour++) {
      long small = hour < 8 * DAY ? 100_000 : 450_000;
      fleet.used(hour, "small", small, 0.20).used(hour, "large", 1_000_000 - small, 0.75);
    }
    var result = Fleet.harness().run(fleet.messages());
    assertThat(Fleet.notices(result))
        .extracting(alert -> alert.getStatus() + " " + alert.getTitle())
        .containsExactly(
            "RAISED assistant: cached share down from 70 % to 50 % by a shift of mix",
            "CLEARED assistant: no longer called");
    assertThat(result.keys()).isZero();
  }

  @Test
  void bins_of_half_an_hour_and_of_two_hours_are_hours_all_the_same() {
    for (Duration length : List.of(Duration.ofMinutes(30), Duration.ofHours(2))) {
      List<Message> messages = new ArrayList<>();
      long step = length.toMillis();
      for (long start = at(0); start < at(10 * DAY); start += step) {
        long small = start < at(8 * DAY) ? 100_000 : 450_000;
        messages.add(bin("small", start, step, small, small / 5));
        messages.add(bin("large", start, step, 1_000_000 - small, (1_000_000 - small) * 3 / 4));
      }
      assertThat(Fleet.notices(Fleet.harness().withoutJump().run(messages)))
          .as("bins of %s", length)
          .extracting(MixEdgesTest::told)
          .containsExactly("RAISED 9d00 70 % to 50 %");
    }
  }

  @Test
  void a_policy_that_asks_for_more_is_told_less() {
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < 12 * DAY; hour++) {
      long small = hour < 8 * DAY ? 100_000 : 450_000;
      fleet.used(hour, "small", small, 0.20).used(hour, "large", 1_000_000 - small, 0.75);
    }
    assertThat(told(fleet, "cache: {minimumDrop: 0.25}")).isEmpty();
    assertThat(told(fleet, "cache: {persistence: P2D}"))
        .containsExactly("RAISED 10d00 70 % to 50 %");
  }

  @Test
  void of_many_scopes_the_smallest_are_one() {
    // Given two large models and thirty small ones, which together become half of the prompts.
    Fleet fleet = new Fleet();
    for (int hour = 0; hour < 10 * DAY; hour++) {
      for (int model = 0; model < 30; model++) {
        fleet.used(hour, "small-" + model, hour < 8 * DAY ? 1_000 : 30_000, 0.10);
      }
      fleet.used(hour, "large-a", 500_000, 0.75).used(hour, "large-b", 500_000, 0.75);
    }
    var result = Fleet.harness().withoutJump().run(fleet.messages());
    List<Alert> notices = Fleet.notices(result);
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0).getMessage())
        .contains("all other scopes' share of the prompts went from 2 % to")
        .contains("rate 0)");
    assertThat(result.largestEntry()).isLessThan(24 * 1024);
  }

  @Test
  void of_bins_that_wait_more_than_are_kept_the_latest_go_and_that_is_audited() {
    List<Message> messages = new ArrayList<>();
    for (int hour = 0; hour < 50; hour++) {
      for (int model = 0; model < 100; model++) {
        messages.add(bin("model-" + model, at(hour), HOUR, 100_000_000, 70_000_000));
      }
    }
    var result = Fleet.harness().watermarkEvery(Integer.MAX_VALUE).withoutJump().run(messages);
    assertThat(result.of(Output.Noted.class))
        .extracting(noted -> noted.entry().getDetail().get("dropped"))
        .containsExactly("1", "2", "4", "8", "16", "32", "64", "128", "256", "512");
    assertThat(result.largestEntry()).isLessThan(84 * 1024);
  }

  private static List<String> told(Fleet fleet, String policy) {
    PolicyBook book = new PolicyBook();
    book.put(Policies.parse("test", policy.getBytes(UTF_8)));
    DetectorHarness.Result result =
        Fleet.harness().policies(book).withoutJump().run(fleet.messages());
    return Fleet.notices(result).stream().map(MixEdgesTest::told).toList();
  }

  private static Arguments of(String name, int hours, Hours used, List<String> expected) {
    return Arguments.of(name, hours, used, expected);
  }

  /** A million tokens, so much of them to the small model. */
  private static long[] mix(double small) {
    long tokens = Math.round(1_000_000 * small);
    return new long[] {tokens, 1_000_000 - tokens};
  }

  private static boolean weekend(int hour) {
    return hour / DAY % 7 >= 5;
  }

  private static boolean office(int hour) {
    return !weekend(hour) && hour % DAY >= 9 && hour % DAY < 18;
  }

  /** Status, when (day and hour), and the percentages. */
  private static String told(Alert alert) {
    long hours = (alert.getAt().toEpochMilli() - Fleet.START) / HOUR;
    String percents =
        alert
            .getTitle()
            .replaceAll(".*(down from|back at) ", "")
            .replaceAll(" by a shift of mix", "");
    return String.format("%s %dd%02d %s", alert.getStatus(), hours / DAY, hours % DAY, percents);
  }
}
