/**
 * What is deployed beside the service: that its metrics are documented, asked for and there, and
 * that image and Compose file do what they say.
 */
package io.mendline.cli.deploy;
