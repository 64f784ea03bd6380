package io.mendline.processors.regression;

import static io.mendline.processors.regression.Scope.HOUR;

import io.mendline.processors.pipeline.DetectorHarness;
import io.mendline.processors.pipeline.Disorder;
import io.mendline.processors.pipeline.Message;
import io.mendline.schemas.Finding;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A fall of a cache of which it is known what it came from, amid the changes that a team makes.
 *
 * @param messages what the service reports
 * @param changes every change, in no order
 * @param fall when it fell, epoch milliseconds
 * @param right the id of the change that it came from; null where it came from none
 */
record MadeUpFall(List<Message> messages, List<Change> changes, long fall, String right) {
  private static final long START = Scope.millis("2026-03-02T00:00:00Z");
  private static final int HOURS = 96;
  private static final long MINUTE = 60_000;
  private static final String SERVICE = "assistant";
  private static final String MODEL = "claude-opus-4-6";

  /** What else was changed around the fall. */
  enum Beside {
    /** Nothing within a day of it. */
    NOTHING,
    /** What cannot have been it: other services, models, environments; documents; later ones. */
    IMPOSSIBLE,
    /** Six changes a day of the same service, of all sorts, most of which might have been it. */
    BUSY,
    /**
     * Three of the prompts of this model alone, though two other models of the service fell, too.
     */
    WIDER
  }

  static MadeUpFall of(long seed, boolean caused, Beside beside) {
    Random random = new Random(seed);
    long fall = START + 74 * HOUR + random.nextInt((int) (12 * HOUR));
    double before = 0.6 + 0.3 * random.nextDouble();
    double after = before - 0.14 - 0.3 * random.nextDouble();
    List<Message> messages = new ArrayList<>(Scope.elsewhere(START, START + HOURS * HOUR));
    messages.addAll(usage(MODEL, fall, before, after, random));
    if (beside == Beside.WIDER) {
      messages.addAll(usage("claude-sonnet-4-5", fall, before, after, random));
      messages.addAll(usage("gpt-5", fall, before, after, random));
    }
    List<Change> changes = new ArrayList<>();
    if (caused) {
      changes.add(cause(random, fall - random.nextInt(20 * (int) MINUTE)));
    }
    if (beside == Beside.IMPOSSIBLE) {
      for (int i = 0; i < 5; i++) {
        changes.add(impossible(random, "not-" + i, fall));
      }
    } else if (beside == Beside.BUSY) {
      for (int i = 0; i < 24; i++) {
        long at = START + (long) (random.nextDouble() * HOURS * HOUR);
        changes.add(everyday(random, "other-" + i, at));
      }
    }
    for (int i = 0; beside == Beside.WIDER && i < 3; i++) {
      long near = fall - random.nextInt(2 * (int) HOUR);
      List<String> files = List.of("prompts/" + MODEL + "/system.txt");
      changes.add(change("not-" + i, near, "pull_request", "Shorter", files));
    }
    return new MadeUpFall(Disorder.inOrder(messages), changes, fall, caused ? "right" : null);
  }

  /** Roll-ups every ten minutes, of a share that falls. */
  private static List<Message> usage(
      String model, long fall, double before, double after, Random random) {
    Scope scope = new Scope(SERVICE, model);
    for (long at = START; at < START + HOURS * HOUR; at += 10 * MINUTE) {
      long calls = 5L + random.nextInt(10);
      long prompt = calls * 9_000;
      double share = (at < fall ? before : after) + 0.03 * random.nextGaussian();
      long cached = Math.round(prompt * Math.max(0, Math.min(1, share)));
      scope.add(new TokenUsage(at, SERVICE, model, null, null, calls, prompt, cached, 0, null));
    }
    return scope.messages();
  }

  /** The finding that the fall gives. */
  Finding finding() {
    var result =
        DetectorHarness.of(CacheRegressionDetector::new)
            .changes(changes.toArray(new Change[0]))
            .withoutJump()
            .run(messages);
    return result.findings().stream()
        .filter(found -> found.getResource().getId().equals(SERVICE + "/" + MODEL))
        .findFirst()
        .orElseThrow();
  }

  /** Of ten: five by their files, two by their titles, one by a label, two deployments. */
  private static Change cause(Random random, long at) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3, 4 ->
          change("right", at, "pull_request", "Clean up", List.of("src/prompts/system.txt"));
      case 5, 6 -> change("right", at, "pull_request", "Reorder the prompt", List.of());
      case 7 -> change("right", at, "setting", "Cache breakpoints", List.of());
      default -> change("right", at, "deployment", "Release 7", List.of());
    };
  }

  private static Change impossible(Random random, String id, long fall) {
    long near = fall - random.nextInt(3 * (int) HOUR);
    List<String> prompts = List.of("prompts/system.txt");
    return switch (random.nextInt(6)) {
      case 0 -> Scope.change(id, near, "billing", "pull_request", "The prompt", prompts);
      case 1 ->
          change(id, near, "pull_request", "Shorter", List.of("prompts/gpt-4.1-mini/system.txt"));
      case 2 -> labelled(id, near, "environment:staging");
      case 3 -> change(id, near, "pull_request", "How to build", List.of("docs/build.md"));
      case 4 -> change(id, fall + 90 * MINUTE, "deployment", "Release 9", List.of());
      default -> change(id, fall - 9 * HOUR, "pull_request", "The prompt", prompts);
    };
  }

  /**
   * Of ten: six of other code, one deployment, one to staging, one of documents, one of prompts.
   */
  private static Change everyday(Random random, String id, long at) {
    return switch (random.nextInt(10)) {
      case 0 -> change(id, at, "deployment", "Release", List.of());
      case 1 -> labelled(id, at, "environment:staging");
      case 2 -> change(id, at, "pull_request", "How to build", List.of("README.md"));
      case 3 -> change(id, at, "pull_request", "Words", List.of("src/prompts/tone.txt"));
      default -> change(id, at, "pull_request", "Retry uploads", List.of("src/Upload.java"));
    };
  }

  private static Change change(String id, long at, String kind, String title, List<String> files) {
    return Scope.change(id, at, SERVICE, kind, title, files);
  }

  private static Change labelled(String id, long at, String label) {
    return new Change(
        id, at, SERVICE, "deployment", "Try", null, null, null, List.of(), List.of(label));
  }
}
