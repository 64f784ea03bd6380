package io.mendline.processors.cause;

import io.mendline.schemas.Transience;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What kind of trouble an error class of Spark or Delta is, told by its name and its SQLSTATE.
 *
 * <p>Telling words of the name go first, because an SQLSTATE is often broader than the class:
 * {@code 42704} is a schema that does not exist as well as a column that is ambiguous. Where the
 * name says nothing, the catalogue's entry for the SQLSTATE or its beginning does. A pure function.
 *
 * @param hint what mends trouble of this kind; never null
 */
record ClassJudgement(Category category, Transience transience, String hint) {
  private static final ClassJudgement CODE =
      permanent(Category.CODE, "Correct the query or program at the place that the message names.");
  private static final ClassJudgement CONFIGURATION =
      permanent(Category.CONFIGURATION, "Correct the setting or option that the message names.");
  private static final ClassJudgement DATA =
      permanent(
          Category.DATA,
          "Look at the rows, files or schema that the message names; mend them or what writes them.");
  private static final ClassJudgement DEPENDENCY =
      permanent(
          Category.DEPENDENCY, "Run what sets it up first, and check the name that is given.");
  private static final ClassJudgement ACCESS =
      permanent(Category.ACCESS, "Grant the missing permission to whom the work runs as.");
  private static final ClassJudgement CAPACITY =
      permanent(Category.CAPACITY, "Make it smaller, or raise the limit that the message names.");
  private static final ClassJudgement CANCELLED =
      permanent(Category.CANCELLED, "Find out who or what cancelled it.");
  private static final ClassJudgement CONCURRENCY =
      new ClassJudgement(
          Category.CONCURRENCY,
          Transience.TRANSIENT,
          "Repeat the run; schedule what works on the same thing apart.");
  private static final ClassJudgement TIMEOUT =
      new ClassJudgement(
          Category.TIMEOUT,
          Transience.TRANSIENT,
          "Repeat; if it goes on, look at the side that does not answer.");
  private static final ClassJudgement QUOTA =
      new ClassJudgement(
          Category.CAPACITY, Transience.TRANSIENT, "Repeat later, or ask for a higher quota.");
  private static final ClassJudgement PLATFORM =
      new ClassJudgement(
          Category.PLATFORM,
          Transience.TRANSIENT,
          "Repeat the run; if it goes on, open a support case.");

  /** What a query itself names: if that does not exist or is there twice, the query is wrong. */
  private static final Set<String> IN_THE_QUERY =
      Set.of(
          "COL",
          "COLUMN",
          "COLUMNS",
          "FIELD",
          "ATTRIBUTE",
          "ATTRIBUTES",
          "PARAMETER",
          "VARIABLE",
          "LABEL",
          "EXPRESSION",
          "EXPRESSIONS",
          "STRUCT",
          "ENCODER",
          "CODEC",
          "RULE",
          "SESSION",
          "THREAD");

  private static ClassJudgement permanent(Category category, String hint) {
    return new ClassJudgement(category, Transience.PERMANENT, hint);
  }

  /**
   * Judges an error class.
   *
   * @param errorClass such as {@code DELTA_CONCURRENT_APPEND}, without a sub-class
   * @param sqlstate null if none is known
   */
  static ClassJudgement of(String errorClass, String sqlstate, CauseCatalogue catalogue) {
    Set<String> words = new HashSet<>(Arrays.asList(errorClass.split("_", -1)));
    ClassJudgement byName = byName(errorClass, words);
    if (byName != null) {
      return byName;
    }
    CauseEntry state = sqlstate == null ? null : catalogue.bySqlstate(sqlstate);
    if (state == null) {
      return CODE;
    }
    return new ClassJudgement(
        state.category(), state.transience(), state.hint() == null ? hint(state) : state.hint());
  }

  /** Null if the name says nothing; the most telling words first. */
  private static ClassJudgement byName(String name, Set<String> words) {
    if (any(words, "CONCURRENT", "CONCURRENTLY") || name.contains("CONFLICT_REVALIDATION")) {
      return CONCURRENCY;
    }
    if (any(words, "CANCELED", "CANCELLED")) {
      return CANCELLED;
    }
    if (any(words, "CONFIG", "CONF", "CONFS", "CONFIGURATION", "OPTION", "OPTIONS", "PROPERTY")
        || any(words, "DISABLED", "ENABLEMENT")
        || name.endsWith("NOT_ENABLED")
        || name.contains("FEATURE_DROP")) {
      return CONFIGURATION;
    }
    if (any(words, "TIMEOUT") || name.contains("TIMED_OUT")) {
      return TIMEOUT;
    }
    if (name.contains("OUT_OF_MEMORY")) {
      return CAPACITY;
    }
    if (any(words, "CHECKSUM", "CORRUPT", "CORRUPTED", "INTEGRITY", "MALFORMED", "CARDINALITY")
        || name.contains("SCHEMA_CHANGE")
        || name.contains("SCHEMA_MISMATCH")
        || name.contains("SCHEMA_CONFLICT")) {
      return DATA;
    }
    if (any(words, "COMMUNICATION", "UNREACHABLE")
        || name.contains("INTERNAL_ERROR")
        || name.contains("SERVICE_UNAVAILABLE")
        || name.contains("TEMPORARILY_UNAVAILABLE")) {
      return PLATFORM;
    }
    if (any(words, "PERMISSION", "PERMISSIONS", "UNAUTHORIZED", "UNAUTHENTICATED")
        || name.contains("ACCESS_DENIED")
        || name.contains("INSUFFICIENT_PRIVILEGES")) {
      return ACCESS;
    }
    if (any(words, "QUOTA", "THROTTLED")) {
      return QUOTA;
    }
    return byWhatIsThere(name, words);
  }

  /** Something is missing, or there already. */
  private static ClassJudgement byWhatIsThere(String name, Set<String> words) {
    if (any(
            words,
            "AMBIGUOUS",
            "COLLATION",
            "UNRESOLVED",
            "UNRECOGNIZED",
            "PARSE",
            "PARSING",
            "SYNTAX")
        || name.contains("CANNOT_RESOLVE")) {
      return CODE;
    }
    boolean missing =
        name.contains("NOT_FOUND")
            || name.contains("NOT_EXIST")
            || name.contains("NON_EXIST")
            || name.contains("NOT_LOADED");
    boolean there = name.contains("ALREADY_EXIST");
    if (!missing && !there) {
      return null;
    }
    if (words.stream().anyMatch(IN_THE_QUERY::contains)) {
      return CODE;
    }
    return missing ? DEPENDENCY : CONFIGURATION;
  }

  private static boolean any(Set<String> words, String... wanted) {
    for (String word : wanted) {
      if (words.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private static String hint(CauseEntry state) {
    return switch (state.category()) {
      case CODE -> CODE.hint;
      case DATA -> DATA.hint;
      case DEPENDENCY -> DEPENDENCY.hint;
      case ACCESS -> ACCESS.hint;
      case CONFIGURATION -> CONFIGURATION.hint;
      case CAPACITY -> state.transience() == Transience.TRANSIENT ? QUOTA.hint : CAPACITY.hint;
      case CONCURRENCY -> CONCURRENCY.hint;
      case TIMEOUT -> TIMEOUT.hint;
      case CANCELLED -> CANCELLED.hint;
      case PLATFORM, UNKNOWN -> PLATFORM.hint;
    };
  }
}
