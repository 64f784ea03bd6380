/** Recorded telemetry through the same code as in service, offline and repeatable. */
package io.mendline.cli.replay;
