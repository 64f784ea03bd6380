/** {@code mendline config} and {@code mendline topics}: what has to be right before it runs. */
package io.mendline.cli.config;
