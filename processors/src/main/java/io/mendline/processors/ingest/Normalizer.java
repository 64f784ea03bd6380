package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Payload;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.Signal;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.Subject;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.telemetry.Change;
import io.mendline.serdes.telemetry.CheckResult;
import io.mendline.serdes.telemetry.Heartbeat;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.MetricSample;
import io.mendline.serdes.telemetry.PartitionRow;
import io.mendline.serdes.telemetry.RuleChange;
import io.mendline.serdes.telemetry.RunState;
import io.mendline.serdes.telemetry.SentinelHealth;
import io.mendline.serdes.telemetry.TelemetryRecord;
import io.mendline.serdes.telemetry.TokenUsage;

/** Turns a fact of telemetry into a signal: decides its route and the resource it speaks of. */
final class Normalizer {
  private Normalizer() {}

  static Signal signal(Source source, Coordinates at, TelemetryRecord fact) {
    String route;
    Subject subject;
    if (fact instanceof SentinelHealth health) {
      route = Routes.sentinel(health.workspace());
      subject = subject(health);
    } else if (fact instanceof RuleChange change) {
      route = Routes.sentinel(change.workspace());
      subject =
          new Subject(
              ResourceType.SENTINEL_RULE,
              change.ruleId(),
              change.name(),
              change.workspace(),
              change.tenant());
    } else if (fact instanceof RunState run) {
      route = Routes.databricks(run.workspace());
      subject =
          new Subject(
              run.isPipeline() ? ResourceType.DATABRICKS_PIPELINE : ResourceType.DATABRICKS_JOB,
              run.resourceId(),
              run.jobName(),
              run.workspace(),
              null);
    } else if (fact instanceof JobSettings job) {
      route = Routes.databricks(job.workspace());
      subject =
          new Subject(
              ResourceType.DATABRICKS_JOB, job.resourceId(), job.name(), job.workspace(), null);
    } else if (fact instanceof Heartbeat heartbeat) {
      route = Routes.databricks(heartbeat.workspace());
      subject =
          new Subject(
              ResourceType.DATABRICKS_WORKSPACE,
              heartbeat.workspace(),
              null,
              heartbeat.workspace(),
              null);
    } else if (fact instanceof TokenUsage usage) {
      route = Routes.service(usage.service());
      String scope = usage.service() + "/" + usage.model();
      subject =
          new Subject(
              ResourceType.CACHE_SCOPE,
              usage.environment() == null ? scope : scope + "/" + usage.environment(),
              null,
              null,
              null);
    } else if (fact instanceof Change change) {
      route = Routes.service(change.service() == null ? "" : change.service());
      subject = null;
    } else if (fact instanceof CheckResult result) {
      route = Routes.checks(result.workspace() == null ? result.resourceId() : result.workspace());
      subject =
          new Subject(
              Subject.type(result.resourceType()),
              result.resourceId(),
              result.resourceName(),
              result.workspace(),
              null);
    } else if (fact instanceof PartitionRow row) {
      route = Routes.dataset(row.dataset());
      subject = new Subject(ResourceType.DATASET_PARTITION, row.resourceId(), null, null, null);
    } else if (fact instanceof MetricSample sample) {
      route = Routes.metrics(sample.scope());
      subject =
          sample.node() == null
              ? new Subject(
                  ResourceType.METRIC, sample.scope() + "/" + sample.metric(), null, null, null)
              : new Subject(ResourceType.NODE_POOL, sample.scope(), null, null, null);
    } else {
      throw new IllegalStateException("no route for " + fact.getClass());
    }
    return new Signal(
        source, route, subject, fact.time(), fact.contentId(), at, new Payload.Observed(fact));
  }

  private static Subject subject(SentinelHealth health) {
    ResourceType type =
        switch (health.resourceType()) {
          case ANALYTICS_RULE -> ResourceType.SENTINEL_RULE;
          case CONNECTOR -> ResourceType.SENTINEL_CONNECTOR;
          case AUTOMATION_RULE -> ResourceType.SENTINEL_AUTOMATION;
          case PLAYBOOK -> ResourceType.SENTINEL_PLAYBOOK;
          case OTHER -> ResourceType.SENTINEL_WORKSPACE;
        };
    return new Subject(
        type, health.resourceId(), health.name(), health.workspace(), health.tenant());
  }
}
