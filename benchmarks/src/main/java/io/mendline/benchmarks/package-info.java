/** Benchmarks, on JMH. {@code docs/benchmarks.md} says how to run them and what they gave. */
package io.mendline.benchmarks;
