package io.mendline.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/**
 * Holds the records in {@code docs/contract.md} against the schemas. When this fails, take what is
 * written to {@code target/contract-reference.md} into the document, between the marks.
 */
class ContractReferenceTest {
  private static final Path DOCUMENT =
      Path.of(System.getProperty("mendline.root"), "docs", "contract.md");
  private static final String BEGIN = "<!-- records: begin -->\n";
  private static final String END = "<!-- records: end -->";

  @Test
  void the_documented_records_are_the_records() throws IOException {
    String document = Files.readString(DOCUMENT);
    assertThat(document).contains(BEGIN, END);
    String documented =
        document.substring(document.indexOf(BEGIN) + BEGIN.length(), document.indexOf(END));

    String reference = reference();
    Path paste = Path.of(System.getProperty("basedir", ""), "target", "contract-reference.md");
    Files.writeString(paste, reference);

    assertThat(documented)
        .as("the records in docs/contract.md; paste %s between the marks", paste)
        .isEqualTo(reference);
  }

  private static String reference() {
    Map<String, Schema> types = new LinkedHashMap<>();
    Contract.PUBLIC_RECORDS.forEach(record -> types.put(record.getFullName(), record));
    Contract.PUBLIC_RECORDS.forEach(
        record -> Contract.namedTypes(record).forEach(types::putIfAbsent));
    StringBuilder text = new StringBuilder("### Records\n\n");
    types.values().stream()
        .filter(type -> type.getType() == Schema.Type.RECORD)
        .forEach(type -> record(type, text));
    text.append("### Enums\n\n| enum | symbols and meaning |\n|---|---|\n");
    types.values().stream()
        .filter(type -> type.getType() == Schema.Type.ENUM)
        .forEach(type -> anEnum(type, text));
    return text.toString();
  }

  private static void record(Schema type, StringBuilder text) {
    text.append("#### ").append(type.getName()).append("\n\n").append(line(type.getDoc()));
    text.append("\n\n| field | type | meaning |\n|---|---|---|\n");
    for (Schema.Field field : type.getFields()) {
      text.append("| `").append(field.name()).append("` | ").append(type(field.schema()));
      text.append(" | ").append(line(field.doc())).append(" |\n");
    }
    text.append('\n');
  }

  private static void anEnum(Schema type, StringBuilder text) {
    text.append("| `").append(type.getName()).append("` | ");
    text.append(String.join(", ", type.getEnumSymbols())).append(". ");
    text.append(line(type.getDoc())).append(" |\n");
  }

  private static String type(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> type(Contract.withoutNull(schema)) + "?";
      case ARRAY -> type(schema.getElementType()) + "[]";
      case MAP -> "map of " + type(schema.getValueType());
      case LONG -> schema.getLogicalType() == null ? "long" : "instant";
      case RECORD, ENUM -> schema.getName();
      default -> schema.getType().getName();
    };
  }

  /** On one line, and as text: what stands in angle brackets would be taken for a tag. */
  private static String line(String doc) {
    return doc.replaceAll("\\s+", " ").strip().replace("<", "&lt;").replace("|", "\\|");
  }
}
