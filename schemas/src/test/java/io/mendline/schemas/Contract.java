package io.mendline.schemas;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/**
 * What the contract promises, as checks on schemas: each gives what is wrong, in words, and an
 * empty list where nothing is.
 */
final class Contract {

  /** Every record that is the value of a public topic; all other types are reached from these. */
  static final List<Schema> PUBLIC_RECORDS =
      List.of(
          Finding.getClassSchema(),
          Incident.getClassSchema(),
          Command.getClassSchema(),
          Outcome.getClassSchema(),
          Approval.getClassSchema(),
          Operation.getClassSchema(),
          Alert.getClassSchema(),
          AuditEntry.getClassSchema());

  static final String UNKNOWN = "UNKNOWN";

  private Contract() {}

  /**
   * What would hurt consumers or producers of the baseline. Avro's own check does not see all of
   * it: a field that has a default and a symbol of an enum that has one may be removed, and a
   * logical type changed, without Avro objecting, and consumers would find nothing, or nonsense, in
   * its place.
   */
  static List<String> broken(Schema baseline, Schema current) {
    var problems = new ArrayList<String>();
    unreadable(baseline, current)
        .forEach(problem -> problems.add("cannot read what the baseline wrote: " + problem));
    unreadable(current, baseline)
        .forEach(problem -> problems.add("a reader of the baseline cannot read it: " + problem));

    var now = namedTypes(current);
    namedTypes(baseline)
        .forEach(
            (name, before) -> {
              if (now.containsKey(name)) {
                problems.addAll(removed(before, now.get(name)));
              } else {
                problems.add("removed or renamed: " + name);
              }
            });
    return problems;
  }

  private static Stream<String> unreadable(Schema writer, Schema reader) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .map(it -> it.getType() + " at " + it.getLocation() + ": " + it.getMessage());
  }

  private static List<String> removed(Schema before, Schema now) {
    var problems = new ArrayList<String>();
    if (before.getType() != now.getType()) {
      problems.add(before.getFullName() + " is no longer of type " + before.getType().getName());
    } else if (before.getType() == Schema.Type.ENUM) {
      before.getEnumSymbols().stream()
          .filter(symbol -> !now.hasEnumSymbol(symbol))
          .forEach(symbol -> problems.add("removed: symbol " + before.getName() + "." + symbol));
    } else if (before.getType() == Schema.Type.RECORD) {
      for (var field : before.getFields()) {
        var place = before.getName() + "." + field.name();
        var counterpart = now.getField(field.name());
        if (counterpart == null) {
          problems.add("removed or renamed: field " + place);
        } else if (!logicalType(field).equals(logicalType(counterpart))) {
          problems.add("unit changed: field " + place);
        }
      }
    }
    return problems;
  }

  private static String logicalType(Schema.Field field) {
    var schema = withoutNull(field.schema());
    return Objects.toString(schema.getProp("logicalType"), "");
  }

  /**
   * Enums whose new symbols would break the readers of today, or that hide UNKNOWN among others.
   */
  static List<String> enumsWithoutUnknown(Schema root) {
    return enums(root).stream()
        .filter(it -> !UNKNOWN.equals(it.getEnumDefault()) || !UNKNOWN.equals(lastSymbol(it)))
        .map(
            it ->
                "%s has default %s and ends with %s"
                    .formatted(it.getFullName(), it.getEnumDefault(), lastSymbol(it)))
        .toList();
  }

  private static String lastSymbol(Schema anEnum) {
    return anEnum.getEnumSymbols().get(anEnum.getEnumSymbols().size() - 1);
  }

  /** Records, fields and enums that do not say what they mean. */
  static List<String> undocumented(Schema root) {
    var silent = new ArrayList<String>();
    for (var type : namedTypes(root).values()) {
      if (isBlank(type.getDoc())) {
        silent.add(type.getName());
      }
      if (type.getType() == Schema.Type.RECORD) {
        type.getFields().stream()
            .filter(field -> isBlank(field.doc()))
            .forEach(field -> silent.add(type.getName() + "." + field.name()));
      }
    }
    return silent;
  }

  /** Fields that may be absent, or hold many, and yet have to be set. */
  static List<String> withoutNaturalDefault(Schema root) {
    var found = new ArrayList<String>();
    for (var type : namedTypes(root).values()) {
      if (type.getType() == Schema.Type.RECORD) {
        type.getFields().stream()
            .filter(field -> MANY_OR_NONE.contains(field.schema().getType()))
            .filter(field -> !field.hasDefaultValue())
            .forEach(field -> found.add(type.getName() + "." + field.name()));
      }
    }
    return found;
  }

  private static final Set<Schema.Type> MANY_OR_NONE =
      Set.of(Schema.Type.UNION, Schema.Type.ARRAY, Schema.Type.MAP);

  static List<Schema> enums(Schema root) {
    return namedTypes(root).values().stream()
        .filter(it -> it.getType() == Schema.Type.ENUM)
        .toList();
  }

  /** Every record and enum reached from a schema, itself included, by full name. */
  static Map<String, Schema> namedTypes(Schema root) {
    var found = new LinkedHashMap<String, Schema>();
    collect(root, found);
    return found;
  }

  private static void collect(Schema schema, Map<String, Schema> found) {
    switch (schema.getType()) {
      case RECORD -> {
        if (found.putIfAbsent(schema.getFullName(), schema) == null) {
          schema.getFields().forEach(field -> collect(field.schema(), found));
        }
      }
      case ENUM -> found.putIfAbsent(schema.getFullName(), schema);
      case ARRAY -> collect(schema.getElementType(), found);
      case MAP -> collect(schema.getValueType(), found);
      case UNION -> schema.getTypes().forEach(branch -> collect(branch, found));
      default -> {}
    }
  }

  /** What a field holds when it is not null. */
  static Schema withoutNull(Schema schema) {
    return schema.getType() != Schema.Type.UNION
        ? schema
        : schema.getTypes().stream()
            .filter(branch -> branch.getType() != Schema.Type.NULL)
            .findFirst()
            .orElseThrow();
  }

  private static boolean isBlank(String textOrNull) {
    return textOrNull == null || textOrNull.isBlank();
  }
}
