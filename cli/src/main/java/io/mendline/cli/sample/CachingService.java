package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.cli.sample.Draws.Question;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * A service with three caches, told every ten minutes: an assistant and a search, one of which may
 * fall and stay low, and a classifier whose calls are too small to be cached at all. The three
 * producers write three shapes; every other service writes OpenTelemetry's for its assistant.
 */
final class CachingService implements Script {
  private static final long HOUR = 3_600_000L;
  private static final long ROLL_UP = HOUR / 6;
  // Room for the default policy's six bins on either side, and short of what counts as re-learned.
  private static final long BEFORE = 8 * HOUR;
  private static final long AFTER_AT_LEAST = 9 * HOUR;
  private static final long AFTER_AT_MOST = 60 * HOUR;
  private static final long CHANGE_BEFORE_ONSET = HOUR / 6;
  private static final int SMALL_CALL = 180;
  private static final String[] MODELS = {"claude-sonnet-4-5", "gpt-4.1-mini", "claude-haiku-4-5"};

  private final GeneratorSettings settings;
  private final Draws draws;
  private final int number;
  private final long shift;
  private final int fallingScope;
  private final long onset;

  CachingService(GeneratorSettings settings, Draws all, int number) {
    this.settings = settings;
    this.draws = all.of("service", number);
    this.number = number;
    this.shift = draws.between(Question.OFFSET, 0, 1_000, 60_000);
    this.fallingScope = (int) draws.between(Question.SCOPE, 0, 0, 2);
    this.onset = onset();
  }

  /** A whole hour, or -1 if nothing falls. */
  private long onset() {
    long from = settings.from().toEpochMilli();
    long last = (settings.to() - AFTER_AT_LEAST) / HOUR;
    long first = (Math.max(from + BEFORE, settings.to() - AFTER_AT_MOST) + HOUR - 1) / HOUR;
    boolean falls = draws.chance(Question.STORY, 0, settings.regressedShare());
    return falls && last >= first ? HOUR * draws.between(Question.ONSET, 0, first, last + 1) : -1;
  }

  String name() {
    return "service-" + (number + 1);
  }

  /** What has to be found of this service, or null. */
  Expected.Regression regression() {
    return onset < 0
        ? null
        : new Expected.Regression(
            name() + '/' + MODELS[fallingScope], Instant.ofEpochMilli(onset), guiltyChange());
  }

  String guiltyChange() {
    return "contoso/" + name() + "#1000";
  }

  /** When the change that is to blame took effect, or -1. */
  long guiltyAt() {
    return onset < 0 ? -1 : onset - CHANGE_BEFORE_ONSET;
  }

  @Override
  public int chapters() {
    return (int) (settings.duration().toMillis() / ROLL_UP);
  }

  @Override
  public long begin(int rollUp) {
    return settings.from().toEpochMilli() + rollUp * ROLL_UP;
  }

  private long time(int rollUp) {
    return begin(rollUp) + ROLL_UP - shift;
  }

  @Override
  public void tell(int rollUp, Consumer<Telling> to) {
    long time = time(rollUp);
    for (int scope = 0; scope < MODELS.length; scope++) {
      Usage usage = usage(rollUp, scope);
      to.accept(new Telling(Source.CACHE, time, Telling.ALONE, json -> write(json, usage)));
    }
  }

  @Override
  public void expect(int rollUp, Expected.Builder to) {
    for (int scope = 0; scope < MODELS.length; scope++) {
      to.record(Source.CACHE, 1);
    }
    if (rollUp == 0 && onset >= 0) {
      to.regression(regression());
    }
  }

  /** Busy by day, quiet by night, with the same share of cached tokens at all hours. */
  private Usage usage(int rollUp, int scope) {
    long which = rollUp * 4L + scope;
    long time = time(rollUp);
    long hour = time / HOUR % 24;
    long busy = hour >= 7 && hour < 19 ? 400 : 90;
    long calls = busy + draws.between(Question.CALLS, which, 0, busy / 4);
    if (scope == 2) {
      return new Usage(scope, time, calls, calls * SMALL_CALL, 0, 0);
    }
    long prompt = calls * draws.between(Question.PROMPT, which, 2_900, 3_100);
    double ratio = 0.62 + 0.16 * draws.fraction(Question.RATIO, ~(long) scope);
    if (onset >= 0 && scope == fallingScope && time >= onset) {
      ratio -= 0.20 + 0.06 * draws.fraction(Question.DROP, scope);
    }
    ratio += 0.03 * (draws.fraction(Question.RATIO, which) - 0.5);
    long cached = (long) (prompt * ratio);
    double written = 0.3 + 0.2 * draws.fraction(Question.WRITTEN, which);
    return new Usage(scope, time, calls, prompt, cached, (long) ((prompt - cached) * written));
  }

  private record Usage(int scope, long time, long calls, long prompt, long cached, long written) {}

  private void write(JsonGenerator json, Usage usage) throws IOException {
    json.writeStartObject();
    json.writeStringField("timestamp", Json.time(usage.time()));
    if (usage.scope() == 0 && number % 2 == 1) {
      openTelemetry(json, usage);
    } else {
      json.writeStringField("service", name());
      json.writeStringField("model", MODELS[usage.scope()]);
      json.writeNumberField("calls", usage.calls());
      json.writeObjectFieldStart("usage");
      if (usage.scope() == 1) {
        openAi(json, usage);
      } else {
        json.writeNumberField("input_tokens", usage.prompt() - usage.cached() - usage.written());
        json.writeNumberField("cache_read_input_tokens", usage.cached());
        json.writeNumberField("cache_creation_input_tokens", usage.written());
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** The chat shape and that of responses differ in the names. */
  private void openAi(JsonGenerator json, Usage usage) throws IOException {
    boolean chat = number % 2 == 0;
    json.writeNumberField(chat ? "prompt_tokens" : "input_tokens", usage.prompt());
    json.writeObjectFieldStart(chat ? "prompt_tokens_details" : "input_tokens_details");
    json.writeNumberField("cached_tokens", usage.cached());
    json.writeEndObject();
  }

  private void openTelemetry(JsonGenerator json, Usage usage) throws IOException {
    json.writeNumberField("calls", usage.calls());
    json.writeObjectFieldStart("resource");
    json.writeStringField("service.name", name());
    json.writeEndObject();
    json.writeObjectFieldStart("attributes");
    json.writeStringField("gen_ai.provider.name", "anthropic");
    json.writeStringField("gen_ai.request.model", MODELS[usage.scope()]);
    json.writeNumberField("gen_ai.usage.input_tokens", usage.prompt());
    json.writeNumberField("gen_ai.usage.cache_read.input_tokens", usage.cached());
    json.writeNumberField("gen_ai.usage.cache_creation.input_tokens", usage.written());
    json.writeEndObject();
  }
}
