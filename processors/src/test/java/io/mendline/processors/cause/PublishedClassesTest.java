package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.processors.cause.PublishedClasses.Published;
import io.mendline.schemas.Confidence;
import io.mendline.schemas.Transience;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every error class that Spark and Delta publish is known by its name, and judged soundly. */
class PublishedClassesTest {
  private final CauseCatalogue catalogue = CauseCatalogue.bundled();
  private final RootCauseClassifier classifier = new RootCauseClassifier(catalogue);

  @Test
  void bothCataloguesAreThere() {
    assertThat(PublishedClasses.all()).hasSizeGreaterThan(1_000);
    assertThat(PublishedClasses.all())
        .containsKeys("TABLE_OR_VIEW_NOT_FOUND", "DELTA_CONCURRENT_WRITE");
    assertThat(PublishedClasses.all().keySet()).noneMatch(name -> name.startsWith("_LEGACY"));
    assertThat(SqlStates.meaning("42P01")).isEqualTo("undefined table");
    assertThat(SqlStates.meaning("42ZZZ")).isEqualTo(SqlStates.all().get("42"));
  }

  /** As Spark prints it: the class in brackets, its message with the parameters, the SQLSTATE. */
  @Test
  void aPublishedClassIsBelievedAndHasACategory() {
    List<String> wrong = new ArrayList<>();
    for (Published published : PublishedClasses.all().values()) {
      for (String name : names(published)) {
        Diagnosis diagnosis = diagnose(message(name, published));
        if (!isSound(published, diagnosis)) {
          wrong.add(name + ": " + diagnosis);
        }
      }
    }

    assertThat(wrong).isEmpty();
  }

  /** What the cause catalogue lists itself may say as much as it likes. */
  private boolean isSound(Published published, Diagnosis diagnosis) {
    if (catalogue.lists(published.name())) {
      return !diagnosis.key().startsWith("sql/");
    }
    boolean wraps =
        catalogue.published(published.name()).rank() == CauseEntry.Rank.GENERIC
            && !diagnosis.key().endsWith("/" + published.name());
    return wraps
        || (diagnosis.key().endsWith("/" + published.name())
            && diagnosis.confidence() == Confidence.HIGH
            && diagnosis.category() != Category.UNKNOWN
            && diagnosis.transience() != Transience.UNKNOWN
            && diagnosis.hint() != null);
  }

  private static List<String> names(Published published) {
    List<String> names = new ArrayList<>(List.of(published.name()));
    published.subClasses().keySet().forEach(sub -> names.add(published.name() + "." + sub));
    return names;
  }

  private static String message(String name, Published published) {
    String filled = published.message().replaceAll("<\\w+>", "x7");
    String state = published.sqlstate() == null ? "" : " SQLSTATE: " + published.sqlstate();
    return "[" + name + "] " + filled + state;
  }

  @Test
  void everySqlstateClassThatIsUsedIsInTheCauseCatalogue() {
    for (Published published : PublishedClasses.all().values()) {
      if (published.sqlstate() != null) {
        assertThat(catalogue.bySqlstate(published.sqlstate()))
            .as(published.sqlstate() + " of " + published.name())
            .isNotNull();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // by a telling word
    "CONCURRENT_STREAM_LOG_UPDATE, CONCURRENCY, TRANSIENT",
    "SPARK_JOB_CANCELLED, CANCELLED, PERMANENT",
    "DELTA_ILLEGAL_OPTION, CONFIGURATION, PERMANENT",
    "CANNOT_MODIFY_STATIC_CONFIG, CONFIGURATION, PERMANENT",
    "STREAMING_PYTHON_RUNNER_INITIALIZATION_TIMEOUT_FAILURE, TIMEOUT, TRANSIENT",
    "AGGREGATE_OUT_OF_MEMORY, CAPACITY, PERMANENT",
    "DELTA_TXN_LOG_FAILED_INTEGRITY, DATA, PERMANENT",
    "INTERNAL_ERROR_NETWORK, PLATFORM, TRANSIENT",
    "PARTITIONS_NOT_FOUND, DEPENDENCY, PERMANENT",
    "DELTA_COLUMN_NOT_FOUND, CODE, PERMANENT",
    "INDEX_ALREADY_EXISTS, CONFIGURATION, PERMANENT",
    "VARIABLE_ALREADY_EXISTS, CODE, PERMANENT",
    // by the SQLSTATE
    "GROUP_BY_AGGREGATE, CODE, PERMANENT",
    "CANNOT_INVOKE_IN_TRANSFORMATIONS, CODE, PERMANENT",
    "DATETIME_OVERFLOW, DATA, PERMANENT",
    "DUPLICATE_KEY, DATA, PERMANENT",
    "DELTA_NO_COMMITS_FOUND, DATA, PERMANENT",
    "COLLECTION_SIZE_LIMIT_EXCEEDED, CAPACITY, PERMANENT",
    "CANNOT_WRITE_STATE_STORE, PLATFORM, TRANSIENT",
    "DELTA_MAX_COMMIT_RETRIES_EXCEEDED, CONCURRENCY, TRANSIENT",
    "DELTA_UNSUPPORTED_FEATURES_FOR_READ, CONFIGURATION, PERMANENT",
    // by an entry of the cause catalogue
    "DELTA_CONCURRENT_APPEND, CONCURRENCY, TRANSIENT",
    "DELTA_CONCURRENT_DELETE_DELETE, CONCURRENCY, TRANSIENT",
    "DELTA_CONCURRENT_DELETE_READ, CONCURRENCY, TRANSIENT",
    "DELTA_CONCURRENT_TRANSACTION, CONCURRENCY, TRANSIENT",
    "DELTA_CONCURRENT_WRITE, CONCURRENCY, TRANSIENT",
    "DELTA_METADATA_CHANGED, CONCURRENCY, TRANSIENT",
    "DELTA_PROTOCOL_CHANGED, CONCURRENCY, TRANSIENT",
    "DELTA_DUPLICATE_ACTIONS_FOUND, CODE, PERMANENT",
  })
  void isJudgedByItsNameThenByItsSqlstate(String name, Category category, Transience transience) {
    Diagnosis diagnosis = diagnose(message(name, PublishedClasses.all().get(name)));

    assertThat(diagnosis.key()).endsWith("/" + name);
    assertThat(diagnosis.category()).isEqualTo(category);
    assertThat(diagnosis.transience()).isEqualTo(transience);
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.HIGH);
  }

