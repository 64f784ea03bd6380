package io.mendline.serdes.json;

import org.apache.avro.Schema;

/** How errors name the place in a record, and what of a schema is left without null. */
final class Paths {
  private Paths() {}

  static String child(String path, String name) {
    return path.isEmpty() ? name : path + '.' + name;
  }

  static String element(String path, int index) {
    return path + '[' + index + ']';
  }

  /** The contract knows one kind of union: a type, or null. */
  static Schema withoutNull(Schema schema) {
    if (!schema.isUnion()) {
      return schema;
    }
    for (Schema branch : schema.getTypes()) {
      if (branch.getType() != Schema.Type.NULL) {
        return branch;
      }
    }
    return schema;
  }
}
