package io.mendline.processors.cause;

import io.mendline.processors.cause.CauseEntry.Rank;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import java.util.List;

/**
 * Entries for error classes and codes that no catalogue file lists: the class is the key, and the
 * kind of trouble is told by {@link ClassJudgement}.
 */
final class UnlistedClass {
  /** How the platform names the twin of a cluster code that is the customer's to mend. */
  private static final String MISCONFIGURED = "_DUE_TO_MISCONFIG";

  private UnlistedClass() {}

  /** An entry for a bracketed class that nobody publishes, as if it had been listed. */
  static CauseEntry entry(String errorClass, CauseChain.Link link, CauseCatalogue catalogue) {
    String fromClass = link.text.substring(link.text.indexOf('[' + errorClass));
    String title = MessageShape.of(fromClass.lines().findFirst().orElse(errorClass)).title();
    ClassJudgement judgement = ClassJudgement.of(errorClass, link.sqlstate, catalogue);
    return synthetic(
        key(errorClass),
        title,
        judgement.category(),
        judgement.transience(),
        Confidence.MEDIUM,
        Rank.SPECIFIC,
        judgement.hint());
  }

  /** An entry for a class that Spark or Delta publishes. */
  static CauseEntry published(
      String errorClass, String title, ClassJudgement judgement, Rank rank) {
    return synthetic(
        key(errorClass),
        title,
        judgement.category(),
        judgement.transience(),
        Confidence.HIGH,
        rank,
        judgement.hint());
  }

  /**
   * An entry for a termination code that is not listed.
   *
   * @param type the entry of the termination type that came with it; null if there is none
   */
  static CauseEntry code(String code, CauseEntry type) {
    if (code.endsWith(MISCONFIGURED)) {
      return synthetic(
          "databricks/" + code,
          "The cluster cannot start because of its configuration (" + code + ")",
          Category.CONFIGURATION,
          Transience.PERMANENT,
          Confidence.MEDIUM,
          Rank.SPECIFIC,
          "Correct the workspace's or cluster's configuration; the cluster's event log says more.");
    }
    return synthetic(
        "databricks/" + code,
        "The run ended with " + code,
        type == null ? Category.UNKNOWN : type.category(),
        type == null ? Transience.TRANSIENT : type.transience(),
        Confidence.LOW,
        Rank.SPECIFIC,
        null);
  }

  private static String key(String errorClass) {
    return (errorClass.startsWith("DELTA_") ? "delta/" : "spark/") + errorClass;
  }

  private static CauseEntry synthetic(
      String key,
      String title,
      Category category,
      Transience transience,
      Confidence confidence,
      Rank rank,
      String hint) {
    return new CauseEntry(
        Integer.MAX_VALUE,
        false,
        key,
        title,
        category,
        transience,
        confidence,
        rank,
        true,
        hint,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