  @Test
  void aSubClassIsFiledUnderItsClassAndSaysMoreInTheTitle() {
    Diagnosis diagnosis =
        diagnose(
            "[CODEC_NOT_AVAILABLE.WITH_CONF_SUGGESTION] The codec zstdx is not available. SQLSTATE: 56038");

    assertThat(diagnosis.key()).isEqualTo("spark/CODEC_NOT_AVAILABLE");
    assertThat(diagnosis.title()).endsWith("(CODEC_NOT_AVAILABLE.WITH_CONF_SUGGESTION)");
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.HIGH);
  }

  @Test
  void isKnownWithoutBracketsToo() {
    for (String message :
        List.of(
            "GROUP_BY_AGGREGATE: not allowed",
            "{\"error_class\":\"GROUP_BY_AGGREGATE\",\"text\":\"not allowed\"}",
            "the job ended with GROUP_BY_AGGREGATE again",
            "Query failed with error: GROUP_BY_AGGREGATE",
            "x.AnalysisException: errorClass=GROUP_BY_AGGREGATE.NONE")) {
      assertThat(diagnose(message).key()).as(message).isEqualTo("spark/GROUP_BY_AGGREGATE");
    }
    assertThat(diagnose("the job ended with XGROUP_BY_AGGREGATE again").key())
        .startsWith("unknown/");
  }

  /** What the class wraps says more than the class. */
  @Test
  void aClassForWhatFailsInsideOfItYieldsToTheCause() {
    String outer =
        "[FOREACH_BATCH_USER_FUNCTION_ERROR] An error occurred in the user provided function. Reason: ";

    assertThat(diagnose(outer + "Connection reset by peer").key())
        .isEqualTo("network/connection-reset");
    assertThat(diagnose(outer + "odd").key()).isEqualTo("spark/FOREACH_BATCH_USER_FUNCTION_ERROR");
    assertThat(diagnose(outer + "odd").confidence()).isEqualTo(Confidence.HIGH);
  }

  @Test
  void anSqlstateAloneIsExplainedInTheTitle() {
    Diagnosis diagnosis = diagnose("query went wrong, SQLSTATE: 42P01");

    assertThat(diagnosis.category()).isEqualTo(Category.DEPENDENCY);
    assertThat(diagnosis.title()).endsWith(": undefined table");
  }

  @Test
  void theSqlstateOfAWrapperIsNotTheCause() {
    String wrapper = "[STREAM_FAILED] Query [id = 7] terminated with exception: ";

    assertThat(diagnose(wrapper + "it is odd. SQLSTATE: XXKST").key()).startsWith("unknown/");
    assertThat(diagnose(wrapper + "it is odd. SQLSTATE: 22003 SQLSTATE: XXKST").category())
        .isEqualTo(Category.DATA);
  }

  @Test
  void aUsersEntryGoesBeforeWhatIsPublished() {
    CauseCatalogue own =
        catalogue.with(
            "mine.yaml",
            """
            causes:
              - key: mine/grouping
                title: Ours
                category: data
                transience: transient
                classes: [GROUP_BY_AGGREGATE]
            """);

    Diagnosis diagnosis =
        new RootCauseClassifier(own)
            .classify(FailureEvidence.ofMessage("[GROUP_BY_AGGREGATE] no. SQLSTATE: 42903"));

    assertThat(diagnosis.key()).isEqualTo("mine/grouping");
    assertThat(diagnosis.confidence()).isEqualTo(Confidence.HIGH);
  }

  private Diagnosis diagnose(String message) {
    return classifier.classify(FailureEvidence.ofMessage(message));
  }
}
