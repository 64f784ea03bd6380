package io.mendline.cli.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.pipeline.Source;
import io.mendline.schemas.Finding;
import io.mendline.schemas.FindingKind;
import io.mendline.schemas.Suspect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * An operator's case: the cached share of one model's prompts fell from 70 % to 48 % after one pull
 * request among several, while another model's calls of about 180 tokens can never be cached.
 */
class CacheCaseTest {
  private static final Instant FROM = Instant.parse("2026-05-01T00:00:00Z");
  private static final Instant MERGED = Instant.parse("2026-05-06T10:50:00Z");
  private static final int DAYS = 8;
  private static final Duration EVERY = Duration.ofMinutes(10);

  @Test
  void one_regression_is_found_and_that_pull_request_comes_first() {
    List<SampleMessage> told = new ArrayList<>(usage());
    told.add(change("web#811", "2026-05-05T15:00:00Z", "assistant", "Log the request id"));
    told.add(change("web#812", "2026-05-06T09:40:00Z", "assistant", "Raise the time-out"));
    told.add(change("web#815", MERGED.toString(), "assistant", "Reorder the prompt's sections"));
    told.add(change("web#816", "2026-05-06T12:30:00Z", "assistant", "Fix a typing error"));
    told.add(change("pay#77", "2026-05-06T10:45:00Z", "billing", "Change the prompt"));
    told.sort(Comparator.comparingLong(SampleMessage::eventTime));

    CanonicalResult result = InProcess.run(told);

    assertThat(result.deadLetters()).isEmpty();
    assertThat(result.findings()).hasSize(1);
    Finding finding = result.findings().values().iterator().next();
    assertThat(finding.getKind()).isEqualTo(FindingKind.CACHE_REGRESSION);
    assertThat(finding.getResource().getId()).isEqualTo("assistant/claude-sonnet-4-5");
    assertThat(Instant.parse(finding.getAttributes().get("onset")))
        .isBetween(MERGED.minus(Duration.ofHours(1)), MERGED.plus(Duration.ofHours(1)));
    assertThat(Double.parseDouble(finding.getAttributes().get("before"))).isBetween(0.68, 0.72);
    assertThat(Double.parseDouble(finding.getAttributes().get("after"))).isBetween(0.46, 0.50);
    assertThat(finding.getSuspects()).extracting(Suspect::getChangeId).first().isEqualTo("web#815");
    assertThat(finding.getSuspects())
        .extracting(Suspect::getChangeId)
        .doesNotContain("pay#77", "web#811");
  }

  @Test
  void without_the_fall_nothing_is_found() {
    List<SampleMessage> told =
        usage().stream().filter(message -> message.eventTime() < MERGED.toEpochMilli()).toList();

    assertThat(InProcess.run(told).findings()).isEmpty();
  }

  private static List<SampleMessage> usage() {
    Random random = new Random(48);
    List<SampleMessage> told = new ArrayList<>();
    for (Instant at = FROM; at.isBefore(FROM.plus(Duration.ofDays(DAYS))); at = at.plus(EVERY)) {
      double share = (at.isBefore(MERGED) ? 0.70 : 0.48) + random.nextGaussian() * 0.02;
      long calls = 60L + random.nextInt(30);
      long prompt = calls * 6_200;
      long read = Math.round(prompt * share);
      told.add(usage(at, "claude-sonnet-4-5", calls, prompt - read, read));
      told.add(usage(at, "claude-opus-4-6", 200, 200L * (170 + random.nextInt(20)), 0));
    }
    return told;
  }

  private static SampleMessage usage(Instant at, String model, long calls, long input, long read) {
    String json =
        """
        {"timestamp":"%s","service":"assistant","provider":"anthropic","model":"%s","calls":%d,\
        "usage":{"input_tokens":%d,"cache_read_input_tokens":%d,"cache_creation_input_tokens":0}}"""
            .formatted(at, model, calls, input, read);
    return new SampleMessage(
        Source.CACHE, null, at.toEpochMilli(), json.getBytes(StandardCharsets.UTF_8));
  }

  private static SampleMessage change(String id, String at, String service, String title) {
    String json =
        """
        {"id":"%s","at":"%s","service":"%s","kind":"pull_request","title":"%s"}"""
            .formatted(id, at, service, title);
    return new SampleMessage(
        Source.CHANGES,
        null,
        Instant.parse(at).toEpochMilli(),
        json.getBytes(StandardCharsets.UTF_8));
  }
}
