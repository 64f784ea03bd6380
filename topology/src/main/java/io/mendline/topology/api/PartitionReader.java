package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Finds the rows of one partition that answer a question. */
interface PartitionReader {
  /**
   * The first rows after the question's place, in order, at most one more than its limit.
   *
   * @throws StoreReader.NotHere when this instance does not hold the partition
   */
  List<Candidate> read(StoreReader store, Question question) throws StoreReader.NotHere;

  /** A row that may be shown. Its document is made only if it is. */
  record Candidate(RowKey key, Document document) {
    static Candidate of(RowKey key, ObjectNode document) {
      return new Candidate(key, () -> document);
    }
  }

  /** Makes a document. */
  interface Document {
    /**
     * The document; null when what it is about has gone meanwhile.
     *
     * @throws StoreReader.NotHere when this instance does not hold the partition any more
     */
    ObjectNode make() throws StoreReader.NotHere;
  }
}
