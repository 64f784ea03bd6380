/** Incidents: the life of one trouble on one resource, from the first finding to its resolution. */
package io.mendline.processors.incident;
