package io.mendline.processors.regression;

import io.mendline.processors.policy.Policy;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.telemetry.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ranks the changes around the onset of a cache's regression. Pure.
 *
 * <p>A score is closeness times relevance, both 0 to 1. Closeness is 1 within a bin before the
 * onset, as an onset is told to the bin; it falls in a straight line to a tenth at the far end of
 * the window. A change that comes later in the onset's bin loses up to half, one that comes after
 * that bin can hardly be the cause. Relevance starts from the kind of the change; what its title,
 * paths or labels say of prompts, templates, models or caches raises it, because a prompt cache
 * breaks when the common beginning of the prompts changes; nothing but documents lowers it. So a
 * deployment at the onset of which nothing else is known can be a clear suspect when it stands
 * alone, and yields to one that touches prompts.
 */
final class Blame {
  /** At most so many suspects are named. */
  static final int SUSPECTS = 5;

  private static final double FAR = 0.1;
  private static final double END_OF_BIN = 0.5;
  private static final double AFTER_BIN = 0.1;
  private static final double TOUCHES_PROMPTS = 0.35;
  private static final double DOCUMENTS = 0.15;

  /** How likely a change of a kind reaches what runs; other kinds as {@link #OTHER_KIND}. */
  private static final Map<String, Double> KINDS =
      Map.of(
          "deployment", 0.65,
          "pull_request", 0.65,
          "release", 0.65,
          "merge", 0.65,
          "commit", 0.6,
          "config", 0.5,
          "setting", 0.5,
          "docs", DOCUMENTS,
          "documentation", DOCUMENTS);

  private static final double OTHER_KIND = 0.45;

  /** Words of what decides about a prompt's beginning. Parts of words count: {@code prompts/}. */
  private static final List<String> PROMPT_WORDS =
      List.of("prompt", "template", "cache", "caching", "prefix", "llm", "system message");

  /** Endings of paths that do not run. */
  private static final List<String> DOCUMENT_ENDINGS = List.of(".md", ".rst", ".adoc", ".txt");

  private Blame() {}

  /**
   * A change that may be to blame, in the words that a finding needs.
   *
   * @param changeId the change's id
   * @param at when it took effect, epoch milliseconds
   * @param title its title; where it has none, its kind and id
   * @param url where a person can look; nullable
   * @param score 0 to 1, four decimals
   */
  record Culprit(String changeId, long at, String title, String url, double score) {
    /** As a finding names it. */
    Suspect suspect() {
      return Suspect.newBuilder()
          .setChangeId(changeId)
          .setAt(Instant.ofEpochMilli(at))
          .setTitle(title)
          .setUrl(url)
          .setScore(score)
          .build();
    }

    private static final Comparator<Culprit> MOST_LIKELY_FIRST =
        Comparator.comparingDouble(Culprit::score)
            .reversed()
            .thenComparing(Culprit::changeId)
            .thenComparingLong(Culprit::at)
            .thenComparing(Culprit::title);
  }

  /**
   * The suspects, most likely first; a change told in several versions is named once.
   *
   * @param onset start of the onset's bin, epoch milliseconds
   * @param bin length of that bin, milliseconds
   * @param model the model of the scope; a change that names it is more relevant
   */
  static List<Culprit> rank(
      List<Change> changes, long onset, long bin, String model, Policy.Blame rules) {
    Map<String, Culprit> best = new TreeMap<>();
    for (Change change : changes) {
      double score = closeness(change.at(), onset, bin, rules) * relevance(change, model);
      Culprit culprit =
          new Culprit(change.id(), change.at(), title(change), change.url(), Figures.round(score));
      if (culprit.score() >= rules.minimumScore()) {
        best.merge(
            change.id(), culprit, (a, b) -> Culprit.MOST_LIKELY_FIRST.compare(a, b) <= 0 ? a : b);
      }
    }
    List<Culprit> ranked = new ArrayList<>(best.values());
    ranked.sort(Culprit.MOST_LIKELY_FIRST);
    return List.copyOf(ranked.subList(0, Math.min(SUSPECTS, ranked.size())));
  }

  /** Whether the first suspect stands out so that undoing it may be proposed. */
  static boolean isClear(List<Culprit> ranked, Policy.Blame rules) {
    if (ranked.isEmpty() || ranked.get(0).score() < rules.clearScore()) {
      return false;
    }
    double next = ranked.size() == 1 ? 0 : ranked.get(1).score();
    return ranked.get(0).score() - next >= rules.clearMargin();
  }

  private static double closeness(long at, long onset, long bin, Policy.Blame rules) {
    if (at >= onset + bin) {
      return AFTER_BIN;
    }
    if (at > onset) {
      return 1 - (1 - END_OF_BIN) * (at - onset) / bin;
    }
    double far = Math.max(1, rules.before().toMillis() - bin);
    double away = Math.max(0, onset - bin - at);
    return 1 - (1 - FAR) * Math.min(1, away / far);
  }

  private static double relevance(Change change, String model) {
    String kind = change.kind() == null ? "" : change.kind();
    double relevance = KINDS.getOrDefault(kind, OTHER_KIND);
    if (touchesPrompts(change, model)) {
      return Math.min(1, relevance + TOUCHES_PROMPTS);
    }
    boolean documents =
        !change.files().isEmpty() && change.files().stream().allMatch(Blame::isDocument);
    return documents ? Math.min(DOCUMENTS, relevance) : relevance;
  }

  private static boolean touchesPrompts(Change change, String model) {
    return speaksOfPrompts(change.title(), model)
        || change.files().stream().anyMatch(path -> speaksOfPrompts(path, model))
        || change.labels().stream().anyMatch(label -> speaksOfPrompts(label, model));
  }

  private static boolean speaksOfPrompts(String text, String model) {
    if (text == null) {
      return false;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return PROMPT_WORDS.stream().anyMatch(lower::contains)
        || lower.contains(model.toLowerCase(Locale.ROOT));
  }

  private static boolean isDocument(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return lower.startsWith("docs/") || DOCUMENT_ENDINGS.stream().anyMatch(lower::endsWith);
  }

  private static String title(Change change) {
    if (change.title() != null) {
      return change.title();
    }
    return (change.kind() == null ? "change" : change.kind()) + " " + change.id();
  }
}
