package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.telemetry.Safeguards.Told;
import io.mendline.serdes.text.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In the tables Y is there, N is missing and - is not told: retries, time-out, notice. */
class SafeguardsDecoderTest {
  private final TelemetryDecoder decoder = new RunDecoder(Redactor.standard());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Nothing, in as many words as there are for it.
        "{} | NNN",
        "{'max_retries':0,'timeout_seconds':0,'email_notifications':{},'webhook_notifications':{}} | NNN",
        "{'max_retries':null,'timeout_seconds':null,'email_notifications':null} | NNN",
        "{'tasks':[]} | NNN",
        "{'tasks':null} | NNN",
        "{'email_notifications':{'on_start':['a@b.c'],'on_failure':[]}} | NNN",
        "{'email_notifications':{'no_alert_for_skipped_runs':true}} | NNN",
        // Of the job.
        "{'timeout_seconds':3600} | NYN",
        "{'timeout_seconds':'3600'} | NYN",
        "{'email_notifications':{'on_failure':['a@b.c']}} | NNY",
        "{'webhook_notifications':{'on_failure':[{'id':'0481'}]}} | NNY",
        "{'email_notifications':{'on_failure':[]},'webhook_notifications':{'on_failure':[{'id':'1'}]}} | NNY",
        "{'max_retries':3,'timeout_seconds':60,'email_notifications':{'on_failure':['a@b.c']}} | YYY",
        "{'max_retries':-1} | YNN",
        // Of its tasks: retries of any, time-outs and notices of all.
        "{'tasks':[{'task_key':'a','max_retries':2},{'task_key':'b'}]} | YNN",
        "{'tasks':[{'max_retries':-1}]} | YNN",
        "{'tasks':[{'max_retries':0,'retry_on_timeout':true}]} | NNN",
        "{'tasks':[{'timeout_seconds':60},{'timeout_seconds':0}]} | NNN",
        "{'tasks':[{'timeout_seconds':60},{'timeout_seconds':90}]} | NYN",
        "{'timeout_seconds':0,'tasks':[{'timeout_seconds':60}]} | NYN",
        "{'timeout_seconds':900,'tasks':[{'timeout_seconds':0}]} | NYN",
        "{'tasks':[{'email_notifications':{'on_failure':['a@b.c']}},{}]} | NNN",
        "{'tasks':[{'email_notifications':{'on_failure':['a@b.c']}},{'webhook_notifications':{'on_failure':[{'id':'1'}]}}]} | NNY",
        "{'tasks':[{'for_each_task':{'inputs':'[1]','task':{'task_key':'i','max_retries':1}}}]} | YNN",
        // A continuous job is started again by the platform.
        "{'continuous':{'pause_status':'UNPAUSED'}} | YYN",
        // What cannot be read, or is not all there, tells of nothing that it is missing.
        "{'timeout_seconds':'soon'} | ---",
        "{'has_more':true,'tasks':[{'timeout_seconds':60}]} | ---",
        "{'has_more':true,'tasks':[{'max_retries':1}]} | Y--",
        "{'has_more':true,'timeout_seconds':60,'tasks':[{}]} | -Y-",
        "{'has_more':false,'tasks':[{}]} | NNN",
      })
  void all_settings_of_a_job_tell_what_it_has_and_what_not(String settings, String expected) {
    String json = settings.replace('\'', '"');

    assertThat(told(job(json))).as("told by a poller").isEqualTo(expected);
    assertThat(told(audit("reset", "{\"job_id\":\"11\",\"new_settings\":" + quoted(json) + "}")))
        .as("told by the audit log")
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | ---",
        "{'name':'n'} | ---",
        "{'timeout_seconds':3600} | -Y-",
        "{'timeout_seconds':0} | -N-",
        "{'max_retries':0} | N--",
        "{'max_retries':1} | Y--",
        "{'email_notifications':{'on_failure':['a@b.c']}} | --Y",
        "{'email_notifications':{}} | ---",
        "{'email_notifications':{},'webhook_notifications':{}} | --N",
        // Other tasks may have what these do not, or lack what these have.
        "{'tasks':[{'task_key':'a','max_retries':0}]} | ---",
        "{'tasks':[{'task_key':'a','max_retries':2,'timeout_seconds':60}]} | Y--",
        "{'timeout_seconds':0,'tasks':[{'task_key':'a','timeout_seconds':60}]} | ---",
        "{'continuous':{'pause_status':'PAUSED'}} | YY-",
        "{'timeout_seconds':{}} | ---",
      })
  void a_change_tells_of_what_it_names(String settings, String expected) {
    String json = settings.replace('\'', '"');

    assertThat(told(audit("update", "{\"job_id\":\"11\",\"new_settings\":" + quoted(json) + "}")))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"timeout_seconds\"] | -N-",
        "[\"email_notifications\"] | ---",
        "[\"email_notifications\",\"webhook_notifications\"] | --N",
        "[\"tasks/main\"] | ---",
      })
  void what_is_taken_away_is_missing(String fields, String expected) {
    assertThat(told(audit("update", "{\"job_id\":\"11\",\"fields_to_remove\":" + fields + "}")))
        .isEqualTo(expected);
  }

  @Test
  void a_job_is_made_by_parameters_that_are_json_in_strings() {
    String made =
        "{\"name\":\"n\",\"timeout_seconds\":\"60\",\"email_notifications\":"
            + quoted("{\"on_failure\":[\"a@b.c\"]}")
            + ",\"tasks\":"
            + quoted("[{\"task_key\":\"a\",\"max_retries\":2}]")
            + "}";

    assertThat(told(audit("create", made))).isEqualTo("YYY");
    assertThat(told(audit("create", "{\"name\":\"n\",\"tasks\":[{\"task_key\":\"a\"}]}")))
        .isEqualTo("NNN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"timeout_seconds\":0,\"tasks\":[{\"task_key\":\"a\",... truncated | ---",
        "{\"tasks\":[{\"timeout_seconds\":60},{\"max_retries\":2}... truncated | Y--",
        "{\"timeout_seconds\":60,\"tasks\":[{... truncated | -Y-",
        "{\"email_notifications\":{\"on_failure\":[\"a@b... truncated | ---",
      })
  void what_was_cut_lacks_nothing_that_is_known(String settings, String expected) {
    assertThat(
            told(audit("reset", "{\"job_id\":\"11\",\"new_settings\":" + quoted(settings) + "}")))
        .isEqualTo(expected);
    assertThat(told(audit("reset", "{\"job_id\":\"11\",\"new_settings\":" + quoted(settings))))
        .isEqualTo(expected);
  }

  @Test
  void of_a_deleted_job_nothing_is_told() {
    assertThat(told(audit("delete", "{\"job_id\":\"11\"}"))).isEqualTo("---");
  }

  @Test
  void what_later_settings_do_not_tell_is_as_it_was() {
    Safeguards before = new Safeguards(Told.NO, Told.YES, Told.UNTOLD);

    assertThat(new Safeguards(Told.UNTOLD, Told.NO, Told.YES).over(before))
        .isEqualTo(new Safeguards(Told.NO, Told.NO, Told.YES));
  }

  private String told(String json) {
    Safeguards told = Decoded.of(decoder, json).only(JobSettings.class).safeguards();
    return "" + letter(told.retries()) + letter(told.timeout()) + letter(told.failureNotice());
  }

  private static char letter(Told told) {
    return switch (told) {
      case UNTOLD -> '-';
      case NO -> 'N';
      case YES -> 'Y';
    };
  }

  private static String job(String settings) {
    return "{\"kind\":\"job\",\"workspaceId\":\"7700\",\"time\":1780310712000,"
        + "\"job\":{\"job_id\":11,\"settings\":"
        + settings
        + "}}";
  }

  private static String audit(String action, String requestParams) {
    return "{\"time\":\"2026-06-01T10:45:12Z\",\"category\":\"jobs\",\"workspace_id\":\"7700\","
        + "\"properties\":{\"actionName\":\""
        + action
        + "\",\"response\":\"{\\\"statusCode\\\":200,\\\"result\\\":\\\"{\\\\\\\"job_id\\\\\\\":11}\\\"}\","
        + "\"requestParams\":"
        + quoted(requestParams)
        + "}}";
  }

  private static String quoted(String json) {
    return '"' + json.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
