package io.mendline.cli.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which part may know which. It stands in this module because only this one sees them all. */
class ArchitectureTest {
  private static final String PROCESSORS = "io.mendline.processors..";
  private static final String ADAPTERS = "io.mendline.processors.kafka..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.mendline");

  @Test
  void modules_depend_one_way() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInAnyPackage("io.mendline..")
        .layer("schemas")
        .definedBy("io.mendline.schemas..")
        .layer("serdes")
        .definedBy("io.mendline.serdes..")
        .layer("processors")
        .definedBy(PROCESSORS)
        .layer("topology")
        .definedBy("io.mendline.topology..")
        .layer("databricks")
        .definedBy("io.mendline.databricks..")
        .layer("cli")
        .definedBy("io.mendline.cli..")
        .whereLayer("schemas")
        .mayNotAccessAnyLayer()
        .whereLayer("serdes")
        .mayOnlyAccessLayers("schemas")
        .whereLayer("processors")
        .mayOnlyAccessLayers("schemas", "serdes")
        .whereLayer("topology")
        .mayOnlyAccessLayers("schemas", "serdes", "processors")
        .whereLayer("databricks")
        .mayOnlyAccessLayers("schemas", "serdes")
        .whereLayer("cli")
        .mayOnlyAccessLayers("schemas", "serdes", "processors", "topology", "databricks")
        .ensureAllClassesAreContainedInArchitecture()
        .check(CLASSES);
  }

  @Test
  void what_talks_to_Databricks_is_told_the_time_and_knows_no_Kafka_Streams() {
    noClasses()
        .that()
        .resideInAPackage("io.mendline.databricks..")
        .and()
        .doNotHaveSimpleName("SystemTime")
        .should(reach("java.lang.System", "currentTimeMillis"))
        .orShould(reach("java.lang.Thread", "sleep"))
        .orShould(reach("java.time.*", "now"))
        .because("what waits is tested without waiting")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.mendline.databricks..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.streams..")
        .check(CLASSES);
  }

  @Test
  void concerns_know_no_Kafka() {
    noClasses()
        .that()
        .resideInAPackage(PROCESSORS)
        .and()
        .resideOutsideOfPackage(ADAPTERS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .because("a concern runs in replay as it runs on a broker")
        .check(CLASSES);
  }

  @Test
  void nothing_within_processors_depends_on_the_adapters() {
    noClasses()
        .that()
        .resideInAPackage(PROCESSORS)
        .and()
        .resideOutsideOfPackage(ADAPTERS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ADAPTERS)
        .check(CLASSES);
  }

  @Test
  void the_contract_and_the_codecs_know_no_Kafka_Streams() {
    noClasses()
        .that()
        .resideInAnyPackage("io.mendline.schemas..", "io.mendline.serdes..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.streams..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sentinel",
        "runs",
        "regression",
        "capacity",
        "mix",
        "checks",
        "partitions",
        "recurrence",
        "incident"
      })
  void detectors_do_not_know_each_other(String concern) {
    String own = "io.mendline.processors." + concern + "..";
    ArchRule rule =
        noClasses()
            .that()
            .resideInAPackage(own)
            .should()
            .dependOnClassesThat(aConcern().and(DescribedPredicate.not(resideInAPackage(own))))
            .because("a concern is told what another has found by what that one puts out");
    rule.check(CLASSES);
  }

  @Test
  void the_planner_and_the_governor_know_neither_detectors_nor_each_other() {
    noClasses()
        .that()
        .resideInAPackage("io.mendline.processors.remediation..")
        .should()
        .dependOnClassesThat(aConcern().or(resideInAPackage("io.mendline.processors.governor..")))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("io.mendline.processors.governor..")
        .should()
        .dependOnClassesThat(
            aConcern().or(resideInAPackage("io.mendline.processors.remediation..")))
        .check(CLASSES);
  }

  @Test
  void packages_form_no_cycles() {
    slices().matching("io.mendline.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  /** Time comes in as a field of a message, or as a supplier that the runtime hands over. */
  @Test
  void no_concern_asks_for_the_time() {
    noClasses()
        .that()
        .resideInAPackage(PROCESSORS)
        .should(reach("java.lang.System", "currentTimeMillis"))
        .orShould(reach("java.time.*", "now"))
        .orShould(reach("java.time.Clock", "system.*"))
        .because("the result is a function of the input")
        .check(CLASSES);
  }

  @Test
  void no_id_and_no_choice_is_left_to_chance() {
    noClasses()
        .that()
        .resideInAPackage(PROCESSORS)
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java.util.(Random|SplittableRandom|concurrent.ThreadLocalRandom)")
        .orShould(reach("java.util.UUID", "randomUUID"))
        .orShould(reach("java.lang.Math", "random"))
        .because("an id is made from content")
        .check(CLASSES);
  }

  /** Calls a method, or hands it on as a reference. */
  private static ArchCondition<JavaClass> reach(String owner, String method) {
    return ArchConditions.accessTargetWhere(
        DescribedPredicate.describe(
            owner + "." + method,
            access ->
                access.getTarget().getOwner().getName().matches(owner.replace("*", "[A-Za-z]+"))
                    && access.getTarget().getName().matches(method)));
  }

  private static DescribedPredicate<JavaClass> aConcern() {
    return resideInAPackage("io.mendline.processors.sentinel..")
        .or(resideInAPackage("io.mendline.processors.runs.."))
        .or(resideInAPackage("io.mendline.processors.regression.."))
        .or(resideInAPackage("io.mendline.processors.capacity.."))
        .or(resideInAPackage("io.mendline.processors.mix.."))
        .or(resideInAPackage("io.mendline.processors.recurrence.."))
        .or(resideInAPackage("io.mendline.processors.incident.."))
        .as("a concern of the line");
  }
}
