package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One row of a list.
 *
 * @param key its place
 * @param document what is shown
 */
record Row(RowKey key, ObjectNode document) {}
