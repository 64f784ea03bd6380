package io.mendline.processors.capacity;

import io.mendline.processors.pipeline.Ids;

/** Names of nodes as they are kept. */
final class Names {
  /** Of what was measured of the scope as a whole. */
  static final String NONE = "";

  /** Longer ones are cut: names of cloud nodes have some 40 characters. */
  private static final int LONGEST = 64;

  private static final int DIGITS = 8;

  private Names() {}

  /**
   * The name of a node; one that is cut ends with a digest of all of it, so that two stay two.
   *
   * @param node null for none
   */
  static String of(String node) {
    if (node == null) {
      return NONE;
    }
    return node.length() <= LONGEST
        ? node
        : node.substring(0, LONGEST - DIGITS - 1) + "~" + Ids.digest(node).substring(0, DIGITS);
  }
}
