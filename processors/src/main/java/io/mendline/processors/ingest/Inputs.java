package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Source;

/** What ingest knows of the topics it reads, beside their messages. */
public interface Inputs {
  /** How many partitions the source's topic has; 0 when it is not read. */
  int partitions(Source source);

  /**
   * Up to when a partition is known to have been read to its end: the wall-clock time, epoch
   * milliseconds, at which the broker last confirmed that nothing more was there.
   *
   * @param lastOffset the offset of the last message that was processed, -1 for none
   * @return that time, or -1 while there is more to read
   */
  long readToEndAt(Source source, int partition, long lastOffset);
}
