package io.mendline.serdes.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** The one factory that parsers and generators are made with. */
public final class JsonStreams {
  /** Levels of nesting that are followed; the same bound holds for what is only skipped. */
  public static final int MAX_NESTING = 1_000;

  /**
   * The factory. Field names are shared through its symbol table but not interned, because the
   * names come from outside and there is no end to them; for the same reason a crowded table is no
   * error. Lengths are bounded by the message, which the broker bounds; a number of any length does
   * no harm, since none is converted before its length has been looked at.
   */
  public static final JsonFactory FACTORY =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonStreams() {}
}
