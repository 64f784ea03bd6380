/**
 * The demo: a day at a small data platform, played through the real topics of an embedded broker to
 * the service as it runs in production, with a simulated platform that answers.
 */
package io.mendline.cli.demo;
