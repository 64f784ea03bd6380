package io.mendline.benchmarks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a team changed while a made-up series was measured. Half of the falls come from a deployment
 * shortly before; beside it, and of the other half alone, there are changes at random times that
 * are not to blame. A metric says nothing of prompts, so neither do they.
 *
 * @param all in order of time
 * @param right the id of the change that the fall came from; null where it came from none
 */
record MadeUpChanges(List<Change> all, String right) {
  private static final String RIGHT = "right";
  private static final long DAY = Duration.ofDays(1).toMillis();

  /** The right change takes effect at most so long before the fall. */
  private static final int SHORTLY = (int) Duration.ofMinutes(20).toMillis();

  /**
   * One change.
   *
   * @param at when it took effect, epoch milliseconds
   * @param json as its topic would carry it
   */
  record Change(long at, String json) {}

  /**
   * Of the seed that the series is made of: the falls of even seeds come from a change.
   *
   * @param aDay how many others there are a day
   */
  static MadeUpChanges of(long seed, MadeUpSeries series, double aDay) {
    // Not the series' own numbers, or what it holds would tell what was changed.
    Random random = new Random(~seed * 31 + series.kind().name().hashCode());
    List<Change> all = new ArrayList<>();
    long length = series.values().size() * MadeUpSeries.EVERY;
    for (int i = 0; i < aDay * length / DAY; i++) {
      long at = series.start() + (long) (random.nextDouble() * length);
      all.add(everyday("other-" + i, at, series.name(), random));
    }
    boolean caused = series.kind().regresses() && Math.floorMod(seed, 2) == 0;
    if (caused) {
      long at = series.onset() - random.nextInt(SHORTLY);
      all.add(change(RIGHT, at, series.name(), "deployment", "Release 7", null));
    }
    all.sort(Comparator.comparingLong(Change::at));
    return new MadeUpChanges(List.copyOf(all), caused ? RIGHT : null);
  }

  /** Of ten: four of code, two deployments, two of documents, a setting, one of another service. */
  private static Change everyday(String id, long at, String service, Random random) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> change(id, at, service, "pull_request", "Retry", "src/Upload.java");
      case 4, 5 -> change(id, at, service, "deployment", "Release", null);
      case 6, 7 -> change(id, at, service, "pull_request", "How to build", "docs/build.md");
      case 8 -> change(id, at, service, "setting", "Longer timeouts", null);
      default -> change(id, at, "billing", "deployment", "Release", null);
    };
  }

  private static Change change(
      String id, long at, String service, String kind, String title, String file) {
    String json =
        String.format(
            Locale.ROOT,
            "{\"id\": \"%s\", \"at\": \"%s\", \"service\": \"%s\", \"kind\": \"%s\","
                + " \"title\": \"%s\", \"files\": [%s]}",
            id,
            Instant.ofEpochMilli(at),
            service,
            kind,
            title,
            file == null ? "" : "\"" + file + "\"");
    return new Change(at, json);
  }
}
