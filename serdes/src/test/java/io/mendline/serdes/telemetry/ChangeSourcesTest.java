package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.text.Redactor;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes as GitHub and Databricks tell them. */
class ChangeSourcesTest {
  private static final String REPOSITORY =
      """
      "repository": {"id": 9, "name": "assistant-api", "full_name": "contoso/assistant-api",
        "html_url": "https://github.com/contoso/assistant-api", "default_branch": "main",
        "owner": {"login": "contoso"}}, "sender": {"login": "ada", "id": 1}""";
  private static final String DEPLOYMENT =
      """
      "deployment": {"id": 145988746, "task": "deploy", "sha": "f95f852b", "ref": "main",
        "environment": "Production", "description": null, "payload": {"a": [1]},
        "creator": {"login": "ada"}, "created_at": "2026-06-01T12:00:00Z",
        "updated_at": "2026-06-01T12:01:00Z"}""";

  private final TelemetryDecoder decoder = new ChangeDecoder(Redactor.standard());

  private Change change(String json) {
    return Decoded.of(decoder, json).only(Change.class);
  }

  private static String pullRequest(String action, boolean merged, String base, String beside) {
    return """
        {"action": "%s", "number": 1482, "pull_request": {"id": 279147437, "number": 1482,
          "url": "https://api.github.com/repos/contoso/assistant-api/pulls/1482",
          "html_url": "https://github.com/contoso/assistant-api/pull/1482", "state": "closed",
          "title": "Put the tools before the rules", "user": {"login": "ada", "id": 1},
          "body": "…", "created_at": "2026-05-30T08:00:00Z", "closed_at": "2026-06-01T10:50:01Z",
          "merged_at": "2026-06-01T10:50:00Z", "merge_commit_sha": "e5bd3914",
          "labels": [{"id": 2, "name": "prompt", "color": "f00"}], "merged": %s,
          "base": {"ref": "%s", "sha": "6dcb", "repo": {"name": "assistant-api"}},
          "head": {"ref": "tools-first", "sha": "ec26"}, "changed_files": 3}, %s%s}
        """
        .formatted(action, merged, base, REPOSITORY, beside);
  }

  @Test
  void aMergedPullRequestIsAChangeWhenItWasMerged() {
    assertThat(change(pullRequest("closed", true, "main", "")))
        .isEqualTo(
            new Change(
                "contoso/assistant-api#1482",
                Instant.parse("2026-06-01T10:50:00Z").toEpochMilli(),
                "assistant-api",
                "pull_request",
                "Put the tools before the rules",
                "https://github.com/contoso/assistant-api/pull/1482",
                "ada",
                "e5bd3914",
                List.of(),
                List.of("prompt")));
  }

  @Test
  void whatTheSenderPutsBesideGoesWithIt() {
    Change change =
        change(
            pullRequest(
                "closed",
                true,
                "main",
                ", \"service\": \"assistant\", \"labels\": [\"prompt\", \"model:x\"],"
                    + " \"files\": [{\"filename\": \"prompts/system.j2\"}]"));

    assertThat(change.service()).isEqualTo("assistant");
    assertThat(change.files()).containsExactly("prompts/system.j2");
    assertThat(change.labels()).containsExactly("prompt", "model:x");
  }

  @Test
  void labelsNameTheServicesOfARepositoryThatHoldsSeveral() {
    Decoded decoded =
        Decoded.of(
            decoder,
            pullRequest(
                "closed", true, "main", ", \"labels\": [\"service:chat\", \"service:rag\"]"));

    assertThat(decoded.problems()).isEmpty();
    assertThat(decoded.facts)
        .extracting(fact -> ((Change) fact).service())
        .containsExactly("chat", "rag");
    assertThat(decoded.facts)
        .extracting(fact -> ((Change) fact).id())
        .containsOnly("contoso/assistant-api#1482");
  }

  @ParameterizedTest
  @CsvSource({
    "opened, false, main, action opened merges no pull request",
    "synchronize, false, main, action synchronize merges no pull request",
    "closed, false, main, a pull request that was closed and not merged",
    "closed, true, tools, a pull request that was not merged into the default branch",
  })
  void otherPullRequestsAreSkipped(String action, boolean merged, String base, String why) {
    assertThat(Decoded.of(decoder, pullRequest(action, merged, base, "")).problems())
        .containsExactly("0 " + why);
  }

  @Test
  void aDeploymentIsAChangeWhenItWasMade() {
    assertThat(change("{\"action\": \"created\", " + DEPLOYMENT + ", " + REPOSITORY + "}"))
        .isEqualTo(
            new Change(
                "contoso/assistant-api/deployments/145988746",
                Instant.parse("2026-06-01T12:00:00Z").toEpochMilli(),
                "assistant-api",
                "deployment",
                "Deploy main to Production",
                "https://github.com/contoso/assistant-api/commit/f95f852b",
                "ada",
                "f95f852b",
                List.of(),
                List.of("environment:production")));
  }

  @Test
  void aDeploymentThatSucceededTookEffectThen() {
    Change change = change(status("success"));

    assertThat(change.id()).isEqualTo("contoso/assistant-api/deployments/145988746");
    assertThat(Instant.ofEpochMilli(change.at())).isEqualTo("2026-06-01T12:07:00Z");
    assertThat(change.url()).isEqualTo("https://ci.example/77");
  }

  @ParameterizedTest
  @CsvSource({"failure", "error", "pending", "queued", "in_progress", "inactive"})
  void aDeploymentThatIsNotDoneIsNone(String state) {
    assertThat(Decoded.of(decoder, status(state)).problems())
        .containsExactly("0 a deployment that is " + state);
  }

