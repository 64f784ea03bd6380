package io.mendline.databricks.poller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.serdes.binary.Hash64;
import java.nio.charset.StandardCharsets;

/** The settings of a job: their version, and the message that tells them. */
final class JobSettings {
  private static final ObjectMapper SORTED =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

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

  /** {@code {"kind":"job",…}}; the job may lose secrets and, if it is too large, fields. */
  static byte[] told(String workspaceId, ObjectNode job, boolean deleted) {
    Scrubber.scrub(job);
    ObjectNode message = job.objectNode();
    message.put("kind", "job").put("workspaceId", workspaceId);
    if (deleted) {
      message.put("deleted", true);
    }
    message.set("job", job);
    return MessageSize.ofJob(message);
  }
}
