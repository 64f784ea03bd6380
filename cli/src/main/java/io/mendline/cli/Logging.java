package io.mendline.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.mendline.topology.Settings;
import org.slf4j.LoggerFactory;

/**
 * How a service logs. Commands for people keep to {@code logback.xml}: text, and only what goes
 * wrong.
 */
final class Logging {
  private static final String MENDLINE = "io.mendline";
  private static final String APPENDER = "stderr";

  private Logging() {}

  /**
   * Logs from now on as the settings say. A level that was given to the JVM ({@code
   * -Dmendline.log}, {@code -Dmendline.log.libraries}) stands over them.
   */
  static void apply(Settings settings) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if (System.getProperty("mendline.log") == null) {
      context.getLogger(MENDLINE).setLevel(Level.valueOf(settings.logLevel()));
    }
    if (System.getProperty("mendline.log.libraries") == null) {
      // A service that runs for months should say what its clients are warned of.
      root.setLevel(Level.WARN);
    }
    if (settings.jsonLog()
        && root.getAppender(APPENDER) instanceof ConsoleAppender<ILoggingEvent> appender) {
      appender.setEncoder(json(context));
    }
  }

  /** One object a line; what every line has in common is left out. */
  static Encoder<ILoggingEvent> json(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithContext(false);
    encoder.setWithMarkers(false);
    encoder.setWithMDC(false);
    encoder.setWithArguments(false);
    encoder.setWithMessage(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
