package io.mendline.processors.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyBookTest {
  private final PolicyBook book = new PolicyBook();

  @Test
  void an_empty_book_holds_the_built_in_policy() {
    assertThat(book.at(at("2026-06-01"))).isEqualTo(Policies.builtIn());
    assertThat(book.at(Long.MIN_VALUE)).isEqualTo(Policies.builtIn());
  }

  @Test
  void a_version_holds_from_its_time_until_the_next_one() {
    book.put(version("p", "2026-06-03", "mode: auto"));
    book.put(version("p", "2026-06-01", "mode: approval"));

    assertThat(book.at(at("2026-06-01") - 1).mode()).isEqualTo(Mode.DRY_RUN);
    assertThat(book.at(at("2026-06-01")).mode()).isEqualTo(Mode.APPROVAL);
    assertThat(book.at(at("2026-06-03") - 1).mode()).isEqualTo(Mode.APPROVAL);
    assertThat(book.at(at("2026-06-03")).mode()).isEqualTo(Mode.AUTO);
  }

  @Test
  void a_later_version_replaces_the_whole_document() {
    book.put(version("p", "2026-06-01", "{mode: auto, killSwitch: true}"));
    book.put(version("p", "2026-06-02", "{mode: auto}"));

    assertThat(book.at(at("2026-06-02")).killSwitch()).isFalse();
  }

  @Test
  void documents_are_laid_over_each_other_in_the_order_of_their_ids() {
    book.put(version("b", "2026-06-01", "escalateTo: from-b"));
    book.put(version("a", "2026-06-02", "{escalateTo: from-a, mode: auto}"));

    assertThat(book.at(at("2026-06-03")).escalateTo()).isEqualTo("from-b");
    assertThat(book.at(at("2026-06-03")).mode()).isEqualTo(Mode.AUTO);
  }

  @Test
  void the_same_time_again_is_a_correction() {
    book.put(version("p", "2026-06-01", "mode: auto"));
    book.put(version("p", "2026-06-01", "mode: approval"));

    assertThat(book.at(at("2026-06-01")).mode()).isEqualTo(Mode.APPROVAL);
  }

  /** What is in force is not computed anew for each: a thousand would take hours. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void many_documents_are_taken_one_after_the_other() {
    long from = at("2026-06-01");
    for (int i = 0; i < 1_000; i++) {
      String time = Instant.ofEpochMilli(from + i).toString();
      book.put(
          Policies.parse(
              "p" + i,
              "{effectiveAt: \"%s\", escalateTo: \"%s\"}"
                  .formatted(time, i)
                  .getBytes(StandardCharsets.UTF_8)));
    }

    assertThat(book.at(from + 998).escalateTo()).isEqualTo("998");
    assertThat(book.at(from + 999).escalateTo()).isEqualTo("999");
  }

  @Test
  void the_last_eight_versions_are_kept() {
    List<PolicyDocument> versions = List.of();
    for (int day = 1; day <= 10; day++) {
      versions =
          PolicyBook.withVersion(
              versions, version("p", "2026-06-%02d".formatted(day), "escalateTo: day-" + day));
    }

    assertThat(versions).hasSize(PolicyBook.VERSIONS);
    versions.forEach(book::put);
    assertThat(book.at(at("2026-06-02")).escalateTo()).isEqualTo("on-call");
    assertThat(book.at(at("2026-06-03")).escalateTo()).isEqualTo("day-3");
    assertThat(book.at(at("2026-06-30")).escalateTo()).isEqualTo("day-10");
  }

  @Test
  void a_forgotten_document_no_longer_holds() {
    book.put(version("p", "2026-06-01", "mode: auto"));

    book.remove("p");
    book.remove("never-known");

    assertThat(book.at(at("2026-06-02"))).isEqualTo(Policies.builtIn());
  }

  @ParameterizedTest
  @CsvSource({
    "DATABRICKS_JOB/1234/*, DATABRICKS_JOB/1234/77, true",
    "DATABRICKS_JOB/1234/*, DATABRICKS_JOB/12345/77, false",
    "*, anything, true",
    "*, '', true",
    "'', '', true",
    "'', x, false",
    "a*b*c, aXXbYYc, true",
    "a*b*c, aXXbYY, false",
    "*b, aab, true",
    "a**b, ab, true",
    "CLAUDE-*, claude-sonnet-4-5, true",
    "a.c, abc, false",
    "*ab, aaab, true",
    "abc, ab, false",
  })
  void a_pattern_matches(String pattern, String text, boolean matches) {
    assertThat(Globs.matches(pattern, text)).isEqualTo(matches);
  }

  @Test
  void no_text_matches_only_any_text() {
    assertThat(Globs.matches("*", null)).isTrue();
    assertThat(Globs.matches("a*", null)).isFalse();
  }

  private static PolicyDocument version(String id, String from, String body) {
    PolicyDocument document = Policies.parse(id, body.getBytes(StandardCharsets.UTF_8));
    return new PolicyDocument(id, at(from), document.body());
  }

  private static long at(String day) {
    return Instant.parse(day + "T00:00:00Z").toEpochMilli();
  }
}
