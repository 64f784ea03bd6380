package io.mendline.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class StoryPrinterTest {
  private static final long AT = Instant.parse("2026-06-10T09:15:42.123Z").toEpochMilli();

  private final StringWriter out = new StringWriter();

  @Test
  void aLineIsTimeWordKindAndText() {
    printer(Ansi.OFF).line(AT, Verb.FOUND, "RUN_FAILED", "nightly-load, run 77");

    assertThat(out.toString().strip())
        .isEqualTo("09:15  found      RUN_FAILED             nightly-load, run 77");
  }

  @Test
  void instantsInATextAreTimesOfDay() {
    printer(Ansi.OFF)
        .line(AT, Verb.FOUND, "", "it fell at 2026-06-10T11:00:00Z until 2026-06-10T16:13:15.362Z");

    assertThat(out.toString().strip()).endsWith("it fell at 11:00 until 16:13");
  }

  @Test
  void aMarkSaysHowFarItIs() {
    printer(Ansi.OFF).mark(Instant.parse("2026-06-10T12:00:00Z").toEpochMilli(), 197);

    assertThat(out.toString().strip()).isEqualTo("12:00  -- 197 messages sent --");
  }

  @Test
  void onATerminalTheWordIsColored() {
    printer(Ansi.ON).line(AT, Verb.RESOLVED, "", "nightly-load");

    assertThat(out.toString()).contains("\u001b[32m", "resolved", "\u001b[");
  }

  private StoryPrinter printer(Ansi ansi) {
    return new StoryPrinter(new PrintWriter(out), ansi);
  }
}
