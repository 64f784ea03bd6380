package io.mendline.databricks.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Takes what is listed, one by one.
 *
 * @param <X> what else may go wrong
 */
@FunctionalInterface
public interface Taker<X extends Exception> {
  /** One element of a list. */
  void take(ObjectNode each) throws ApiException, InterruptedException, X;
}
