package io.mendline.processors.incident;

import io.mendline.processors.pipeline.StateIndex.IndexEntry;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.schemas.IncidentStatus;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.binary.BinaryWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What incidents are found by: {@code status|updatedAt|id}, the newest first, with an {@link
 * IncidentSummary}, and {@code resource|id}.
 */
public final class IncidentIndex {
  private static final String BY_STATUS = "status/";
  private static final String BY_RESOURCE = "resource/";

  /** Ends a name; below every character of one. */
  private static final char END = '\0';

  private static final char AFTER_END = '\1';

  /** What stands at a resource says nothing itself: it never has to be written again. */
  private static final byte[] NOTHING = {0};

  private IncidentIndex() {}

  /** The entries of an incident. */
  public static List<IndexEntry> entriesOf(StateKey key, IncidentState state) {
    if (state.forgotten) {
      return List.of();
    }
    IncidentSummary summary = IncidentSummary.of(state);
    BinaryWriter out = new BinaryWriter(256);
    summary.write(out);
    return List.of(
        new IndexEntry(
            byStatus(summary.status(), summary.updatedAt(), summary.id()), out.toByteArray()),
        new IndexEntry(byResource(summary.type(), summary.resource(), summary.id()), NOTHING));
  }

  /**
   * The place of an incident among those of its status.
   *
   * @param updatedAt epoch milliseconds; newer ones come first
   * @param id where to begin among those of one instant; empty for the first
   */
  public static byte[] byStatus(IncidentStatus status, long updatedAt, String id) {
    byte[] before = utf8(BY_STATUS + status.name() + END);
    byte[] after = utf8(id);
    return ByteBuffer.allocate(before.length + Long.BYTES + after.length)
        .put(before)
        // Big-endian and turned round: unsigned bytes in order are the newest first.
        .putLong(~(updatedAt ^ Long.MIN_VALUE))
        .put(after)
        .array();
  }

  /** The end, exclusive, of the incidents of a status. */
  public static byte[] endOf(IncidentStatus status) {
    return utf8(BY_STATUS + status.name() + AFTER_END);
  }

  /** The beginning of the incidents of a resource; what follows it in a key is an incident's id. */
  public static byte[] byResource(ResourceType type, String resource, String id) {
    return utf8(BY_RESOURCE + type.name() + "/" + resource + END + id);
  }

  /** The end, exclusive, of the incidents of a resource. */
  public static byte[] endOf(ResourceType type, String resource) {
    return utf8(BY_RESOURCE + type.name() + "/" + resource + AFTER_END);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
