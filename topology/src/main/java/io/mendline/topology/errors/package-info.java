/** What becomes of an error: a dead letter, another try, another thread, or the end. */
package io.mendline.topology.errors;
