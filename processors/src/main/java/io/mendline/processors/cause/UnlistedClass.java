package io.mendline.processors.cause;

import io.mendline.processors.cause.CauseEntry.Rank;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import java.util.List;

/**
 * What can be said of an error class or code that no catalogue lists: the class is the key, and the
 * kind of trouble is told by its SQLSTATE, else by the words of its name.
 */
final class UnlistedClass {
  /** Words in the names of Spark's and Delta's error conditions, most telling first. */
  private enum NameWord {
    CONCURRENT(Category.CONCURRENCY, Transience.TRANSIENT),
    TIMEOUT(Category.TIMEOUT, Transience.TRANSIENT),
    TIMED_OUT(Category.TIMEOUT, Transience.TRANSIENT),
    INTERNAL_ERROR(Category.PLATFORM, Transience.TRANSIENT),
    UNAVAILABLE(Category.PLATFORM, Transience.TRANSIENT),
    PERMISSION(Category.ACCESS, Transience.PERMANENT),
    UNAUTHORIZED(Category.ACCESS, Transience.PERMANENT),
    ACCESS(Category.ACCESS, Transience.PERMANENT),
    QUOTA(Category.CAPACITY, Transience.TRANSIENT),
    LIMIT_EXCEEDED(Category.CAPACITY, Transience.PERMANENT),
    OUT_OF_MEMORY(Category.CAPACITY, Transience.PERMANENT),
    NOT_FOUND(Category.DEPENDENCY, Transience.PERMANENT),
    NOT_EXIST(Category.DEPENDENCY, Transience.PERMANENT),
    CONFIG(Category.CONFIGURATION, Transience.PERMANENT);

    final Category category;
    final Transience transience;

    NameWord(Category category, Transience transience) {
      this.category = category;
      this.transience = transience;
    }
  }

  private UnlistedClass() {}

  /** An entry for a bracketed class, as if it had been listed. */
  static CauseEntry entry(String errorClass, CauseChain.Link link, CauseCatalogue catalogue) {
    String key = (errorClass.startsWith("DELTA_") ? "delta/" : "spark/") + errorClass;
    String fromClass = link.text.substring(link.text.indexOf('[' + errorClass));
    String title = MessageShape.of(fromClass.lines().findFirst().orElse(errorClass)).title();
    CauseEntry state = link.sqlstate == null ? null : catalogue.bySqlstate(link.sqlstate);
    if (state != null) {
      return synthetic(
          key, title, state.category(), state.transience(), Confidence.MEDIUM, state.hint());
    }
    for (NameWord word : NameWord.values()) {
      if (errorClass.contains(word.name())) {
        return synthetic(key, title, word.category, word.transience, Confidence.MEDIUM, null);
      }
    }
    return synthetic(key, title, Category.CODE, Transience.PERMANENT, Confidence.MEDIUM, null);
  }

  /**
   * An entry for a termination code that is not listed.
   *
   * @param type the entry of the termination type that came with it; null if there is none
   */
  static CauseEntry code(String code, CauseEntry type) {
    return synthetic(
        "databricks/" + code,
        "The run ended with " + code,
        type == null ? Category.UNKNOWN : type.category(),
        type == null ? Transience.TRANSIENT : type.transience(),
        Confidence.LOW,
        null);
  }

  private static CauseEntry synthetic(
      String key,
      String title,
      Category category,
      Transience transience,
      Confidence confidence,
      String hint) {
    return new CauseEntry(
        Integer.MAX_VALUE,
        false,
        key,
        title,
        category,
        transience,
        confidence,
        Rank.SPECIFIC,
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
