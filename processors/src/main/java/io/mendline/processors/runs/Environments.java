package io.mendline.processors.runs;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What the name of a deployment environment says of how grave a trouble in it is. */
final class Environments {
  private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");

  /** Words in an environment's name by which it is one where failures are part of the work. */
  private static final Set<String> FOR_TRIAL =
      Set.of("dev", "develop", "development", "test", "testing", "tst", "qa", "sandbox", "sbx");

  private Environments() {}

  /**
   * Whether it is one where failures are part of the work.
   *
   * @param environment nullable
   */
  static boolean isForTrial(String environment) {
    return environment != null
        && NO_WORD
            .splitAsStream(environment.toLowerCase(Locale.ROOT))
            .anyMatch(FOR_TRIAL::contains);
  }
}
