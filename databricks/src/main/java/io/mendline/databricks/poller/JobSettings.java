package io.mendline.databricks.poller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.serdes.binary.Hash64;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** The settings of a job: their version, and the message that tells them. */
final class JobSettings {
  private static final ObjectMapper SORTED =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final long DAY = Duration.ofDays(1).toMillis();

  private JobSettings() {}

  /** Changes with the settings, not with the order of their keys. */
  static long version(ObjectNode job) {
    try {
      Object settings = SORTED.treeToValue(job.path("settings"), Object.class);
      return Hash64.xxHash64(SORTED.writeValueAsString(settings).getBytes(StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new AssertionError("what was read as JSON is JSON", e);
    }
  }

  /**
   * A number that changes with the settings, and once a day without them, of each job at its own
   * time: who begins to read later than a topic keeps messages must still come to know of the job.
   *
   * @param id the job's
   * @param now in milliseconds
   */
  static long telling(String id, ObjectNode job, long now) {
    long shift = Math.floorMod(Hash64.xxHash64(id.getBytes(StandardCharsets.UTF_8)), DAY);
    return version(job) + Math.floorDiv(now + shift, DAY);
  }

  /**
   * {@code {"kind":"job",…}}; the job may lose secrets and, if it is too large, fields.
   *
   * @param seenAt when the platform told it, in milliseconds: a job does not say since when its
   *     settings are what they are
   */
  static byte[] told(String workspaceId, ObjectNode job, boolean deleted, long seenAt) {
    Scrubber.scrub(job);
    ObjectNode message = job.objectNode();
    message
        .put("kind", "job")
        .put("workspaceId", workspaceId)
        .put("time", Instant.ofEpochMilli(seenAt).toString());
    if (deleted) {
      message.put("deleted", true);
    }
    message.set("job", job);
    return MessageSize.ofJob(message);
  }
}
