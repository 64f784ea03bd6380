package io.mendline.processors.capacity;

import java.util.SortedMap;

/**
 * What was measured in one minute.
 *
 * @param start epoch milliseconds
 * @param nodes by name; {@link Names#NONE} stands for the scope as a whole
 * @param greatest the greatest single sample
 */
record ClosedBin(long start, SortedMap<String, Node> nodes, double greatest) {
  /**
   * What was measured at one node.
   *
   * @param load the sum of value times weight
   * @param weight the sum of weights
   */
  record Node(double load, double weight) {
    /** The weighted mean; NaN where the weights are too small to be added up. */
    double mean() {
      return load / weight;
    }
  }

  long end() {
    return start + OpenBin.LENGTH;
  }

  /** The weighted mean of all; NaN where the weights are too small to be added up. */
  double mean() {
    double load = 0;
    double weight = 0;
    for (Node node : nodes.values()) {
      load += node.load();
      weight += node.weight();
    }
    return load / weight;
  }

  /** The node with the greatest mean, of several the first by name. */
  String hottest() {
    return extreme(true);
  }

  /** The node with the least mean, of several the first by name. */
  String coldest() {
    return extreme(false);
  }

  private String extreme(boolean greatestMean) {
    String found = nodes.firstKey();
    for (var node : nodes.entrySet()) {
      double mean = node.getValue().mean();
      double best = nodes.get(found).mean();
      if (greatestMean ? mean > best : mean < best) {
        found = node.getKey();
      }
    }
    return found;
  }
}
