package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What is told of the deployment of a Databricks bundle, in one of two ways:
 *
 * <ul>
 *   <li>the two files that a deployment leaves in the bundle's state folder, merged into one
 *       object: {@code deployment.json} ({@code seq, cli_version, timestamp}) and {@code
 *       metadata.json} ({@code config.bundle.git}, {@code config.workspace.file_path});
 *   <li>records of the {@code jobs} audit log: a job was created or its settings replaced, and
 *       these say that a bundle owns it ({@code deployment.kind} is {@code BUNDLE}).
 * </ul>
 *
 * <p>The files that {@code deployment.json} lists are all files of the bundle, not those that were
 * changed, so they are left out.
 */
final class BundleFields {
  private static final int FIRST_ERROR = 400;
  private static final int MAX_LEVELS = 6;
  private static final String BUNDLE = "BUNDLE";
  private static final String FOLDER = "/.bundle/";

  /** Jobs of one deployment are written one after the other, and tell no number of it. */
  private static final long ONE_DEPLOYMENT = Duration.ofMinutes(10).toMillis();

  private static final List<String> WRITES = List.of("create", "reset", "update");

  private boolean audited;
  private boolean stated;
  private int level;
  private String action;
  private long statusCode = TelemetryRecord.ABSENT;
  private String kind;
  private String deploymentId;
  private String versionId;
  private String path;
  private String seq;
  private String commit;
  private String origin;
  private String person;

  /** A field of either shape, wherever it stands. */
  void field(String name, JsonParser value) throws IOException {
    switch (name) {
      case "properties", "config", "bundle", "git", "workspace" -> descend(value);
      case "requestParams", "request_params" -> {
        audited = true;
        descend(value);
      }
      case "new_settings" -> descend(value);
      case "deployment" -> descend(value, this::deployment);
      case "response", "identity", "user_identity", "userIdentity" -> descend(value);
      case "actionName", "action_name" -> {
        audited = true;
        action = Json.text(value);
      }
      case "seq" -> seq = Json.id(value);
      case "cli_version" -> {
        stated = true;
        value.skipChildren();
      }
      case "statusCode", "status_code" -> statusCode = Json.wholeNumber(value);
      case "file_path" -> path = RunObject.or(Json.text(value), path);
      case "commit" -> commit = Json.text(value);
      case "origin_url" -> origin = Json.text(value);
      case "email" -> person = Json.text(value);
      default -> value.skipChildren();
    }
  }

  /** What a job's settings say of the deployment that owns it. */
  private void deployment(String name, JsonParser value) throws IOException {
    switch (name) {
      case "kind" -> kind = Json.text(value);
      case "deployment_id" -> deploymentId = Json.id(value);
      case "version_id" -> versionId = Json.id(value);
      case "metadata_file_path" -> path = RunObject.or(Json.text(value), path);
      default -> value.skipChildren();
    }
  }

  private void descend(JsonParser value) throws IOException {
    descend(value, this::field);
  }

  private void descend(JsonParser value, Json.Fields fields) throws IOException {
    if (level == MAX_LEVELS) {
      value.skipChildren();
      return;
    }
    level++;
    Json.object(value, fields);
    level--;
  }

  /** Whether the record is a bundle's, or an audit record that might have been one. */
  boolean isDeployment() {
    return audited || (stated && seq != null);
  }

  /** Why the record is no deployment of a bundle, or null if it is one. */
  String ignored() {
    if (!audited) {
      return null;
    }
    if (action == null || !WRITES.contains(action.toLowerCase(Locale.ROOT))) {
      return "an audit record that changes no job";
    }
    if (statusCode >= FIRST_ERROR) {
      return "a change of a job that was refused with status " + statusCode;
    }
    return BUNDLE.equalsIgnoreCase(kind) ? null : "a change of a job that no bundle owns";
  }

  /**
   * The change.
   *
   * @param id the bundle's own id, of {@code deployment.json}; nullable
   * @param at the record's time, epoch milliseconds, or {@link TelemetryRecord#ABSENT}
   */
  ChangeDraft draft(String id, long at) {
    String name = part(0);
    String target = part(1);
    String bundle = name == null ? id : target == null ? name : name + "/" + target;
    ChangeDraft draft = new ChangeDraft();
    draft.kind = "bundle_deployment";
    draft.at = at;
    draft.service = name;
    draft.title =
        "Deploy bundle "
            + (name == null ? "of unknown name" : name)
            + (target == null ? "" : " to " + target);
    draft.author = person;
    draft.commit = commit;
    draft.url = commitPage();
    if (target != null) {
      draft.labels = List.of(ChangeFields.ENVIRONMENT + target.toLowerCase(Locale.ROOT));
    }
    if (versionId != null && deploymentId != null) {
      draft.id = "bundle/" + deploymentId + "/" + versionId;
    } else if (bundle != null && seq != null) {
      draft.id = "bundle/" + bundle + "/" + seq;
    } else if (bundle != null && at != TelemetryRecord.ABSENT) {
      draft.id =
          "bundle/" + bundle + "@" + Instant.ofEpochMilli(at - Math.floorMod(at, ONE_DEPLOYMENT));
    }
    return draft;
  }

  /** A part of the path behind the folder of bundles: 0 for the name, 1 for the target. */
  private String part(int index) {
    int from = path == null ? -1 : path.indexOf(FOLDER);
    if (from < 0) {
      return null;
    }
    String[] parts = path.substring(from + FOLDER.length()).split("/", -1);
    return index < parts.length - 1 && !parts[index].isBlank() ? parts[index] : null;
  }

  private String commitPage() {
    if (origin == null || commit == null || !origin.startsWith("https://")) {
      return null;
    }
    String page = origin.endsWith(".git") ? origin.substring(0, origin.length() - 4) : origin;
    return page + "/commit/" + commit;
  }
}
