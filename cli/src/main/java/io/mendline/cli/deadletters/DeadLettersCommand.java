package io.mendline.cli.deadletters;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mendline dead-letters}. */
@Command(
    name = "dead-letters",
    description = "Lists what could not be taken, and sends it again after a fix.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "list|replay",
    subcommands = {ListLettersCommand.class, ReplayLettersCommand.class})
public final class DeadLettersCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "Say what to do: dead-letters list or dead-letters replay.");
  }
}
