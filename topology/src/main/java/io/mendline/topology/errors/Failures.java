package io.mendline.topology.errors;

import io.mendline.processors.kafka.CorruptStateException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.MissingInternalTopicsException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;

/**
 * Judges threads that died. One is replaced, as the next may well succeed from the last commit:
 * unless the cause is one that no thread can mend, or too many died lately.
 */
public final class Failures {
  /** So many threads may die within {@link #WITHIN}; what fails more often fails for good. */
  public static final int MOST = 5;

  /** The sliding time in which threads are counted. */
  public static final Duration WITHIN = Duration.ofMinutes(10);

  private final int most;
  private final long withinMillis;
  private final LongSupplier wall;
  private final ArrayDeque<Long> died = new ArrayDeque<>();

  /** With {@link #MOST} threads {@link #WITHIN} a sliding time of the wall clock. */
  public Failures() {
    this(MOST, WITHIN, System::currentTimeMillis);
  }

  /**
   * With a rate of one's own.
   *
   * @param most how many threads may die
   * @param within this time
   * @param wall epoch milliseconds
   */
  Failures(int most, Duration within, LongSupplier wall) {
    this.most = most;
    this.withinMillis = within.toMillis();
    this.wall = wall;
  }

  /**
   * Whether the process has to end because of a thread that died now.
   *
   * @return why and what to do, to stand behind the error's own message; empty when the thread is
   *     to be replaced
   */
  public synchronized Optional<String> endsBy(Throwable problem) {
    Optional<String> fatal = remedy(problem);
    if (fatal.isPresent()) {
      return fatal;
    }
    long now = wall.getAsLong();
    while (!died.isEmpty() && now - died.peek() >= withinMillis) {
      died.poll();
    }
    died.add(now);
    return died.size() <= most
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%d threads died within %d minutes; start again when the cause is gone",
                died.size(),
                Duration.ofMillis(withinMillis).toMinutes()));
  }

  /** What to do about an error that another thread would meet again; empty when it might not. */
  private static Optional<String> remedy(Throwable problem) {
    for (Throwable each = problem; each != null; each = each.getCause()) {
      if (each instanceof AuthenticationException) {
        return Optional.of("check the credentials in kafka.sasl.* and kafka.ssl.*");
      }
      if (each instanceof AuthorizationException) {
        return Optional.of("grant this user the right, then start again");
      }
      if (each instanceof MissingSourceTopicException
          || each instanceof MissingInternalTopicsException) {
        return Optional.of("a topic is gone: run \"mendline topics check\"");
      }
      if (each instanceof CorruptStateException) {
        return Optional.of(
            "run the version that wrote it, or reset the state as docs/operations.md says");
      }
      if (each instanceof UnsupportedVersionException || each instanceof ConfigException) {
        return Optional.of("run \"mendline config check\"");
      }
      if (isDiskFull(each)) {
        return Optional.of("make room where state.dir is, then start again");
      }
      if (each instanceof Error) {
        return Optional.of("the process cannot be trusted any more; start it again");
      }
    }
    return Optional.empty();
  }

  private static boolean isDiskFull(Throwable problem) {
    String message = problem.getMessage();
    return message != null && message.contains("No space left on device");
  }
}
