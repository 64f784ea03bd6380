package io.mendline.processors.policy;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One version of one policy document, checked.
 *
 * @param id the document's name; documents are laid over each other in the order of their ids
 * @param effectiveAt from when it holds, epoch milliseconds
 * @param body the keys it changes
 */
public record PolicyDocument(String id, long effectiveAt, JsonNode body) {}
