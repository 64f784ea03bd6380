package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mendline.serdes.text.Redactor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenUsageDecoderTest {
  private static final long NOON = 1780315200000L;

  private final TelemetryDecoder decoder = new TokenUsageDecoder(Redactor.standard());

  private TokenUsage usage(String json) {
    return Decoded.of(decoder, json).only(TokenUsage.class);
  }

  @Test
  void anthropicsInputTokensAreOnlyTheRestThatIsInNoCache() {
    TokenUsage usage =
        usage(
            """
            {"time": "2026-06-01T12:00:00Z", "service": "assistant", "id": "msg_1",
             "type": "message", "model": "claude-x", "provider": "anthropic",
             "usage": {"input_tokens": 50, "cache_read_input_tokens": 9000,
                       "cache_creation_input_tokens": 950, "output_tokens": 7,
                       "cache_creation": {"ephemeral_5m_input_tokens": 950}}}
            """);

    assertThat(usage)
        .isEqualTo(
            new TokenUsage(
                NOON, "assistant", "claude-x", "anthropic", null, 1, 10_000, 9_000, 950, "msg_1"));
  }

  @Test
  void anthropicsCreationByLifetimeCountsWhereItStandsAlone() {
    TokenUsage usage =
        usage(
            base(
                """
                "usage": {"input_tokens": 50, "cache_creation":
                  {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200}}
                """));

    assertThat(usage.promptTokens()).isEqualTo(350);
    assertThat(usage.cacheCreationTokens()).isEqualTo(300);
  }

  @Test
  void openAiChatCountsCachedTokensWithinThePrompt() {
    TokenUsage usage =
        usage(
            """
            {"created": 1780315200, "application": "search", "id": "chatcmpl-1", "model": "gpt-x",
             "usage": {"prompt_tokens": 2048, "completion_tokens": 5, "total_tokens": 2053,
                       "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
                       "completion_tokens_details": {"reasoning_tokens": 3}}}
            """);

    assertThat(usage)
        .isEqualTo(
            new TokenUsage(NOON, "search", "gpt-x", null, null, 1, 2_048, 1_920, 0, "chatcmpl-1"));
  }

  @Test
  void openAiResponsesCountsCachedTokensWithinTheInput() {
    TokenUsage usage =
        usage(
            """
            {"created_at": 1780315200, "service": "search", "id": "resp_1", "model": "gpt-x",
             "usage": {"input_tokens": "2048", "output_tokens": 5,
                       "input_tokens_details": {"cached_tokens": "1920"}}}
            """);

    assertThat(usage.promptTokens()).isEqualTo(2_048);
    assertThat(usage.cachedTokens()).isEqualTo(1_920);
  }

  @Test
  void openTelemetrysAttributesAreFlat() {
    TokenUsage usage =
        usage(
            """
            {"timestamp": "2026-06-01T12:00:00Z", "service.name": "assistant",
             "deployment.environment.name": "prod", "gen_ai.provider.name": "aws.bedrock",
             "gen_ai.request.model": "m-1", "gen_ai.response.model": "m-1-20260101",
             "gen_ai.response.id": "r-1", "gen_ai.usage.input_tokens": 1000,
             "gen_ai.usage.cache_read.input_tokens": 800,
             "gen_ai.usage.cache_creation.input_tokens": 100}
            """);

    assertThat(usage)
        .isEqualTo(
            new TokenUsage(
                NOON, "assistant", "m-1", "aws.bedrock", "prod", 1, 1_000, 800, 100, "r-1"));
  }

  @Test
  void openTelemetrysOwnJsonListsKeysAndTypedValues() {
    TokenUsage usage =
        usage(
            """
            {"startTimeUnixNano": "1780315200000000000",
             "resource": {"attributes": [
               {"key": "service.name", "value": {"stringValue": "assistant"}}]},
             "attributes": [
               {"key": "gen_ai.request.model", "value": {"stringValue": "m-1"}}, null,
               {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "1000"}},
               {"key": "gen_ai.usage.cache_read.input_tokens", "value": {"intValue": 800}}]}
            """);

    assertThat(usage.time()).isEqualTo(NOON);
    assertThat(usage.service()).isEqualTo("assistant");
    assertThat(usage.cachedTokens()).isEqualTo(800);
  }

  @Test
  void aRollUpSaysHowManyCallsItIs() {
    TokenUsage usage =
        usage(base("\"calls\": 400, \"prompt_tokens\": 72000, \"cached_tokens\": 0"));

    assertThat(usage.calls()).isEqualTo(400);
    assertThat(usage.promptTokensPerCall()).isEqualTo(180);
    assertThat(Decoded.of(decoder, base("\"requests\": 0, \"prompt_tokens\": 0")).skipped)
        .containsExactly("0 a roll-up of no calls");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"prompt_tokens\":100,\"cached_tokens\":101|cached_tokens: '101' is more than the prompt's 100",
        "\"gen_ai.usage.input_tokens\":5,\"gen_ai.usage.cache_read.input_tokens\":6"
            + "|cached_tokens: '6' is more than",
        "\"gen_ai.usage.input_tokens\":5,\"gen_ai.usage.cache_creation.input_tokens\":6"
            + "|cache_creation: '6' is more than",
        "\"prompt_tokens\":-1|prompt_tokens: '-1' is no number from 0",
        "\"prompt_tokens\":1.5|prompt_tokens: '1.5' is no number",
        "\"prompt_tokens\":\"many\"|prompt_tokens: 'many' is no number",
        "\"prompt_tokens\":[1]|prompt_tokens: '[…]' is no number",
        "\"prompt_tokens\":123456789012345678901234567890|prompt_tokens: '123456789012345678901234567890'",
        "\"prompt_tokens\":1e400|prompt_tokens: '1e400' is no number",
        "\"prompt_tokens\":null|prompt_tokens: missing",
        "\"calls\":0,\"prompt_tokens\":5|calls: '0' calls with 5 tokens",
        "\"calls\":-3,\"prompt_tokens\":5|calls: '-3' is no number",
        "\"created\":\"noon\",\"prompt_tokens\":5|created: 'noon' is no instant",
      })
  void numbersThatCannotBeTrueMakeItBad(String fields, String reason) {
    assertThat(Decoded.of(decoder, base(fields)).onlyBad()).startsWith("0 " + reason);
  }

  @ParameterizedTest
  @CsvSource({"time", "service", "model"})
  void withoutTimeServiceOrModelItIsBad(String field) {
    String json = base("\"prompt_tokens\": 5").replace("\"" + field + "\"", "\"other\"");

    assertThat(Decoded.of(decoder, json).onlyBad()).startsWith("0 " + field + ": missing");
  }

  @Test
  void aCallReportedTwiceIsOneByItsIdAndOthersByContent() {
    TokenUsage call = usage(base("\"id\": \"c-1\", \"prompt_tokens\": 5"));
    TokenUsage again = usage(base("\"id\": \"c-1\", \"prompt_tokens\": 5, \"provider\": \"p\""));
    TokenUsage unnamed = usage(base("\"prompt_tokens\": 5"));
    TokenUsage larger = usage(base("\"prompt_tokens\": 6"));

    assertThat(again.contentId()).isEqualTo(call.contentId());
    assertThat(unnamed.contentId()).isNotEqualTo(call.contentId());
    assertThat(unnamed.contentId()).isNotEqualTo(larger.contentId());
  }

  @Test
  void aRecordRefusesWhatCannotBeTrue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenUsage(NOON, "s", "m", null, null, 1, 5, 6, 0, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenUsage(NOON, "s", "m", null, null, 0, 5, 5, 0, null));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenUsage(NOON, "s", "m", null, null, 1, 5, -1, 0, null));
  }

  private static String base(String fields) {
    return "{\"time\":\"2026-06-01T12:00:00Z\",\"service\":\"s\",\"model\":\"m\"," + fields + "}";
  }
}
