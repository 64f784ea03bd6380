package io.mendline.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the contract against what was promised: {@code src/baseline} has the schema of each public
 * record as consumers know it, and the contract of today must read what they write and write what
 * they read.
 *
 * <p>When this fails, take the change back: add a field with a default instead of changing one, add
 * a symbol instead of renaming one. What was <em>added</em> never fails; take it into the baseline
 * with a release, from when on it is promised too:
 *
 * <pre>./mvnw -pl schemas test -Dmendline.baseline=write</pre>
 *
 * Writing the baseline after a failure breaks every consumer that is not upgraded at the same
 * moment; that is right only for what was never released.
 */
class ContractTest {

  private static final Path BASELINE =
      Path.of(System.getProperty("basedir", "")).resolve("src/baseline");
  private static final List<Schema> PUBLIC_RECORDS = Contract.PUBLIC_RECORDS;

  @BeforeAll
  static void writeBaselineIfAsked() throws IOException {
    if ("write".equals(System.getProperty("mendline.baseline"))) {
      Files.createDirectories(BASELINE);
      for (var schema : PUBLIC_RECORDS) {
        Files.writeString(
            baselineFile(schema),
            SchemaFormatter.format("json/pretty", forConsumers(schema)) + "\n");
      }
    }
  }

  @ParameterizedTest
  @FieldSource("PUBLIC_RECORDS")
  void keepsWhatTheBaselinePromises(Schema current) throws IOException {
    var baseline = new Schema.Parser().parse(Files.readString(baselineFile(current)));

    assertThat(Contract.broken(baseline, current))
        .as(
            "%s against %s. Take the change back, or, only if the baseline was never released, write"
                + " it anew: ./mvnw -pl schemas test -Dmendline.baseline=write",
            current.getFullName(), BASELINE.relativize(baselineFile(current)))
        .isEmpty();
  }

