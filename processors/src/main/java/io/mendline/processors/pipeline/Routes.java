package io.mendline.processors.pipeline;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Routes and the partitions they live in.
 *
 * <p>A route is text such as {@code sentinel:<workspace>}. Its hash, eight hexadecimal digits,
 * begins every incident and command id made on it, so that an answer that carries only such an id
 * finds its partition.
 */
public final class Routes {
  private static final String SENTINEL = "sentinel:";

  private static final String DATASET = "dataset:";

  /** The length of a route's hash, in characters. */
  public static final int HASH_LENGTH = 8;

  private Routes() {}

  /** The route of everything about one Sentinel workspace. */
  public static String sentinel(String workspace) {
    return SENTINEL + workspace;
  }

  /** The workspace that a route of {@link #sentinel} is of. */
  public static String workspace(String sentinelRoute) {
    return sentinelRoute.substring(SENTINEL.length());
  }

  /** The route of everything about one Databricks workspace. */
  public static String databricks(String workspace) {
    return "databricks:" + workspace;
  }

  /** The route of a service and its caches. */
  public static String service(String service) {
    return "service:" + service;
  }

  /** The route of what checks found of a workspace, or of a resource that is in none. */
  public static String checks(String workspace) {
    return "checks:" + workspace;
  }

  /**
   * The route of the metrics of a pool, service or other scope: that of its service, so that the
   * changes of the service are known where its metrics are judged.
   */
  public static String metrics(String scope) {
    return service(serviceOf(scope));
  }

  /**
   * The service that a scope of metrics belongs to: what stands before the first slash, or the
   * whole scope where it begins with one, as the ids of Azure's resources do.
   */
  public static String serviceOf(String scope) {
    int slash = scope.indexOf('/');
    return slash > 0 ? scope.substring(0, slash) : scope;
  }

  /** The route of everything about one dataset. */
  public static String dataset(String dataset) {
    return DATASET + dataset;
  }

  /** The hash of a route: eight lower-case hexadecimal digits. */
  public static String hash(String route) {
    return hex(hashOf(route));
  }

  /** The partition of a route among {@code partitions}. */
  public static int partition(String route, int partitions) {
    return partitionOf(hashOf(route), partitions);
  }

  /**
   * The partition of the route with this {@link #hash}, with which incident and command ids begin.
   */
  public static int partitionOfHash(String hash, int partitions) {
    return partitionOf(Integer.parseUnsignedInt(hash, 0, HASH_LENGTH, 16), partitions);
  }

  /** Whether an id begins with a route hash and a dash, as incident and command ids do. */
  public static boolean isId(String id) {
    if (id == null || id.length() <= HASH_LENGTH || id.charAt(HASH_LENGTH) != '-') {
      return false;
    }
    for (int i = 0; i < HASH_LENGTH; i++) {
      if (Character.digit(id.charAt(i), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int partitionOf(int hash, int partitions) {
    return Integer.remainderUnsigned(hash, partitions);
  }

  private static int hashOf(String route) {
    CRC32C crc = new CRC32C();
    crc.update(route.getBytes(StandardCharsets.UTF_8));
    // CRC spreads badly over the low bits of near-equal texts; the finaliser of MurmurHash3 mends
    // that.
    int hash = (int) crc.getValue();
    hash ^= hash >>> 16;
    hash *= 0x85ebca6b;
    hash ^= hash >>> 13;
    hash *= 0xc2b2ae35;
    hash ^= hash >>> 16;
    return hash;
  }

  private static String hex(int hash) {
    String digits = Integer.toHexString(hash);
    return "0".repeat(HASH_LENGTH - digits.length()) + digits;
  }
}
