package io.mendline.cli.demo;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Prints lines of the story: time of day, what happened, the kind, the words. */
final class StoryPrinter {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final Pattern INSTANT =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\dT(\\d\\d:\\d\\d):\\d\\d(?:\\.\\d+)?Z");

  private final PrintWriter out;
  private final Ansi ansi;

  /**
   * A printer.
   *
   * @param ansi whether to color
   */
  StoryPrinter(PrintWriter out, Ansi ansi) {
    this.out = out;
    this.ansi = ansi;
  }

  /** The time of day, UTC, as {@code 09:15}. */
  static String clock(Instant at) {
    return CLOCK.format(at);
  }

  /** A text with every ISO-8601 instant in it as its time of day: the demo is of one day. */
  static String shortTimes(String text) {
    return INSTANT.matcher(text).replaceAll("$1");
  }

  /** A line of the story. */
  void line(long at, Verb verb, String kind, String text) {
    String what = String.format(Locale.ROOT, "%-10s", verb.word());
    String of = String.format(Locale.ROOT, "%-22s", kind);
    say(
        clock(Instant.ofEpochMilli(at))
            + "  "
            + styled(what, verb.styles())
            + ' '
            + of
            + shown(text));
  }

  /** How far the day is. */
  void mark(long at, long messages) {
    String mark =
        String.format(
            Locale.ROOT, "%s  -- %d messages sent --", clock(Instant.ofEpochMilli(at)), messages);
    say(styled(mark, Style.faint));
  }

  /** A heading. */
  void heading(String text) {
    say("");
    say(styled(text, Style.bold));
  }

  /** A line as it is. */
  void say(String text) {
    out.println(text);
    // A story is told as it happens.
    out.flush();
  }

  private static String shown(String text) {
    return ' ' + shortTimes(text);
  }

  private String styled(String text, Style... styles) {
    return ansi.enabled() ? Style.on(styles) + text + Style.off(styles) : text;
  }
}
