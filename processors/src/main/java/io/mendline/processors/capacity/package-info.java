/** Pools that are hot or out of balance, and metrics beyond their limits. */
package io.mendline.processors.capacity;
