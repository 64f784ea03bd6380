package io.mendline.cli.broker;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The main class of a {@link BrokerProcess}. Arguments: folder, broker's port, controller's port.
 * Says {@value #READY} on standard output when it is up, and ends when its standard input does: a
 * process whose parent is gone, however it went, reads the end of its input.
 */
final class BrokerMain {
  static final String READY = "ready";

  private BrokerMain() {}

  /** Runs a broker until standard input ends. */
  public static void main(String[] arguments) {
    Thread watch = new Thread(BrokerMain::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    try {
      EmbeddedBroker unused =
          EmbeddedBroker.start(
              Path.of(arguments[0]),
              Integer.parseInt(arguments[1]),
              Integer.parseInt(arguments[2]));
      new PrintStream(System.out, true, StandardCharsets.UTF_8).println(READY);
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is said to it; only the end counts.
      }
    } catch (IOException e) {
      // As good as the end.
    }
    // Nobody is left who would want what an orderly end would save.
    Runtime.getRuntime().halt(0);
  }
}
