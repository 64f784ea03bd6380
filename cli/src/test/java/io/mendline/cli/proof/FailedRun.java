package io.mendline.cli.proof;

import io.mendline.cli.sample.SampleMessage;
import io.mendline.processors.pipeline.Source;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** A Databricks run that failed, as its source tells it: found at once. */
final class FailedRun {
  private static final Instant FROM = Instant.parse("2026-06-10T06:00:00Z");

  private FailedRun() {}

  static SampleMessage of(int job, int run) {
    long end = FROM.plusSeconds(run % 1_000L).toEpochMilli();
    String json =
        """
        {"job_id":%d,"run_id":%d,"run_name":"load","run_type":"JOB_RUN","start_time":%d,"end_time":%d,\
        "run_page_url":"https://adb-4321987650123456.16.azuredatabricks.net/?o=4321987650123456#job/%d/run/%d",\
        "status":{"state":"TERMINATED","termination_details":{"code":"CLOUD_FAILURE","type":"CLOUD_FAILURE",\
        "message":"The cloud provider failed."}}}"""
            .formatted(job, run, end - 60_000, end, job, run);
    return new SampleMessage(Source.RUNS, null, end, json.getBytes(StandardCharsets.UTF_8));
  }
}
