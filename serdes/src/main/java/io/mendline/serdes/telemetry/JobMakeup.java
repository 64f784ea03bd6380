package io.mendline.serdes.telemetry;

import java.util.Collection;
import java.util.List;

/**
 * What a Databricks job is made of, as far as its settings say: what it has in common with other
 * jobs that break with it.
 *
 * @param bundle the bundle that deploys the job: {@code deployment.metadata_file_path}, else {@code
 *     deployment.deployment_id}; null where none is named
 * @param libraries what its tasks and environments install, as {@code pypi pandas==2.2.1}, {@code
 *     whl /Volumes/…/etl-1.0-py3-none-any.whl}; sorted, without repetition, at most {@value
 *     #MOST_LIBRARIES}
 * @param taskTypes the kinds of its tasks that run code, as {@code notebook_task}; sorted, without
 *     repetition, at most {@value #MOST_TYPES}
 */
public record JobMakeup(String bundle, List<String> libraries, List<String> taskTypes) {
  /** At most so many libraries of a job are told, the first by name. */
  public static final int MOST_LIBRARIES = 50;

  /** At most so many types of tasks are told, the first by name; the platform has some twenty. */
  public static final int MOST_TYPES = 20;

  /** Where nothing is said. */
  public static final JobMakeup UNTOLD = new JobMakeup(null, List.of(), List.of());

  /** Sorts the lists, and leaves out what is repeated or too much. */
  public JobMakeup {
    libraries = sorted(libraries, MOST_LIBRARIES);
    taskTypes = sorted(taskTypes, MOST_TYPES);
  }

  private static List<String> sorted(Collection<String> words, int most) {
    return words.stream().distinct().sorted().limit(most).toList();
  }
}
