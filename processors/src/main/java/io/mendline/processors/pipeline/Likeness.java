package io.mendline.processors.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Something that jobs have in common.
 *
 * @param kind what it is, the closest first
 * @param what which one
 */
public record Likeness(Kind kind, String what) implements Comparable<Likeness> {
  private static final Comparator<Likeness> ORDER =
      Comparator.comparing(Likeness::kind).thenComparing(Likeness::what);

  /** What jobs may have in common, the closest first. */
  public enum Kind {
    /** They are deployed together, mostly from one source. */
    BUNDLE,
    /** They install the same thing, in the same version. */
    LIBRARY,
    /** They have tasks of one type. */
    TASK_TYPE
  }

  /** All of a job. */
  static List<Likeness> of(JobProfile job) {
    List<Likeness> all = new ArrayList<>();
    if (job.bundle() != null) {
      all.add(new Likeness(Kind.BUNDLE, job.bundle()));
    }
    job.libraries().forEach(library -> all.add(new Likeness(Kind.LIBRARY, library)));
    job.taskTypes().forEach(type -> all.add(new Likeness(Kind.TASK_TYPE, type)));
    return all;
  }

  @Override
  public int compareTo(Likeness other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case BUNDLE -> "same bundle " + bundleName();
      case LIBRARY -> "same library " + what.substring(what.indexOf(' ') + 1);
      case TASK_TYPE -> "same task type " + what;
    };
  }

  /** A bundle's files lie under {@code …/.bundle/<name>/<target>/…}. */
  private String bundleName() {
    int begin = what.indexOf("/.bundle/");
    if (begin < 0) {
      return what;
    }
    String[] parts = what.substring(begin + "/.bundle/".length()).split("/", 3);
    return parts.length == 3 ? parts[0] + "/" + parts[1] : what;
  }
}