  private static String status(String state) {
    return """
        {"deployment_status": {"id": 1, "state": "%s", "creator": {"login": "bot"},
           "environment": "Production", "target_url": "", "log_url": "https://ci.example/77",
           "created_at": "2026-06-01T12:07:00Z", "updated_at": "2026-06-01T12:07:00Z"},
         "check_run": null, "action": "created", %s, %s}
        """
        .formatted(state, DEPLOYMENT, REPOSITORY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'zen': 'Design for failure.', 'hook_id': 1, R} | 0 a GitHub event about something else",
        "{'ref': 'refs/heads/main', 'commits': [], R} | 0 a GitHub event about something else",
        "{'action': 'completed', 'workflow_job': {}, 'deployment': {'id': 1}, R}"
            + " | 0 action completed makes no deployment",
        "{'action': 'created', 'deployment': {'id': 1}, R} | 0 deployment.created_at: missing",
        "{'action': 'created', 'deployment': {'created_at': '2026-06-01T12:00:00Z'}, R}"
            + " | 0 deployment.id: missing",
        "{'action': 'created', 'deployment': {'id': 1, 'created_at': 'then'}, R}"
            + " | 0 deployment.created_at: 'then' is no instant after 1970",
        "{'action': 'created', 'deployment': {'id': 1, 'created_at': '2026-06-01T12:00:00Z'}}"
            + " | 0 repository.full_name: missing",
      })
  void whatElseComesOfAWebhookIsToldWhy(String json, String why) {
    String message = json.replace('\'', '"').replace("R}", REPOSITORY + "}");
    assertThat(Decoded.of(decoder, message).problems()).containsExactly(why);
  }

  @Test
  void aBundleDeploymentIsToldByTheFilesItLeaves() {
    assertThat(
            change(
                """
                {"version": 1, "seq": 17, "cli_version": "0.268.0",
                 "timestamp": "2026-06-01T12:00:00.5Z", "id": "0e6c1c1c-9f0c-4d2c",
                 "files": [{"local_path": "src/prompts/system.txt", "is_notebook": false}],
                 "config": {
                   "bundle": {"git": {"branch": "main", "commit": "f95f852b",
                     "origin_url": "https://u:secret@github.com/contoso/rag.git",
                     "bundle_root_path": "."}},
                   "workspace": {"file_path": "/Workspace/Users/ada@contoso.com/.bundle/rag/prod/files"},
                   "resources": {"jobs": {"refresh": {"id": "7", "relative_path": "r.yml"}}}},
                 "extra": {}}
                """))
        .isEqualTo(
            new Change(
                "bundle/rag/prod/17",
                Instant.parse("2026-06-01T12:00:00.5Z").toEpochMilli(),
                "rag",
                "bundle_deployment",
                "Deploy bundle rag to prod",
                "https://u:[redacted]@github.com/contoso/rag/commit/f95f852b",
                null,
                "f95f852b",
                List.of(),
                List.of("environment:prod")));
  }

  @Test
  void jobsThatOneDeploymentWritesAreOneChange() {
    Decoded decoded =
        Decoded.of(
            decoder,
            "{\"records\": ["
                + audit("create", 200, "12:00:10", "")
                + ","
                + audit("reset", 200, "12:00:14", "")
                + "]}");

    assertThat(decoded.problems()).isEmpty();
    assertThat(decoded.facts)
        .extracting(fact -> ((Change) fact).id())
        .containsOnly("bundle/rag/prod@2026-06-01T12:00:00Z");
    Change first = (Change) decoded.facts.get(0);
    assertThat(first.service()).isEqualTo("rag");
    assertThat(first.author()).isEqualTo("ada@contoso.com");
    assertThat(Instant.ofEpochMilli(first.at())).isEqualTo("2026-06-01T12:00:10Z");
  }

  @Test
  void aDeploymentThatSaysItsVersionIsCalledByIt() {
    assertThat(
            change(
                    audit(
                        "update",
                        200,
                        "12:00:10",
                        ", \\\"deployment_id\\\": \\\"d-1\\\", \\\"version_id\\\": \\\"v-2\\\""))
                .id())
        .isEqualTo("bundle/d-1/v-2");
  }

  @ParameterizedTest
  @CsvSource({
    "runSucceeded, 200, BUNDLE, an audit record that changes no job",
    "reset, 403, BUNDLE, a change of a job that was refused with status 403",
    "reset, 200, SYSTEM_MANAGED, a change of a job that no bundle owns",
  })
  void otherAuditRecordsAreSkipped(String action, int status, String kind, String why) {
    String record = audit(action, status, "12:00:10", "").replace("BUNDLE", kind);
    assertThat(Decoded.of(decoder, record).problems()).containsExactly("0 " + why);
  }

  private static String audit(String action, int status, String time, String more) {
    return """
        {"time": "2026-06-01T%sZ", "category": "jobs", "operationName": "Microsoft.Databricks/jobs/%s",
         "identity": "{\\"email\\": \\"ada@contoso.com\\"}",
         "properties": {"serviceName": "jobs", "actionName": "%s",
          "requestParams": "{\\"job_id\\": \\"7\\", \\"new_settings\\": {\\"name\\": \\"refresh\\", \
        \\"deployment\\": {\\"kind\\": \\"BUNDLE\\"%s, \\"metadata_file_path\\": \
        \\"/Workspace/Users/ada@contoso.com/.bundle/rag/prod/state/metadata.json\\"}}}",
          "response": "{\\"statusCode\\": %d}"}}
        """
        .formatted(time, action, action, more, status);
  }
}
