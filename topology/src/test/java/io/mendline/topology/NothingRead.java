package io.mendline.topology;

import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Source;

/** Topics of which nothing is known. */
final class NothingRead implements Inputs {
  @Override
  public int partitions(Source source) {
    return 0;
  }

  @Override
  public long readToEndAt(Source source, int partition, long lastOffset) {
    return -1;
  }
}
