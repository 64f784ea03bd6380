package io.mendline.processors.regression;

import io.mendline.processors.policy.Globs;
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
import java.util.regex.Pattern;

/**
 * Ranks the changes around the onset of a cache's regression. Pure.
 *
 * <p>A score is closeness times relevance times reach times spread, each 0 to 1. Closeness is 1 for
 * what took effect when the fall may have happened, or before it by no longer than changes take to
 * show; it halves with each more such time before, and four times as fast after; all of it is half
 * as much where it is hardly known when the fall happened. Relevance starts from the kind of the
 * change; files that prompts are made of raise it, and so, a little less, does what its title,
 * paths or labels say of prompts, templates, models or caches, because a prompt cache breaks when
 * the common beginning of the prompts changes; other files lower it, and nothing but documents
 * lowers it most. Reach is 1 unless the change says that it went elsewhere: it names models and the
 * scope's is not among them, or it was deployed to another environment. Spread is 1 where the other
 * scopes of the service that the change did not reach stayed healthy, and less where they fell as
 * well. So a deployment at the onset of which nothing else is known can be a clear suspect when it
 * stands alone, and yields to one that touches prompts.
 */
final class Blame {
  /** At most so many suspects are named. */
  static final int SUSPECTS = 5;

  /** After the fall, so many times faster than before it a change gets less likely to blame. */
  private static final double TOO_LATE = 4;

  /** It is not known to some hours when the level fell: many a change was near by chance. */
  private static final double VAGUE = 0.5;

  private static final double TOUCHES_PROMPTS = 0.35;
  private static final double SPEAKS_OF_PROMPTS = 0.3;

  /** Its files are known and say nothing of prompts: then a title is only words. */
  private static final double ONLY_WORDS = 0.15;

  private static final double OTHER_MODEL = 0.15;
  private static final double OTHER_ENVIRONMENT = 0.2;

  /** Not where people are served, of a scope that does not say which environment it is in. */
  private static final double TRIAL_ENVIRONMENT = 0.3;

  /** All other scopes that did not get it fell as well: then something else has come to all. */
  private static final double FELL_WITHOUT = 0.4;

  private static final double DOCUMENTS = 0.15;

  /** Its files are known, and none is of prompts: possible, but nothing to undo it for. */
  private static final double OTHER_FILES = 0.4;

  /** How likely a change of a kind reaches what runs; other kinds as {@link #OTHER_KIND}. */
  private static final Map<String, Double> KINDS =
      Map.of(
          "deployment", 0.65,
          "pull_request", 0.65,
          "release", 0.65,
          "bundle_deployment", 0.65,
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

  private static final String ENVIRONMENT = "environment:";

  /** Usual words for one environment; all but the first line are trials. */
  private static final List<List<String>> ENVIRONMENTS =
      List.of(
          List.of("production", "prod", "prd", "live"),
          List.of("staging", "stage", "stg", "preprod", "pre-production"),
          List.of("test", "testing", "qa", "tst"),
          List.of("development", "dev", "sandbox"),
          List.of("preview", "review"));

  /** What parts words; a model's name has letters, digits, points and dashes. */
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9._-]+");

  private static final Pattern DIGIT = Pattern.compile("[0-9]");

  private Blame() {}

