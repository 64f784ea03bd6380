/** The {@code mendline} command. */
package io.mendline.cli;
