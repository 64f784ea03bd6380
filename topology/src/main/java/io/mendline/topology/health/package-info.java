/** How an instance is: live, started, ready. */
package io.mendline.topology.health;