  /**
   * The scope whose ratio fell.
   *
   * @param model its model
   * @param environment its environment; nullable
   * @param rules by which the names of models are known
   */
  record Scope(String model, String environment, Policy.Cache rules) {
    /** The model in lower case. */
    private String modelName() {
      return model.toLowerCase(Locale.ROOT);
    }
  }

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
   * @param when the fall may have happened
   * @param scope the cache's scope that fell; null of any other metric, for which prompts and
   *     models say nothing
   * @param neighbours other scopes of the service, as far as anything is known of them
   */
  static List<Culprit> rank(
      List<Change> changes,
      When when,
      Scope scope,
      List<Neighbour> neighbours,
      Policy.Blame rules) {
    Map<String, Culprit> best = new TreeMap<>();
    for (Change change : changes) {
      double score =
          closeness(change.at(), when, rules)
              * relevance(change, scope, rules)
              * (scope == null ? 1 : reach(change, scope))
              * spread(change, neighbours);
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

  private static double closeness(long at, When when, Policy.Blame rules) {
    double takes = rules.takesEffect().toMillis();
    double away = 0;
    if (at > when.latest()) {
      away = TOO_LATE * (at - when.latest()) / takes;
    } else if (at < when.earliest() - takes) {
      away = (when.earliest() - at) / takes - 1;
    }
    return (when.isVague() ? VAGUE : 1) * Math.pow(2, -away);
  }

  private static double relevance(Change change, Scope scope, Policy.Blame rules) {
    String kind = change.kind() == null ? "" : change.kind();
    double relevance = KINDS.getOrDefault(kind, OTHER_KIND);
    double prompts = scope == null ? 0 : ofPrompts(change, scope, rules);
    if (prompts > 0) {
      return Math.min(1, relevance + prompts);
    }
    if (change.files().isEmpty()) {
      return relevance;
    }
    boolean documents = change.files().stream().allMatch(Blame::isDocument);
    double most = documents ? DOCUMENTS : scope == null ? 1 : OTHER_FILES;
    return Math.min(most, relevance);
  }

  /** How much likelier it is for what it says of prompts. */
  private static double ofPrompts(Change change, Scope scope, Policy.Blame rules) {
    String model = scope.modelName();
    if (change.files().stream().anyMatch(path -> isPrompt(path, rules))) {
      return TOUCHES_PROMPTS;
    }
    if (change.files().stream().anyMatch(path -> speaksOfPrompts(path, model))
        || change.labels().stream().anyMatch(label -> speaksOfPrompts(label, model))) {
      return SPEAKS_OF_PROMPTS;
    }
    if (!speaksOfPrompts(change.title(), model)) {
      return 0;
    }
    boolean documents = change.files().stream().allMatch(Blame::isDocument);
    return change.files().isEmpty() ? SPEAKS_OF_PROMPTS : documents ? 0 : ONLY_WORDS;
  }

  private static boolean isPrompt(String path, Policy.Blame rules) {
    return rules.promptFiles().stream().anyMatch(pattern -> Globs.matchesPath(pattern, path));
  }

  private static boolean speaksOfPrompts(String text, String model) {
    if (text == null) {
      return false;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return PROMPT_WORDS.stream().anyMatch(lower::contains) || lower.contains(model);
  }

  /** How likely the change came to this scope, by what it says of where it went. */
  private static double reach(Change change, Scope scope) {
    return ofModel(change, scope) * ofEnvironment(change, scope.environment());
  }

  /** How well it goes with who else fell. */
  private static double spread(Change change, List<Neighbour> neighbours) {
    int without = 0;
    int fellWithout = 0;
    for (Neighbour neighbour : neighbours) {
      if (reach(change, neighbour.scope()) < 1) {
        without++;
        fellWithout += neighbour.fell() ? 1 : 0;
      }
    }
    return without == 0 ? 1 : 1 - (1 - FELL_WITHOUT) * fellWithout / without;
  }

  private static double ofModel(Change change, Scope scope) {
    List<String> named = new ArrayList<>();
    addModels(change.title(), scope, named);
    change.files().forEach(path -> addModels(path, scope, named));
    change.labels().forEach(label -> addModels(label, scope, named));
    String model = scope.modelName();
    boolean elsewhere =
        !named.isEmpty()
            && named.stream().noneMatch(name -> model.contains(name) || name.contains(model));
    return elsewhere ? OTHER_MODEL : 1;
  }

  /** The words of a text that are names of models: a version tells them from other words. */
  private static void addModels(String text, Scope scope, List<String> into) {
    if (text != null) {
      for (String word : BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT), -1)) {
        if (DIGIT.matcher(word).find() && scope.rules().knowsModel(word)) {
          into.add(word);
        }
      }
    }
  }

  private static double ofEnvironment(Change change, String environment) {
    List<String> named =
        change.labels().stream()
            .map(label -> label.toLowerCase(Locale.ROOT))
            .filter(label -> label.startsWith(ENVIRONMENT))
            .map(label -> label.substring(ENVIRONMENT.length()).strip())
            .toList();
    if (named.isEmpty()) {
      return 1;
    }
    if (environment == null) {
      return named.stream().allMatch(name -> place(name) > 0) ? TRIAL_ENVIRONMENT : 1;
    }
    String here = environment.toLowerCase(Locale.ROOT);
    boolean same =
        named.stream()
            .anyMatch(
                name -> name.equals(here) || (place(name) >= 0 && place(name) == place(here)));
    return same ? 1 : OTHER_ENVIRONMENT;
  }

  /** Which of the usual environments a word stands for, or -1. */
  private static int place(String name) {
    for (int i = 0; i < ENVIRONMENTS.size(); i++) {
      if (ENVIRONMENTS.get(i).contains(name)) {
        return i;
      }
    }
    return -1;
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
