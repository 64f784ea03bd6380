package io.mendline.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.mendline.schemas.Decision;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of commands on the simulated platform, as {@code samples/day/platform.yaml} says.
 */
final class PlatformScript {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final String DEFAULT = "default";
  private static final String NEVER = "never";

  private final JsonNode root;

  private PlatformScript(JsonNode root) {
    this.root = root;
  }

  /**
   * What becomes of the repairs of a run.
   *
   * @param recoversAtAttempt the first attempt that succeeds; {@link Integer#MAX_VALUE} for none
   * @param runsFor how long a repair takes
   * @param cleanUp how long after its last task the run itself has ended
   */
  record Repair(int recoversAtAttempt, Duration runsFor, Duration cleanUp) {}

  /**
   * What becomes of the replay of a window.
   *
   * @param after how long after the executor is through the replayed run is told
   */
  record Replay(boolean succeeds, Duration after) {}

  /**
   * What a person says when asked.
   *
   * @param after how long it takes until somebody answers
   * @param comment may be null
   */
  record Answer(Decision decision, String by, Duration after, String comment) {}

  /**
   * What a rollback does.
   *
   * @param scope the cache scope it mends, {@code <service>/<model>}
   * @param after how long until it takes effect
   * @param ratio the share of cached tokens from then on
   */
  record Rollback(String scope, Duration after, double ratio) {}

  /**
   * What a pool is like when members were moved off its hot node.
   *
   * @param takes how long the moves take, with the watching between them
   * @param keeps the share that the hot node keeps of its load
   */
  record Rebalance(Duration takes, double keeps) {}

  /** A script. */
  static PlatformScript parse(byte[] yaml) {
    try {
      return new PlatformScript(YAML.readTree(yaml));
    } catch (IOException e) {
      throw new IllegalArgumentException("the platform's script is no YAML", e);
    }
  }

  Repair repair(String runId) {
    JsonNode byDefault = root.path("runs").path(DEFAULT);
    JsonNode own = root.path("runs").path(runId);
    String recovers = field(own, byDefault, "recoversAtAttempt").asText();
    return new Repair(
        recovers.equals(NEVER) ? Integer.MAX_VALUE : Integer.parseInt(recovers),
        duration(field(own, byDefault, "runsFor")),
        duration(field(own, byDefault, "cleanUp")));
  }

  /**
   * What becomes of a replay.
   *
   * @param ruleGuid the last part of the rule's path
   * @param windowStart ISO-8601
   */
  Replay replay(String ruleGuid, String windowStart) {
    JsonNode byDefault = root.path("windows").path(DEFAULT);
    JsonNode own = root.path("windows").path(ruleGuid + ' ' + windowStart);
    return new Replay(
        field(own, byDefault, "succeeds").asBoolean(), duration(field(own, byDefault, "after")));
  }

  /** What a person says about an action; empty when nobody answers. */
  Optional<Answer> answer(String action) {
    JsonNode answer = root.path("approvals").path(action);
    return answer.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Answer(
                Decision.valueOf(answer.path("decision").asText()),
                answer.path("by").asText(),
                duration(answer.path("after")),
                answer.path("comment").asText(null)));
  }

  /** What rolling a change back does; empty when nothing is to be seen of it. */
  Optional<Rollback> rollback(String changeId) {
    JsonNode rollback = root.path("rollbacks").path(changeId);
    return rollback.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Rollback(
                rollback.path("scope").asText(),
                duration(rollback.path("after")),
                rollback.path("ratio").asDouble()));
  }

  /** What spreading the members of a pool anew does; empty when there is no such pool. */
  Optional<Rebalance> rebalance(String pool) {
    JsonNode rebalance = root.path("rebalances").path(pool);
    return rebalance.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Rebalance(duration(rebalance.path("takes")), rebalance.path("keeps").asDouble()));
  }

  private static JsonNode field(JsonNode own, JsonNode byDefault, String name) {
    return own.has(name) ? own.get(name) : byDefault.path(name);
  }

  private static Duration duration(JsonNode text) {
    return Duration.parse(text.asText());
  }
}
