/** What is logged of the processors' doings, at a bounded rate. */
package io.mendline.topology.logs;
