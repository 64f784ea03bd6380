package io.mendline.processors.cause;

import java.util.Locale;

/** What kind of thing has to change before the work can succeed. */
public enum Category {
  /** The program or query is wrong. */
  CODE,
  /** The data is not what the program was written for. */
  DATA,
  /** Something that should be there first (table, file, library, upstream run) is not. */
  DEPENDENCY,
  /** Credentials or permissions. */
  ACCESS,
  /** Settings of the job, cluster, rule or connection. */
  CONFIGURATION,
  /** Memory, disk, quota, rate limits, instances. */
  CAPACITY,
  /** The platform, the cloud or the network below it. */
  PLATFORM,
  /** Others were changing the same thing at the same time. */
  CONCURRENCY,
  /** It took longer than it was allowed to. */
  TIMEOUT,
  /** Somebody or something stopped it on purpose. */
  CANCELLED,
  /** Nothing says. */
  UNKNOWN;

  /** The spelling used in the catalogue and in JSON, such as {@code platform}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
