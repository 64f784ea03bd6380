/** Checks that did not pass. */
package io.mendline.processors.checks;
