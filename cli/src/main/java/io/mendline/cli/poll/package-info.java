/** The settings of {@code mendline poll-runs}. */
package io.mendline.cli.poll;
