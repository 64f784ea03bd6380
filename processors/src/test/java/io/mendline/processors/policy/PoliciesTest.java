package io.mendline.processors.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mendline.schemas.Action;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {
  @Test
  void a_blank_name_is_no_id() {
    assertThatThrownBy(() -> Policies.parse("\u001d", "{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(PolicyException.class)
        .hasMessage("a policy has no id, and its key is blank");
  }

  /** What could be taken but not read again would be lost on its way to those who ask. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\u007f",
        "\\u0080",
        "\\u0085",
        "\\u2028",
        "\\ufeff",
        "\\ufffe",
        "\\ud800",
        "\\ud83d\\ude00",
        "ä"
      })
  void what_is_written_is_read_again_whatever_is_in_it(String text) {
    String json = "{\"id\": \"a%s\", \"escalateTo\": \"%s\"}".formatted(text, text);
    PolicyDocument document = Policies.parse("p", json.getBytes(StandardCharsets.UTF_8));

    byte[] written = Policies.write(document);

    assertThat(Policies.parse("p", written)).isEqualTo(document);
    assertThat(new String(written, StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  @Test
  void YAML_and_JSON_say_the_same() {
    PolicyDocument yaml =
        parse(
            """
            id: night
            effectiveAt: 2026-06-01T22:00:00Z
            mode: approval
            actions:
              REPAIR_RUN: {maxAttempts: 5, backOff: [PT10S]}
            """);
    PolicyDocument json =
        parse(
            """
            {"id": "night", "effectiveAt": "2026-06-01T22:00:00Z", "mode": "approval",
             "actions": {"REPAIR_RUN": {"maxAttempts": 5, "backOff": ["PT10S"]}}}
            """);

    assertThat(json).isEqualTo(yaml);
    assertThat(yaml.id()).isEqualTo("night");
    assertThat(yaml.effectiveAt()).isEqualTo(Instant.parse("2026-06-01T22:00:00Z").toEpochMilli());
  }

  @Test
  void a_document_without_id_and_time_is_called_after_its_input_and_holds_for_ever() {
    PolicyDocument document = parse("mode: auto");

    assertThat(document.id()).isEqualTo("test");
    assertThat(document.effectiveAt()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void what_a_document_does_not_name_stays_as_it_was() {
    Policy policy =
        over(
            """
            actions: {REPAIR_RUN: {capPerHour: 1}}
            owners: [{resource: "DATABRICKS_JOB/1234/*", owner: team-a}]
            """);

    assertThat(policy.rules(Action.REPAIR_RUN).capPerHour()).isEqualTo(1);
    assertThat(policy.rules(Action.REPAIR_RUN).maxAttempts()).isEqualTo(3);
    assertThat(policy.rules(Action.RUN_NOW)).isEqualTo(Policies.builtIn().rules(Action.RUN_NOW));
    assertThat(policy.mode()).isEqualTo(Mode.DRY_RUN);
    assertThat(policy.owner("DATABRICKS_JOB", "1234/77").owner()).isEqualTo("team-a");
    assertThat(policy.owner("DATABRICKS_JOB", "999/77")).isNull();
  }

  @Test
  void the_built_in_policy_changes_nothing_by_itself() {
    Policy policy = Policies.builtIn();

    assertThat(policy.mode()).isEqualTo(Mode.DRY_RUN);
    assertThat(policy.killSwitch()).isFalse();
    assertThat(policy.rules(Action.REPAIR_RUN).maxAttempts()).isEqualTo(3);
    assertThat(policy.rules(Action.REPAIR_RUN).backOff())
        .containsExactly(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(120));
    for (Action action : Action.values()) {
      if (action != Action.UNKNOWN) {
        assertThat(policy.rules(action)).as("%s", action).isNotNull();
      }
    }
  }

  @Test
  void the_last_back_off_counts_for_all_further_attempts() {
    Policy.ActionRules rules =
        over("actions: {REPAIR_RUN: {backOff: [PT1S, PT2S]}}").rules(Action.REPAIR_RUN);

    assertThat(rules.backOff(1, null)).isEqualTo(Duration.ofSeconds(1));
    assertThat(rules.backOff(2, null)).isEqualTo(Duration.ofSeconds(2));
    assertThat(rules.backOff(9, null)).isEqualTo(Duration.ofSeconds(2));
  }

  /** Law 7: whatever a document says. */
  @ParameterizedTest
  @EnumSource(
      value = Action.class,
      names = {
        "ENABLE_RULE",
        "CANCEL_RUN",
        "UPDATE_JOB_SETTINGS",
        "RESTART_CLUSTER",
        "ROLLBACK_CHANGE",
        "REBALANCE_POOL"
      })
  void what_cannot_be_undone_is_never_automatic(Action action) {
    Policy policy = over("{mode: auto, actions: {" + action + ": {mode: auto}}}");

    assertThat(policy.mode(action)).isEqualTo(Mode.APPROVAL);
    assertThat(policy.mode(Action.REPAIR_RUN)).isEqualTo(Mode.AUTO);
  }

  @ParameterizedTest
  @CsvSource({"off, OFF", "'\"off\"', OFF", "dry-run, DRY_RUN", "approval, APPROVAL", "auto, AUTO"})
  void each_mode_is_written_as_it_is_called(String text, Mode mode) {
    assertThat(over("mode: " + text).mode()).isEqualTo(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "\"true\"", "on"})
  void the_kill_switch_is_on(String text) {
    assertThat(over("killSwitch: " + text).killSwitch()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "modus: auto                              | modus is not a key",
        "killswitch: true                         | killswitch is not a key",
        "{actions: {REPAIR_RUN: {maxAttemps: 3}}} | actions.REPAIR_RUN.maxAttemps is not a key",
        "{actions: {REPAIR: {maxAttempts: 3}}}    | actions",
        "{owners: [{ressource: x, owner: y}]}     | owners[0].ressource is not a key",
        "{mode: automatic}                        | mode",
        "{killSwitch: 0}                          | killSwitch",
        "{partitions: null}                       | partitions",
        "{partitions: {atOnce: 0}}                | partitions.atOnce must be at least 1",
        "{partitions: {atOnce: 2000}}             | partitions.atOnce must be at most 1000",
        "{partitions: {at: 5}}                    | partitions.at is not a key",
        "{partitions: {backfills: [{}]}}          | partitions.backfills[0].dataset is empty",
        "{partitions: {backfills: [{dataset: x}]}} | partitions.backfills[0] must name either a job, by workspace and jobId, or a pipeline",
        "{partitions: {backfills: [{dataset: x, jobId: 7}]}} | partitions.backfills[0].workspace is empty",
        "{partitions: {backfills: [{dataset: x, pipeline: p, jobId: 7}]}} | partitions.backfills[0] must name either",
        "{partitions: {backfills: [{dataset: x, pipeline: p, parameters: {jobId: 7}}]}} | partitions.backfills[0].parameters.jobId is what the command itself says",
        "{partitions: {backfills: [{dataset: x, pipeline: p, parameters: {d: '{day}'}}]}} | partitions.backfills[0].parameters.d holds {day}, which is none of",
        "{killSwitch: 1}                          | killSwitch",
        "{mode: 3}                                | mode",
        "{mode: null}                             | mode",
        "{killSwitch: engaged}                    | killSwitch",
        "{killSwitch: null}                       | killSwitch",
        "{escalateTo: null}                       | escalateTo",
        "{actions: null}                          | actions",
        "{actions: []}                            | actions",
        "{actions: {REPAIR_RUN: null}}            | actions.REPAIR_RUN",
        "{actions: {REPAIR_RUN: {maxAttempts: 0}}}        | actions.REPAIR_RUN.maxAttempts",
        "{actions: {REPAIR_RUN: {maxAttempts: 2.5}}}      | actions.REPAIR_RUN.maxAttempts",
        "{actions: {REPAIR_RUN: {maxAttempts: many}}}     | actions.REPAIR_RUN.maxAttempts",
        "{actions: {REPAIR_RUN: {capPerHour: -1}}}        | actions.REPAIR_RUN.capPerHour",
        "{actions: {REPAIR_RUN: {backOff: []}}}           | actions.REPAIR_RUN.backOff",
        "{actions: {REPAIR_RUN: {backOff: null}}}         | actions.REPAIR_RUN.backOff",
        "{actions: {REPAIR_RUN: {backOff: [null]}}}       | actions.REPAIR_RUN.backOff",
        "{actions: {REPAIR_RUN: {backOff: [PT-30S]}}}     | actions.REPAIR_RUN.backOff",
        "{actions: {REPAIR_RUN: {backOff: [30]}}}         | actions.REPAIR_RUN.backOff",
        "{actions: {REPAIR_RUN: {expiresAfter: null}}}    | actions.REPAIR_RUN.expiresAfter",
        "{actions: {REPAIR_RUN: {expiresAfter: PT-1H}}}   | actions.REPAIR_RUN.expiresAfter",
        "{actions: {REPAIR_RUN: {expiresAfter: P106751991167D}}} | actions.REPAIR_RUN.expiresAfter",
        "{actions: {REPAIR_RUN: {verifyWithin: null}}}    | actions.REPAIR_RUN.verifyWithin",
        "{actions: {REPAIR_RUN: {verifyWithin: PT0S}}}    | actions.REPAIR_RUN.verifyWithin",
        "{actions: {REPAIR_RUN: {risk: null}}}            | actions.REPAIR_RUN.risk",
        "{owners: null}                           | owners",
        "{owners: [null]}                         | owners[0]",
        "{owners: [{owner: team-a}]}              | owners[0].resource",
        "{owners: [{resource: 'x'}]}              | owners[0].owner",
        "{recurrence: null}                       | recurrence",
        "{recurrence: {failures: 1}}              | recurrence.failures",
        "{recurrence: {within: PT0S}}             | recurrence.within",
        "{recurrence: {within: null}}             | recurrence.within",
        "{recurrence: {within: P106751991167D}}   | recurrence.within",
        "{cache: null}                            | cache",
        "{cache: {bin: PT0.0001S}}                | cache.bin",
        "{cache: {baseline: null}}                | cache.baseline",
        "{cache: {persistence: null}}             | cache.persistence",
        "{cache: {minimumTokens: null}}           | cache.minimumTokens",
        "{cache: {minimumTokens: [{tokens: 3}]}}  | cache.minimumTokens[0].model",
        "{cache: {minimumDrop: 1}}                | cache.minimumDrop",
        "{cache: {minimumDrop: 0}}                | cache.minimumDrop",
        "{cache: {minimumBins: 1}}                | cache.minimumBins",
        "{cache: {minimumTokensPerBin: -1}}       | cache.minimumTokensPerBin",
        "{cache: {scopes: null}}                  | cache.scopes",
        "{cache: {scopes: [null]}}                | cache.scopes[0]",
        "{cache: {scopes: [{minimumDrop: 0.2}]}}  | cache.scopes[0].scope",
        "{cache: {scopes: [{scope: a, minimumDrop: 0}]}} | cache.scopes[0].minimumDrop",
        "{cache: {scopes: [{scope: a, minimumBins: 1}]}} | cache.scopes[0].minimumBins",
        "{cache: {scopes: [{scope: a, minimumTokensPerBin: -1}]}} | cache.scopes[0].minimumTokensPerBin",
        "{cache: {scopes: [{scope: a, baseline: PT0S}]}} | cache.scopes[0].baseline",
        "{cache: {scopes: [{scope: a}, {scope: b, persistence: PT-1S}]}} | cache.scopes[1].persistence",
        "{week: null}                             | week",
        "{week: {weekend: null}}                  | week.weekend",
        "{week: {weekend: [null]}}                | week.weekend[0]",
        "{week: {weekend: [SOMEDAY]}}             | week.weekend",
        "{week: {weekend: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY]}} | week.weekend",
        "{week: {zone: null}}                     | week.zone",
        "{week: {zone: Mars/Olympus}}             | week.zone",
        "{metrics: null}                          | metrics",
        "{metrics: {bin: PT0S}}                   | metrics.bin",
        "{metrics: {minimumBins: 1}}              | metrics.minimumBins",
        "{metrics: {minimumSamplesPerBin: 0}}     | metrics.minimumSamplesPerBin",
        "{metrics: {rules: null}}                 | metrics.rules",
        "{metrics: {rules: [{minimumShare: 0.2}]}} | metrics.rules[0].metric",
        "{metrics: {rules: [{metric: a}]}}        | metrics.rules[0]",
        "{metrics: {rules: [{metric: a, minimumShare: 0.2, minimumChange: 3}]}} | metrics.rules[0]",
        "{metrics: {rules: [{metric: a, minimumShare: 0}]}} | metrics.rules[0]",
        "{metrics: {rules: [{metric: a, minimumShare: 0.2, minimumBins: 1}]}} | metrics.rules[0].minimumBins",
        "{metrics: {rules: [{metric: a, minimumShare: 0.2, minimumSamplesPerBin: 0}]}} | metrics.rules[0].minimumSamplesPerBin",
        "{metrics: {rules: [{metric: a, minimumShare: 0.2, baseline: PT0S}]}} | metrics.rules[0].baseline",
        "{metrics: {rules: [{metric: a, minimumShare: 0.2, persistence: PT-1S}]}} | metrics.rules[0].persistence",
        "{capacity: null}                         | capacity",
        "{capacity: {hotNode: null}}              | capacity.hotNode",
        "{capacity: {hotNode: {raiseAt: 0}}}      | capacity.hotNode.raiseAt",
        "{capacity: {hotNode: {clearBelow: 90}}}  | capacity.hotNode.clearBelow",
        "{capacity: {hotNode: {minimumBins: 0}}}  | capacity.hotNode.minimumBins",
        "{capacity: {loadSkew: {window: PT90S}}}  | capacity.loadSkew.window",
        "{capacity: {loadSkew: {minimumRequests: 0}}} | capacity.loadSkew.minimumRequests",
        "{capacity: {loadSkew: {most: 1}}}        | capacity.loadSkew.most",
        "{capacity: {loadSkew: {least: 1}}}       | capacity.loadSkew.least",
        "{capacity: {limits: null}}               | capacity.limits",
        "{capacity: {pools: [null]}}              | capacity.pools[0]",
        "{blame: null}                            | blame",
        "{blame: {takesEffect: PT0S}}             | blame.takesEffect",
        "{blame: {takesEffect: null}}             | blame.takesEffect",
        "{sentinel: null}                         | sentinel",
        "{sentinel: {allowance: PT-1S}}           | sentinel.allowance",
        "{sentinel: {silence: PT0S}}              | sentinel.silence",
        "{sentinel: {delayWarning: PT26M}}        | sentinel.delayWarning",
        "{sentinel: {transientRuns: 0}}           | sentinel.transientRuns",
        "{sentinel: {workspaces: [{silence: PT1H}]}} | sentinel.workspaces[0].workspace",
        "{actions: {RUN_NOW: {backOffFor: {capasity: [PT1M]}}}} | actions.RUN_NOW.backOffFor.capasity",
        "{actions: {RUN_NOW: {backOffFor: {code: []}}}} | actions.RUN_NOW.backOffFor.code",
        "{actions: {RUN_NOW: {backOffFor: {code: [PT-1S]}}}} | actions.RUN_NOW.backOffFor.code[0]",
        "{destructive: null}                      | destructive",
        "{destructive: ['']}                      | destructive[0]",
        "{runs: null}                             | runs",
        "{runs: {grace: PT0S}}                    | runs.grace",
        "{runs: {skippedInRow: 1}}                | runs.skippedInRow",
        "{runs: {skippedInRow: 21}}               | runs.skippedInRow",
        "{runs: {slowFactor: 1}}                  | runs.slowFactor",
        "{runs: {slowBy: PT-1S}}                  | runs.slowBy",
        "{runs: {slowRuns: 1}}                    | runs.slowRuns",
        "{runs: {stuckFactor: 0.9}}               | runs.stuckFactor",
        "{runs: {stuckBy: null}}                  | runs.stuckBy",
        "{runs: {runningLimit: PT0S}}             | runs.runningLimit",
        "{runs: {waitingLimit: soon}}             | runs.waitingLimit",
        "{runs: {upstreamWait: PT0S}}             | runs.upstreamWait",
        "{runs: {dependencies: null}}             | runs.dependencies",
        "{runs: {dependencies: [{upstream: a}]}}  | runs.dependencies[0].downstream",
        "{runs: {dependencies: [{upstream: ' ', downstream: b}]}} | runs.dependencies[0].upstream",
        "{runs: {dependencies: [{upstream: a, downstream: A}]}}   | runs.dependencies[0]",
        "{runs: {dependencies: [{upstream: a, downstream: b, within: PT0S}]}} | runs.dependencies[0].within",
        "{runs: {checks: null}}                   | runs.checks",
        "{runs: {checks: [job-timeout, job-owner]}} | runs.checks[1] is no check of a job",
        "{blame: {before: null}}                  | blame.before",
        "{blame: {after: PT-1H}}                  | blame.after",
        "{effectiveAt: yesterday}                 | effectiveAt",
        "{effectiveAt: 2026-06-01}                | effectiveAt",
        "{id: [a]}                                | id",
        "{id: ''}                                 | id",
        "[1, 2]                                   | it holds no keys",
        "just text                                | it holds no keys",
        "''                                       | it holds no keys",
        "'{\"mode\": '                            | neither YAML nor JSON",
      })
  void what_is_wrong_is_refused_with_the_name_of_the_key(String document, String named) {
    assertThatThrownBy(() -> parse(document))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith("test")
        .hasMessageContaining(named)
        .hasMessageNotContaining("\n");
  }

  @Test
  void a_key_said_twice_is_refused_because_nobody_can_tell_which_was_meant() {
    assertThatThrownBy(() -> parse("killSwitch: true\nmode: auto\nkillSwitch: false\n"))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("killSwitch");
    assertThatThrownBy(() -> parse("{\"killSwitch\": true, \"killSwitch\": false}"))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("killSwitch");
  }

  @Test
  void two_documents_in_one_input_are_refused_because_the_second_would_be_lost() {
    assertThatThrownBy(() -> parse("mode: auto\n---\nkillSwitch: true\n"))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("more than one document");
  }

  @Property(tries = 1_000)
  void whatever_the_bytes_are_they_are_a_policy_or_refused(@ForAll byte[] bytes) {
    try {
      var unused = Policies.parse("test", bytes);
    } catch (PolicyException refused) {
      assertThat(refused.getMessage()).isNotBlank();
    }
  }

  @Property(tries = 200)
  void what_is_written_is_read_back(@ForAll("documents") String text) {
    PolicyDocument document = parse(text);

    byte[] written = Policies.write(document);

    assertThat(Policies.parse("another name", written)).isEqualTo(document);
    assertThat(new String(written, StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  @Provide
  Arbitrary<String> documents() {
    Arbitrary<String> id =
        Arbitraries.strings()
            .withChars("ab:\"'{}#\\ é\u2028")
            .ofMinLength(1)
            .ofMaxLength(8)
            .filter(name -> !name.isBlank());
    Arbitrary<Long> at = Arbitraries.longs().between(0, 4_000_000_000_000L).injectNull(0.2);
    Arbitrary<String> body =
        Arbitraries.of(
            "\"mode\": \"off\"",
            "\"killSwitch\": true",
            "\"cache\": {\"minimumDrop\": 0.25, \"bin\": \"PT30M\"}",
            "\"owners\": [{\"resource\": \"*\", \"owner\": \"a\\nb\"}]",
            "\"actions\": {\"RUN_NOW\": {\"capPerHour\": 0}}");
    return Combinators.combine(id, at, body)
        .as(
            (name, time, rest) ->
                "{\"id\": \""
                    + name.replace("\\", "\\\\").replace("\"", "\\\"")
                    + "\""
                    + (time == null
                        ? ""
                        : ", \"effectiveAt\": \"" + Instant.ofEpochMilli(time) + "\"")
                    + ", "
                    + rest
                    + "}");
  }

  private static PolicyDocument parse(String text) {
    return Policies.parse("test", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Policy over(String text) {
    return Policies.over(List.of(parse(text)));
  }
}
