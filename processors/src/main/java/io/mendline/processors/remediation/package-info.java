/** The planner: what to ask for about a trouble, when, and when to give up. Pure. */
package io.mendline.processors.remediation;
