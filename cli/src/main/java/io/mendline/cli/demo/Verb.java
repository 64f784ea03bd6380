package io.mendline.cli.demo;

import java.util.Locale;
import picocli.CommandLine.Help.Ansi.Style;

/** What a line of the story says happened, and how it is colored. */
enum Verb {
  FOUND(Style.fg_red),
  DIAGNOSED(Style.fg_cyan),
  ASKED(Style.fg_yellow),
  APPROVED(Style.fg_yellow),
  COMMANDED(Style.fg_blue),
  REVOKED(Style.faint),
  REPORTED(Style.fg_blue),
  FAILED(Style.fg_magenta),
  VERIFYING(Style.faint),
  VERIFIED(Style.fg_green),
  RESOLVED(Style.fg_green, true),
  RECURRING(Style.fg_red, true),
  ESCALATED(Style.fg_magenta, true);

  private final Style color;
  private final boolean strong;

  Verb(Style color) {
    this(color, false);
  }

  Verb(Style color, boolean strong) {
    this.color = color;
    this.strong = strong;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Style[] styles() {
    return strong ? new Style[] {color, Style.bold} : new Style[] {color};
  }
}
