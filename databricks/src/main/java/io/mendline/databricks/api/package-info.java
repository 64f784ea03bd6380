/** Calls to the Databricks REST API: login, limits, errors. */
package io.mendline.databricks.api;
