/** What is found across failures: one root cause that keeps coming back in a workspace. */
package io.mendline.processors.recurrence;
