/** The governor: one writer that releases, holds, drops and revokes commands. */
package io.mendline.processors.governor;