  @ParameterizedTest
  @FieldSource("PUBLIC_RECORDS")
  void everyEnumFallsBackToUnknown(Schema current) {
    assertThat(Contract.enumsWithoutUnknown(current)).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("PUBLIC_RECORDS")
  void everythingSaysWhatItMeans(Schema current) {
    assertThat(Contract.undocumented(current)).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("PUBLIC_RECORDS")
  void whatMayBeAbsentNeedNotBeSet(Schema current) {
    assertThat(Contract.withoutNaturalDefault(current)).isEmpty();
  }

  static Stream<Arguments> enumsOfRecords() {
    return PUBLIC_RECORDS.stream()
        .flatMap(record -> Contract.enums(record).stream().map(it -> Arguments.of(record, it)));
  }

  /** A producer of a later release writes a symbol that is not known today. */
  @ParameterizedTest
  @MethodSource("enumsOfRecords")
  void readsASymbolOfTheFutureAsUnknown(Schema today, Schema extended) throws IOException {
    var future = Samples.withFutureSymbol(today, extended);
    var fromTheFuture = Samples.written(future, extended, Samples.FUTURE_SYMBOL);
    var unknown = Samples.written(today, extended, Contract.UNKNOWN);
    var known = Samples.written(today, extended, extended.getEnumSymbols().get(0));

    assertThat(Samples.read(fromTheFuture, future, today))
        .isEqualTo(Samples.read(unknown, today, today))
        .isNotEqualTo(Samples.read(known, today, today));
  }

  /** The generated classes read and write just what the schema says, instants within unions too. */
  @ParameterizedTest
  @MethodSource("enumsOfRecords")
  void readsAndWritesTheSameBytes(Schema schema, Schema anyEnum) throws IOException {
    var bytes = Samples.written(schema, anyEnum, Contract.UNKNOWN);

    assertThat(Samples.written(Samples.read(bytes, schema, schema))).isEqualTo(bytes);
  }

  @Test
  void buildsWithWhatIsAbsentLeftOut() {
    var outcome =
        Outcome.newBuilder()
            .setCommandId("3f-9a1c")
            .setStatus(OutcomeStatus.SUCCEEDED)
            .setAt(Instant.parse("2026-01-01T00:00:00.123456Z"))
            .setActor("executor")
            .build();

    assertThat(outcome.getAt()).isEqualTo("2026-01-01T00:00:00.123Z");
    assertThat(outcome.getDetail()).isNull();
    assertThatThrownBy(() -> Outcome.newBuilder().build()).isInstanceOf(AvroRuntimeException.class);
  }

  private static final String PROMISED =
      """
      {"type": "record", "name": "Promise", "namespace": "test", "doc": "For the tests below.", "fields": [
        {"name": "id", "type": "string", "doc": "Required."},
        {"name": "note", "type": ["null", "string"], "default": null, "doc": "Optional."},
        {"name": "count", "type": "int", "doc": "Required."},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}, "doc": "Required."},
        {"name": "level", "doc": "Required.", "type": {"type": "enum", "name": "Level", "doc": "An enum.",
          "symbols": ["LOW", "HIGH", "UNKNOWN"], "default": "UNKNOWN"}}]}""";

  /**
   * The check itself can fail: each line is a change that breaks somebody, and what is said of it.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          required field removed    | {"name": "id", "type": "string", "doc": "Required."}, |                                   | READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0: id
          field required in future  | "fields": [                                   | "fields": [{"name": "extra", "type": "string"}, | READER_FIELD_MISSING_DEFAULT_VALUE at /fields/0: extra
          type changed              | "name": "id", "type": "string"                | "name": "id", "type": "long"           | TYPE_MISMATCH at /fields/0/type
          type widened              | "type": "int"                                 | "type": "long"                         | a reader of the baseline cannot read it: TYPE_MISMATCH
          symbol and default gone   | "HIGH", "UNKNOWN"], "default": "UNKNOWN"      | "UNKNOWN"]                             | cannot read what the baseline wrote: MISSING_ENUM_SYMBOLS
          symbol removed            | "HIGH",                                       |                                        | removed: symbol Level.HIGH
          symbol renamed            | "HIGH"                                        | "TALL"                                 | removed: symbol Level.HIGH
          optional field renamed    | "name": "note"                                | "name": "remark"                       | removed or renamed: field Promise.note
          unit of time changed      | timestamp-millis                              | timestamp-micros                       | unit changed: field Promise.at
          enum renamed              | "name": "Level"                               | "name": "Grade"                        | removed or renamed: test.Level
          """)
  void findsWhatIsBroken(String change, String before, String afterOrNull, String said) {
    var after = afterOrNull == null ? "" : afterOrNull;
    assertThat(PROMISED).as("what is to be changed").contains(before);

    assertThat(Contract.broken(parse(PROMISED), parse(PROMISED.replace(before, after))))
        .as(change)
        .anyMatch(problem -> problem.contains(said));
  }

  @Test
  void findsNothingWrongWithWhatIsAdded() {
    var grown =
        PROMISED
            .replace("\"UNKNOWN\"],", "\"UNKNOWN\", \"HIGHEST\"],")
            .replace(
                "\"fields\": [",
                "\"fields\": [{\"name\": \"extra\", \"type\": \"int\", \"default\": 0},");

    assertThat(Contract.broken(parse(PROMISED), parse(grown))).isEmpty();
  }

  @Test
  void findsAnEnumWithoutUnknownAndWhatIsUndocumented() {
    assertThat(Contract.enumsWithoutUnknown(parse(PROMISED))).isEmpty();
    assertThat(
            Contract.enumsWithoutUnknown(
                parse(PROMISED.replace("\"default\": \"UNKNOWN\"", "\"default\": \"LOW\""))))
        .containsExactly("test.Level has default LOW and ends with UNKNOWN");

    assertThat(Contract.undocumented(parse(PROMISED))).isEmpty();
    assertThat(
            Contract.undocumented(
                parse(PROMISED.replaceAll("\"doc\": \"[^\"]*\"", "\"doc\": \" \""))))
        .containsExactly(
            "Promise",
            "Promise.id",
            "Promise.note",
            "Promise.count",
            "Promise.at",
            "Promise.level",
            "Level");
  }

  private static Schema parse(String json) {
    return new Schema.Parser().parse(json);
  }

  private static Path baselineFile(Schema schema) {
    return BASELINE.resolve(schema.getName() + ".avsc");
  }

  /** Without the hint for Java's strings, which is nothing to consumers in other languages. */
  private static Schema forConsumers(Schema schema) {
    return parse(
        schema
            .toString()
            .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
            .replace(",\"avro.java.string\":\"String\"", ""));
  }
}
