package io.mendline.processors.pipeline;

/**
 * The key of one state: the route that decides the partition, and an id within it.
 *
 * @param route what is judged together and lives in one partition, as {@code databricks:1234}
 * @param id the resource, or whatever else the concern keys by, unique within route and concern
 */
public record StateKey(String route, String id) implements Comparable<StateKey> {

  @Override
  public int compareTo(StateKey other) {
    int byRoute = route.compareTo(other.route);
    return byRoute != 0 ? byRoute : id.compareTo(other.id);
  }
}
