package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.WireEnum;
import java.util.List;

/**
 * What its settings say a Databricks job is, as of some instant.
 *
 * @param name the job's name; nullable
 * @param standing whether the job is there and may be started by its schedule
 * @param bundle the bundle that deploys it; nullable
 * @param libraries what it installs, as of {@link
 *     io.mendline.serdes.telemetry.JobMakeup#libraries()}
 * @param taskTypes the kinds of its tasks, as of {@link
 *     io.mendline.serdes.telemetry.JobMakeup#taskTypes()}
 */
public record JobProfile(
    String name, Standing standing, String bundle, List<String> libraries, List<String> taskTypes) {
  /** Of a job of which no settings were told. */
  public static final JobProfile UNKNOWN =
      new JobProfile(null, Standing.UNTOLD, null, List.of(), List.of());

  /** Takes copies of the lists. */
  public JobProfile {
    libraries = List.copyOf(libraries);
    taskTypes = List.copyOf(taskTypes);
  }

  /** Whether a job is there and may be started by its schedule. */
  public enum Standing implements WireEnum {
    /** No settings said so. */
    UNTOLD(0),
    /** It is there, whatever starts it. */
    ACTIVE(1),
    /** Its schedule is paused. */
    PAUSED(2),
    /** It was deleted. */
    DELETED(3);

    private final int code;

    Standing(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  /** Whether it may run next: it is neither paused nor gone. */
  public boolean runs() {
    return standing != Standing.PAUSED && standing != Standing.DELETED;
  }
}
