/** {@code mendline poll-runs}: the settings of the run poller, and the command. */
package io.mendline.cli.poll;
