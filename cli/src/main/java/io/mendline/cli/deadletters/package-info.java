/** {@code mendline dead-letters}: looks at what could not be taken, and sends it again. */
package io.mendline.cli.deadletters;
