package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;
import static io.mendline.processors.regression.Scope.change;
import static io.mendline.processors.regression.Scope.millis;
import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.FindingStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.telemetry.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * An operator's case: the fleet's cached share fell. An investigation found that the calls to one
 * model were too small ever to be cached, and that another's fall came from one pull request.
 */
class CacheRegressionStoryTest {
  private static final long MONDAY = millis("2026-05-04T00:00:00Z");
  private static final long FRIDAY_FALL = millis("2026-05-08T14:20:00Z");
  private static final long END = millis("2026-05-10T00:00:00Z");

  private static final Change[] CHANGES = {
    change("dep-17", millis("2026-05-06T10:00:00Z"), "assistant", "deployment", "Release 1.17"),
    change("pr-401", millis("2026-05-08T09:30:00Z"), "assistant", "pull_request", "Retry uploads"),
    change("set-9", millis("2026-05-08T13:10:00Z"), "assistant", "setting", "log level"),
    change(
        "pr-405",
        millis("2026-05-08T14:05:00Z"),
        "assistant",
        "pull_request",
        "Say how to build",
        List.of("README.md")),
    change(
        "pr-407",
        FRIDAY_FALL,
        "assistant",
        "pull_request",
        "Put the date before the instructions",
        List.of("src/prompts/system.txt", "src/assembly.py")),
    change("pr-12", millis("2026-05-08T14:10:00Z"), "billing", "pull_request", "New prompt"),
    change("dep-18", millis("2026-05-08T19:00:00Z"), "assistant", "deployment", "Release 1.18")
  };

  @Test
  void onePullRequestBrokeTheCacheAndSmallCallsAreNoTrouble() {
    // Given a model whose cached share is 70 % until a pull request on Friday at 14:20, 48 % since,
    Random random = new Random(407);
    Scope large = new Scope("assistant", "claude-opus-4-6");
    // and another model that is called with 180 tokens, of which nothing can ever be cached.
    Scope small = new Scope("assistant", "claude-haiku-4-5");
    for (long hour = MONDAY; hour < END; hour += HOUR) {
      for (long call = hour; call < hour + HOUR; call += HOUR / 10) {
        large.call(call, 9_000, (call < FRIDAY_FALL ? 0.70 : 0.48) + 0.03 * random.nextGaussian());
        small.call(call + 60_000, 180, 0);
      }
    }
    List<Message> messages = new ArrayList<>(large.messages());
    messages.addAll(small.messages());
    messages.addAll(Scope.elsewhere(MONDAY, END));

    // when they arrive,
    var result =
        DetectorHarness.of(CacheRegressionDetector::new)
            .changes(CHANGES)
            .withoutJump()
            .run(Disorder.inOrder(messages));

    // then there is one regression, of the first model,
    assertThat(result.found()).hasSize(1);
    Finding finding = result.found().get(0);
    assertThat(finding.getKind()).isEqualTo(FindingKind.CACHE_REGRESSION);
    assertThat(finding.getStatus()).isEqualTo(FindingStatus.RAISED);
    assertThat(finding.getResource().getType()).isEqualTo(ResourceType.CACHE_SCOPE);
    assertThat(finding.getResource().getId()).isEqualTo("assistant/claude-opus-4-6");
    assertThat(finding.getSeverity()).isEqualTo(Severity.HIGH);
    assertThat(finding.getConfidence()).isEqualTo(Confidence.HIGH);
    // since when and by how much,
    assertThat(finding.getWindowStart())
        .isBetween(
            Instant.ofEpochMilli(FRIDAY_FALL - HOUR), Instant.ofEpochMilli(FRIDAY_FALL + HOUR));
    assertThat(finding.getAttributes())
        .containsEntry("onset", finding.getWindowStart().toString())
        .containsEntry("uncacheableShare", "0.0000")
        .containsEntry("model", "claude-opus-4-6")
        .containsEntry("suspectClear", "true");
    assertThat(Double.parseDouble(finding.getAttributes().get("before"))).isBetween(0.69, 0.71);
    // (the hour of the pull request itself is in part as before)
    assertThat(Double.parseDouble(finding.getAttributes().get("after"))).isBetween(0.47, 0.50);
    // told when it had lasted for six hours,
    assertThat(finding.getOccurredAt()).isEqualTo(finding.getWindowStart().plusMillis(6 * HOUR));
    // with the one pull request to blame first, and those that cannot be not at all.
    List<String> suspects = finding.getSuspects().stream().map(Suspect::getChangeId).toList();
    assertThat(suspects.get(0)).isEqualTo("pr-407");
    assertThat(suspects).doesNotContain("dep-17", "pr-405", "pr-12", "dep-18");
    // What it rests on can be looked up, and what follows hears of it once.
    assertThat(finding.getEvidence()).isNotEmpty();
    assertThat(result.settled())
        .extracting(Output.Settled::at)
        .containsExactly(finding.getOccurredAt().toEpochMilli());
    assertThat(finding.getSummary())
        .startsWith("The cached share of the prompts to claude-opus-4-6 in assistant fell from");
  }
}
