/** The run poller: reads runs and jobs of workspaces and puts them on the topic of runs. */
package io.mendline.databricks.poller;
