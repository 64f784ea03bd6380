/**
 * Benchmarks, on JMH: {@code docs/benchmarks.md} says how to run them and what they gave. And how
 * well metrics that got worse are found, see {@code docs/evaluation/regression.md}.
 */
package io.mendline.benchmarks;
