package io.mendline.serdes.telemetry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a webhook of GitHub's says. Its body does not name the event, which stands in a header; the
 * objects in it do: {@code pull_request}, {@code deployment_status} with its {@code deployment}, or
 * {@code deployment} alone.
 */
final class GitHubFields {
  private final Problem problem;
  private final Subject pullRequest = new Subject();
  private final Subject deployment = new Subject();
  private final Subject status = new Subject();
  private String action;
  private String repository;
  private String repositoryName;
  private String repositoryUrl;
  private String defaultBranch;
  private boolean sent;

  GitHubFields(Problem problem) {
    this.problem = problem;
  }

  void action(JsonParser value) throws IOException {
    action = RunObject.or(Json.text(value), action);
  }

  void sender(JsonParser value) throws IOException {
    sent |= value.currentToken() == JsonToken.START_OBJECT;
    value.skipChildren();
  }

  void pullRequest(JsonParser value) throws IOException {
    pullRequest.read("pull_request", value);
  }

  void deployment(JsonParser value) throws IOException {
    deployment.read("deployment", value);
  }

  void deploymentStatus(JsonParser value) throws IOException {
    status.read("deployment_status", value);
  }

  void repository(JsonParser value) throws IOException {
    if (value.currentToken() != JsonToken.START_OBJECT) {
      value.skipChildren();
      return;
    }
    Json.walk(
        value,
        (name, field) -> {
          switch (name) {
            case "full_name" -> repository = Json.text(field);
            case "name" -> repositoryName = Json.text(field);
            case "html_url" -> repositoryUrl = Json.text(field);
            case "default_branch" -> defaultBranch = Json.text(field);
            default -> field.skipChildren();
          }
        });
  }

  /** Whether the record is a webhook's, be it about a change or not. */
  boolean isEvent() {
    return isChange() || (sent && repository != null);
  }

  private boolean isChange() {
    return pullRequest.given || deployment.given || status.given;
  }

  /** Why the event is no change, or null if it is one. */
  String ignored() {
    if (!isChange()) {
      return "a GitHub event about something else";
    }
    boolean ofPullRequest = pullRequest.given;
    if (!(ofPullRequest ? "closed" : "created").equals(action)) {
      return "action "
          + action
          + (ofPullRequest ? " merges no pull request" : " makes no deployment");
    }
    if (ofPullRequest && !pullRequest.merged) {
      return "a pull request that was closed and not merged";
    }
    if (ofPullRequest
        && defaultBranch != null
        && pullRequest.base != null
        && !defaultBranch.equals(pullRequest.base)) {
      return "a pull request that was not merged into the default branch";
    }
    return status.given && !"success".equalsIgnoreCase(status.state)
        ? "a deployment that is " + status.state
        : null;
  }

  /** The change in the plain shape's words; {@link Problem} says what of it is missing. */
  ChangeDraft draft() {
    if (repository == null) {
      problem.note("repository.full_name", "missing");
    }
    ChangeDraft draft = new ChangeDraft();
    draft.service = repositoryName;
    if (pullRequest.given) {
      draft.kind = "pull_request";
      draft.id = repository + "#" + required("pull_request.number", pullRequest.number);
      draft.at = required("pull_request.merged_at", pullRequest.mergedAt);
      draft.title = pullRequest.title;
      draft.url = pullRequest.htmlUrl;
      draft.author = pullRequest.person;
      draft.commit = pullRequest.mergeCommit;
      draft.labels = pullRequest.labels;
      return draft;
    }
    String environment = RunObject.or(status.environment, deployment.environment);
    draft.kind = "deployment";
    draft.id = repository + "/deployments/" + required("deployment.id", deployment.id);
    draft.at =
        status.given
            ? required("deployment_status.created_at", status.createdAt)
            : required("deployment.created_at", deployment.createdAt);
    draft.title = RunObject.or(deployment.description, deployed(environment));
    draft.url = RunObject.or(status.logUrl, RunObject.or(status.targetUrl, commitPage()));
    draft.author = deployment.person;
    draft.commit = deployment.sha;
    if (environment != null) {
      draft.labels = List.of(ChangeFields.ENVIRONMENT + environment.toLowerCase(Locale.ROOT));
    }
    return draft;
  }

  private String deployed(String environment) {
    String what = RunObject.or(deployment.ref, repositoryName);
    return "Deploy " + what + (environment == null ? "" : " to " + environment);
  }

  private String commitPage() {
    return repositoryUrl == null || deployment.sha == null
        ? null
        : repositoryUrl + "/commit/" + deployment.sha;
  }

  private String required(String name, String value) {
    if (value == null) {
      problem.note(name, "missing");
    }
    return value;
  }

  private long required(String name, long value) {
    if (value == TelemetryRecord.ABSENT) {
      problem.note(name, "missing");
    }
    return value;
  }

  /** A pull request, a deployment or a status of one: they share most of their names. */
  private final class Subject {
    private boolean given;
    private boolean merged;
    private long mergedAt = TelemetryRecord.ABSENT;
    private long createdAt = TelemetryRecord.ABSENT;
    private String id;
    private String number;
    private String title;
    private String htmlUrl;
    private String mergeCommit;
    private String base;
    private String person;
    private String sha;
    private String ref;
    private String environment;
    private String description;
    private String state;
    private String targetUrl;
    private String logUrl;
    private List<String> labels = new ArrayList<>();

    void read(String called, JsonParser value) throws IOException {
      if (value.currentToken() != JsonToken.START_OBJECT) {
        value.skipChildren();
        return;
      }
      given = true;
      Json.walk(value, (name, field) -> field(called, name, field));
    }

    private void field(String called, String name, JsonParser field) throws IOException {
      switch (name) {
        case "merged" -> merged = "true".equals(Json.text(field));
        case "merged_at" -> mergedAt = problem.instant(called + ".merged_at", field, mergedAt);
        case "created_at" -> createdAt = problem.instant(called + ".created_at", field, createdAt);
        case "id" -> id = Json.id(field);
        case "number" -> number = Json.id(field);
        case "title" -> title = Json.text(field);
        case "html_url" -> htmlUrl = Json.text(field);
        case "merge_commit_sha" -> mergeCommit = Json.text(field);
        case "user", "creator" -> person = ChangeFields.entry(field);
        case "sha" -> sha = Json.text(field);
        case "ref" -> ref = Json.text(field);
        case "environment" -> environment = Json.text(field);
        case "description" -> description = Json.text(field);
        case "state" -> state = Json.text(field);
        case "target_url" -> targetUrl = Json.text(field);
        case "log_url" -> logUrl = Json.text(field);
        case "labels" -> labels = ChangeFields.list(field, labels);
        case "base" -> {
          if (field.currentToken() == JsonToken.START_OBJECT) {
            Json.walk(field, this::base);
          } else {
            field.skipChildren();
          }
        }
        default -> field.skipChildren();
      }
    }

    private void base(String name, JsonParser field) throws IOException {
      if (name.equals("ref")) {
        base = Json.text(field);
      } else {
        field.skipChildren();
      }
    }
  }
}
