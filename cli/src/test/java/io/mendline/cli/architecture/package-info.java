/** Checks which part of the code may know which. */
package io.mendline.cli.architecture;
