/** A real broker in this process, for the demo and for tests. */
package io.mendline.cli.broker;
