/**
 * Proofs of the laws: the result is the same in every runtime, order and partition count, and after
 * crashes.
 */
package io.mendline.cli.proof;
