package io.mendline.cli.deadletters;

import io.mendline.processors.kafka.DeadLetterHeaders;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import io.mendline.topology.Preflight;
import io.mendline.topology.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mendline dead-letters list}. */
@Command(
    name = "list",
    description = "Prints the dead letters, the oldest first.",
    mixinStandardHelpOptions = true)
final class ListLettersCommand implements Callable<Integer> {
  private static final FreeText TEXTS = new FreeText(Redactor.standard());
  private static final String ROW = "%-10s %-24s %-8s %-34s %s%n";

  @Spec private CommandSpec spec;
  @Mixin private LetterFilter filter;

  @Option(names = "--new", description = "Only what was not sent again yet.")
  private boolean onlyNew;

  @Option(names = "--json", description = "One object a line, with the whole context.")
  private boolean json;

  @Option(
      names = "--raw",
      description = "Keys and values whole and as received; they may hold secrets.")
  private boolean raw;

  private int shown;

  @Override
  public Integer call() {
    Settings settings = Settings.load(filter.config(), System.getenv());
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(ROW, "at", "time", "stage", "topic", "error");
    }
    try (LetterTopic letters = new LetterTopic(settings, new Preflight(settings))) {
      letters.read(
          (letter, replayed) -> {
            if (filter.takes(letter) && !(onlyNew && replayed) && shown < filter.limit()) {
              shown++;
              print(letter, replayed, out);
            }
          });
    }
    if (!json) {
      out.println(shown + (shown == 1 ? " letter" : " letters"));
    }
    out.flush();
    return 0;
  }

  private void print(Letter letter, boolean replayed, PrintWriter out) {
    if (json) {
      out.println(letter.json(raw, replayed));
      return;
    }
    String error = letter.header(DeadLetterHeaders.ERROR);
    out.printf(
        ROW,
        letter.place() + (replayed ? "*" : ""),
        letter.time(),
        letter.stage(),
        letter.topic().isEmpty() ? "-" : letter.topic(),
        raw ? error : TEXTS.quote(error));
    if (letter.record().value() != null) {
      out.println("           " + letter.value(raw));
    }
  }
}
