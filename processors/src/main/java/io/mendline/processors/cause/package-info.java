/**
 * Root causes: from what a platform says of a failure to a stable key for <em>why</em>, with a
 * category, whether waiting can help, and what to do.
 *
 * <p>{@link io.mendline.processors.cause.RootCauseClassifier} is the way in, {@link
 * io.mendline.processors.cause.CauseCatalogue} holds what is known, {@link
 * io.mendline.processors.cause.MessageShape} groups what is not. Everything here is a pure function
 * of its arguments.
 */
package io.mendline.processors.cause;
