package io.mendline.processors.governor;

import io.mendline.processors.governor.GovernorMemory.Group;
import io.mendline.processors.pipeline.Ids;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Request;
import io.mendline.processors.pipeline.Routes;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.policy.JobCheck;
import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertStatus;
import io.mendline.schemas.Resource;
import io.mendline.schemas.ResourceType;
import io.mendline.schemas.Severity;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes one alert of those of incidents that are one to people: raised with the first, updated when
 * there are twice as many as when it was told last or one is graver, cleared with the last.
 */
final class AlertGroups {
  private AlertGroups() {}

  /**
   * A group once one more of its alerts was told.
   *
   * @param group null before the first
   * @return the same where that changes nothing
   */
  static Group with(Group group, Request.Tell tell) {
    Alert alert = tell.alert();
    boolean known = group != null && group.open().containsKey(alert.getId());
    if (alert.getStatus() == AlertStatus.CLEARED) {
      return known ? without(group, alert.getId(), tell.at()) : group;
    }
    if (known) {
      return group;
    }
    String finding = alert.getFindingIds().get(0);
    if (group == null || group.open().isEmpty()) {
      return new Group(
          alert,
          alert.getSeverity(),
          tell.windowStart(),
          tell.windowEnd(),
          new TreeMap<>(Map.of(alert.getId(), finding)),
          1,
          0,
          tell.at());
    }
    SortedMap<String, String> open = new TreeMap<>(group.open());
    open.put(alert.getId(), finding);
    return new Group(
        group.first(),
        graver(group.severity(), alert.getSeverity()),
        Math.min(group.windowStart(), tell.windowStart()),
        Math.max(group.windowEnd(), tell.windowEnd()),
        open,
        group.count() + 1,
        group.told(),
        tell.at());
  }

  private static Group without(Group group, String alertId, long at) {
    SortedMap<String, String> open = new TreeMap<>(group.open());
    open.remove(alertId);
    return new Group(
        group.first(),
        group.severity(),
        group.windowStart(),
        group.windowEnd(),
        open,
        group.count(),
        group.told(),
        at);
  }

  private static Severity graver(Severity one, Severity other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** Whether people are to be told of what a group has become. */
  static boolean isNews(Group before, Group now) {
    return now.open().isEmpty()
        || now.count() >= 2 * now.told()
        || (before != null && before.severity() != now.severity());
  }

  /** The group once people were told of it as it is. */
  static Group nowTold(Group group) {
    return new Group(
        group.first(),
        group.severity(),
        group.windowStart(),
        group.windowEnd(),
        group.open(),
        group.count(),
        group.count(),
        group.at());
  }

  /**
   * The alert of a group.
   *
   * @param key the {@linkplain GovernorMemory#groupKey key} of the group
   */
  static Output told(StateKey key, Group group) {
    Alert first = group.first();
    boolean one = group.count() == 1;
    String dedupKey = key.id();
    String groupId = dedupKey.substring(0, dedupKey.lastIndexOf('/'));
    JobCheck check = JobCheck.of(groupId.substring(Routes.HASH_LENGTH + 1));
    return new Output.Told(
        groupId.substring(0, Routes.HASH_LENGTH),
        Alert.newBuilder(first)
            .setId(Ids.digest(groupId, first.getKind(), first.getTrigger()))
            .setDedupKey(dedupKey)
            .setStatus(
                group.open().isEmpty()
                    ? AlertStatus.CLEARED
                    : one ? AlertStatus.RAISED : AlertStatus.UPDATED)
            .setSeverity(group.severity())
            .setTitle(one ? first.getTitle() : title(group, check))
            .setMessage(one ? first.getMessage() : message(group, check))
            // A layer, and a check of a workspace's jobs, is no incident.
            .setIncidentId(isOfLayer(group) || check != null ? first.getIncidentId() : groupId)
            .setFindingIds(
                group.open().isEmpty() ? first.getFindingIds() : List.copyOf(group.open().values()))
            .setAt(Instant.ofEpochMilli(group.at()))
            .build());
  }

  private static String title(Group group, JobCheck check) {
    if (check != null) {
      return "%s: %d jobs have no %s"
          .formatted(group.first().getResource().getWorkspace(), group.count(), check.thing());
    }
    if (isOfLayer(group)) {
      String partition = group.first().getResource().getId();
      return "%s: %d partitions from %s to %s are missing"
          .formatted(
              partition.substring(0, partition.lastIndexOf('/')),
              group.count(),
              day(group.windowStart()),
              day(group.windowEnd() - 1));
    }
    Resource resource = group.first().getResource();
    String name = resource.getName() == null ? resource.getId() : resource.getName();
    StringBuilder title = new StringBuilder(name).append(": ");
    title.append(group.count()).append(isOfJob(group) ? " runs" : " windows");
    if (group.windowStart() >= 0 && group.windowEnd() >= 0) {
      title
          .append(" from ")
          .append(Instant.ofEpochMilli(group.windowStart()))
          .append(" to ")
          .append(Instant.ofEpochMilli(group.windowEnd()));
    }
    return title.append(isOfJob(group) ? " were missed" : " were skipped").toString();
  }

  private static boolean isOfJob(Group group) {
    return group.first().getResource().getType() == ResourceType.DATABRICKS_JOB;
  }

  private static boolean isOfLayer(Group group) {
    return group.first().getResource().getType() == ResourceType.DATASET_PARTITION;
  }

  private static LocalDate day(long millis) {
    return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
  }

  private static String message(Group group, JobCheck check) {
    if (check != null) {
      return "%d of %d are still so: %s"
          .formatted(group.open().size(), group.count(), group.first().getMessage());
    }
    if (isOfLayer(group)) {
      return "%d of %d partitions of the layer are still open. Of the first: %s"
          .formatted(group.open().size(), group.count(), group.first().getMessage());
    }
    return "%d of %d %s one after the other are still open. Of the first: %s"
        .formatted(
            group.open().size(),
            group.count(),
            isOfJob(group) ? "runs" : "windows",
            group.first().getMessage());
  }
}
