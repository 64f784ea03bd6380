package io.mendline.topology;

import java.util.List;

/**
 * Settings, or a cluster, that are not as they must be. Each problem is one line that names the
 * key, says what is wrong and what to do, and holds no secret.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** With one line for people. */
  public SettingsException(String problem) {
    this(List.of(problem));
  }

  /** With a line for each problem; at least one. */
  public SettingsException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** One line each. */
  public List<String> problems() {
    return problems;
  }
}
