/** Wiring, configuration and the service. */
package io.mendline.topology;
