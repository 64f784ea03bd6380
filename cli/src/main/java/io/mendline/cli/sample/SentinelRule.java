package io.mendline.cli.sample;

import io.mendline.cli.sample.Draws.Question;
import io.mendline.processors.pipeline.Source;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A scheduled analytics rule: a window an hour, run five minutes after it ends. Its period is its
 * frequency, so no later window covers a lost one.
 */
final class SentinelRule implements Script {
  private static final long MINUTE = 60_000L;
  private static final long FREQUENCY = 60 * MINUTE;
  private static final long RUN_AFTER = 5 * MINUTE;
  private static final long BETWEEN_ATTEMPTS = 5 * MINUTE;
  private static final long LAST_RECORD_AFTER = 45 * MINUTE;
  private static final int ATTEMPTS = 6;

  /** What becomes of a window. */
  enum Story {
    SUCCEEDED,
    CONSOLIDATED,
    SIX_ATTEMPTS,
    FIVE_AND_A_SUCCESS
  }

  private final GeneratorSettings settings;
  private final Draws draws;
  private final SentinelRows rows;
  private final int workspace;
  private final long firstWindow;

  SentinelRule(GeneratorSettings settings, Draws all, int number) {
    this.settings = settings;
    this.draws = all.of("rule", number);
    this.workspace = number % settings.workspaces();
    this.rows = new SentinelRows(draws, all.of("sentinel", workspace), workspace, number);
    this.firstWindow =
        settings.from().toEpochMilli() + MINUTE * draws.between(Question.OFFSET, 0, 0, 60);
  }

  @Override
  public int chapters() {
    return (int) Math.max(0, (settings.to() - LAST_RECORD_AFTER - firstWindow) / FREQUENCY);
  }

  @Override
  public long begin(int window) {
    return end(window);
  }

  private long start(int window) {
    return firstWindow + window * FREQUENCY;
  }

  private long end(int window) {
    return start(window) + FREQUENCY;
  }

  private Story story(int window) {
    double draw = draws.fraction(Question.STORY, window);
    double skipped = settings.skippedShare();
    if (draw < skipped) {
      return draw < skipped / 2 ? Story.CONSOLIDATED : Story.SIX_ATTEMPTS;
    }
    return draw < skipped + settings.retriedShare() ? Story.FIVE_AND_A_SUCCESS : Story.SUCCEEDED;
  }

  private boolean mended(int window) {
    return draws.chance(Question.MENDED_AFTER, window, settings.mendedShare());
  }

  private SentinelCause cause(int window) {
    return draws.one(Question.CAUSE, window, SentinelCause.values());
  }

  /** The time of the window's record of that number, counted from 0. */
  private long time(int window, int record) {
    return end(window)
        + RUN_AFTER
        + record * BETWEEN_ATTEMPTS
        + draws.between(Question.JITTER, window * 8L + record, 0, MINUTE);
  }

  @Override
  public void tell(int window, Consumer<Telling> to) {
    Story story = story(window);
    int failures = failures(story);
    for (int i = 0; i < failures; i++) {
      // The one consolidated record is written when the attempts are used up.
      int record = story == Story.CONSOLIDATED ? ATTEMPTS - 1 : i;
      String description =
          story == Story.CONSOLIDATED
              ? SentinelRows.consolidated(end(window) + RUN_AFTER)
              : SentinelRows.ATTEMPT_FAILED;
      to.accept(telling(window, record, cause(window), description));
    }
    if (succeeds(window, story)) {
      int record = story == Story.CONSOLIDATED ? ATTEMPTS : failures;
      to.accept(telling(window, record, null, SentinelRows.SUCCEEDED));
    }
  }

  private static int failures(Story story) {
    return switch (story) {
      case SUCCEEDED -> 0;
      case CONSOLIDATED -> 1;
      case FIVE_AND_A_SUCCESS -> ATTEMPTS - 1;
      case SIX_ATTEMPTS -> ATTEMPTS;
    };
  }

  private boolean succeeds(int window, Story story) {
    return story == Story.SUCCEEDED || story == Story.FIVE_AND_A_SUCCESS || mended(window);
  }

  private Telling telling(int window, int record, SentinelCause cause, String description) {
    long number = window * 8L + record;
    long time = time(window, record);
    boolean packed = draws.chance(Question.PACKED, number, settings.packedShare());
    SentinelRows.Row row =
        new SentinelRows.Row(number, time, start(window), end(window), cause, description, packed);
    return new Telling(Source.SENTINEL, time, packed ? workspace : Telling.ALONE, rows.body(row));
  }

  @Override
  public void expect(int window, Expected.Builder to) {
    Story story = story(window);
    int records = failures(story) + (succeeds(window, story) ? 1 : 0);
    for (int i = 0; i < records; i++) {
      to.record(Source.SENTINEL, 1);
    }
    if (story == Story.CONSOLIDATED || story == Story.SIX_ATTEMPTS) {
      String rule = rows.resourceId().toLowerCase(Locale.ROOT);
      to.failure(
          Expected.skippedWindow(rule, start(window)),
          time(window, ATTEMPTS - 1),
          mended(window),
          rows.workspaceId(),
          cause(window).name());
    }
  }
}
