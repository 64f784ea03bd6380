/**
 * Policies: thresholds, permissions, ladders and ownership, as documents with a time from which
 * they hold.
 */
package io.mendline.processors.policy;
