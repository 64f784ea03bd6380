package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.mendline.processors.ingest.Decoded;
import io.mendline.processors.ingest.RawMessage;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.regression.RegressionMethod.Band;
import io.mendline.processors.regression.SeriesReport;
import io.mendline.processors.regression.SeriesReport.Measured;
import io.mendline.processors.regression.SeriesReport.Regression;
import io.mendline.processors.regression.SeriesType;
import io.mendline.schemas.Suspect;
import io.mendline.serdes.telemetry.MetricSample.Better;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A cache that fell and recovered, and a latency that rose and stayed: what a chart shows. */
class SeriesStoryTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final String CACHE = "search/claude-opus-4-6";

  private final StoryRuntime story = new StoryRuntime();
  private final LocalRuntime runtime = StoryRuntime.acting(story::note);
  private final PolicyBook policies = new PolicyBook();
  private final Random random = new Random(11);
  private long offset;

  @Test
  void a_series_is_its_bins_what_is_usual_and_what_became_of_it() {
    tenDays();

    SeriesReport cache = series(SeriesType.CACHE_SCOPE);
    assertThat(cache.key()).isEqualTo(new StateKey("service:search", CACHE));
    assertThat(List.of(cache.service(), cache.scope(), cache.model()))
        .containsExactly("search", CACHE, "claude-opus-4-6");
    assertThat(cache.regressed()).isFalse();
    assertThat(cache.asOf()).isEqualTo(at(240));
    assertThat(cache.bins()).as("all ten days").hasSize(240);
    Measured last = cache.bins().get(239);
    assertThat(last.end()).isEqualTo(at(240));
    assertThat(last.value()).isEqualTo(0.7, within(0.03));
    assertThat(List.of(last.volume(), (double) last.calls(), (double) last.uncacheableCalls()))
        .containsExactly(540_000.0, 60.0, 5.0);
    Regression past = cache.regressions().get(0);
    assertThat(cache.regressions()).hasSize(1);
    assertThat(past.open()).isFalse();
    assertThat(past.because()).isEqualTo("recovered");
    assertThat(past.onset()).isEqualTo(at(120));
    assertThat(past.clearedAt()).isBetween(at(168), at(180));
    assertThat(List.of(past.before() - 0.7, past.after() - 0.4))
        .allSatisfy(away -> assertThat(away).isEqualTo(0, within(0.03)));
    assertThat(past.suspects()).extracting(Suspect::getChangeId).containsExactly("pr-7");
    assertThat(story.findings).containsKey(past.findingId());
    assertBand(cache, 0.7, 0.05);

    SeriesReport metric = series(SeriesType.METRIC);
    assertThat(List.of(metric.service(), metric.scope(), metric.metric()))
        .containsExactly("search", "search", "p95_latency_ms");
    assertThat(metric.better(policies.at(at(240)))).isEqualTo(Better.LOWER);
    assertThat(metric.regressed()).isTrue();
    assertThat(metric.regressions())
        .singleElement()
        .satisfies(
            open -> {
              assertThat(open.open()).isTrue();
              assertThat(open.onset()).isEqualTo(at(200));
              assertThat(open.clearedAt()).isEqualTo(SeriesReport.NONE);
              assertThat(open.after()).isEqualTo(320, within(10.0));
              assertThat(open.suspects()).extracting(Suspect::getChangeId).containsExactly("pr-8");
              assertThat(story.findings).containsKey(open.findingId());
            });
    // It is out of what was usual before, which is not what it has come to since.
    assertThat(metric.bins().get(239).value()).isEqualTo(320, within(30.0));
    assertBand(metric, 200, 40);
  }

  /** The last bin's band, as wide as is said; the first day's is not known. */
  private void assertBand(SeriesReport series, double middle, double half) {
    List<Band> band = series.band(policies.at(series.asOf()));
    assertThat(band)
        .extracting(Band::start)
        .containsExactlyElementsOf(series.bins().stream().map(Measured::start).toList());
    assertThat(band.subList(0, 48)).allMatch(each -> Double.isNaN(each.low()));
    assertThat(band.subList(48, 240)).noneMatch(each -> Double.isNaN(each.high()));
    // Bins 120 to 167 are of the cache's fall, which is out of what is usual then.
    assertThat((band.get(148).low() + band.get(148).high()) / 2)
        .isEqualTo(middle, within(half / 2));
    Band last = band.get(239);
    assertThat((last.low() + last.high()) / 2).isEqualTo(middle, within(half / 2));
    assertThat((last.high() - last.low()) / 2).isBetween(half / 4, half * 1.2);
  }

  @Test
  void what_is_over_is_remembered_for_thirty_days_of_silence_and_then_forgotten() {
    tenDays();
    long cleared = series(SeriesType.CACHE_SCOPE).regressions().get(0).clearedAt();

    end(START.plus(Duration.ofDays(30)));
    assertThat(series(SeriesType.CACHE_SCOPE).bins()).isEmpty();
    assertThat(series(SeriesType.CACHE_SCOPE).regressions())
        .extracting(Regression::clearedAt)
        .containsExactly(cleared);
    assertThat(series(SeriesType.METRIC).regressions())
        .extracting(Regression::because)
        .containsExactly("unobserved");

    end(START.plus(Duration.ofDays(60)));
    assertThat(runtime.series()).isEmpty();
  }

  @Test
  void a_bin_with_too_little_in_it_is_shown_but_nothing_is_usual_of_it() {
    for (int hour = 0; hour < 96; hour++) {
      usage(hour, hour == 95 ? 1 : 60, 0.7);
    }
    end(START.plus(Duration.ofHours(100)));

    SeriesReport cache = series(SeriesType.CACHE_SCOPE);
    List<Band> band = cache.band(policies.at(cache.asOf()));
    assertThat(cache.bins().get(95).value()).isEqualTo(0.7, within(0.03));
    assertThat(band.get(94).low()).isEqualTo(0.65, within(0.03));
    assertThat(band.get(95).low()).isNaN();
  }

  @Test
  void what_is_too_little_and_what_is_the_same_level_is_what_the_policy_has_for_the_scope() {
    tenDays();
    SeriesReport cache = series(SeriesType.CACHE_SCOPE);
    SeriesReport metric = series(SeriesType.METRIC);

    assertThat(width(cache, "cache: {scopes: [{scope: search/*, minimumDrop: 0.4}]}"))
        .isEqualTo(0.4, within(0.01));
    assertThat(width(cache, "cache: {scopes: [{scope: other/*, minimumDrop: 0.4}]}"))
        .isEqualTo(0.1, within(0.04));
    assertThat(width(cache, "cache: {scopes: [{scope: search/*, minimumTokensPerBin: 540001}]}"))
        .isNaN();
    assertThat(width(metric, "metrics: {rules: [{metric: p95*, minimumChange: 300}]}"))
        .isEqualTo(300, within(1.0));
    assertThat(
            width(
                metric,
                "metrics: {rules: [{metric: p95*, minimumChange: 9, minimumSamplesPerBin: 99}]}"))
        .isNaN();
  }

  /** Of the last bin's band, under the built-in policy with this over it. */
  private static double width(SeriesReport series, String policy) {
    PolicyBook book = new PolicyBook();
    book.put(Policies.parse("test", policy.getBytes(UTF_8)));
    Band last = series.band(book.at(series.asOf())).get(239);
    return last.high() - last.low();
  }

  @Test
  void an_id_may_belong_to_as_many_services_as_it_has_slashes() {
    assertThat(SeriesReport.keys("search/gpt-5/prod"))
        .extracting(StateKey::route)
        .containsExactly("service:search", "service:search/gpt-5");
    assertThat(SeriesReport.keys("/subscriptions/1/cpu"))
        .extracting(StateKey::route)
        .containsExactly("service:/subscriptions", "service:/subscriptions/1");
    assertThat(SeriesReport.keys("search")).isEmpty();
  }

  private void tenDays() {
    for (int hour = 0; hour < 240; hour++) {
      usage(hour, 60, hour < 120 || hour >= 168 ? 0.7 : 0.4);
      for (int i = 0; i < 6; i++) {
        sample(hour * 60 + i * 10, (hour < 200 ? 200 : 320) * (1 + 0.05 * random.nextGaussian()));
      }
      if (hour == 119 || hour == 199) {
        change(
            hour == 119 ? "pr-7" : "pr-8",
            "search",
            START.plus(Duration.ofMinutes(hour * 60L + 50)));
      }
    }
    end(START.plus(Duration.ofHours(245)));
  }

  private SeriesReport series(SeriesType type) {
    return runtime.series().stream().filter(each -> each.type() == type).findFirst().orElseThrow();
  }

  private static long at(int hour) {
    return START.plus(Duration.ofHours(hour)).toEpochMilli();
  }

  private void usage(int hour, int calls, double ratio) {
    long prompt = calls * 9_000L;
    long read = Math.round(prompt * (ratio + 0.01 * random.nextGaussian()));
    roll(hour, calls, prompt, read);
    roll(hour, 5, 900, 0);
  }

  private void roll(int hour, int calls, long prompt, long read) {
    accept(
        Source.CACHE,
        String.format(
            Locale.ROOT,
            "{\"timestamp\":\"%s\",\"service\":\"search\",\"model\":\"claude-opus-4-6\","
                + "\"calls\":%d,\"usage\":{\"input_tokens\":%d,\"cache_read_input_tokens\":%d}}",
            START.plus(Duration.ofMinutes(hour * 60L + 30)),
            calls,
            prompt - read,
            read));
  }

  private void sample(int minute, double value) {
    accept(
        Source.METRICS,
        String.format(
            Locale.ROOT,
            "{\"time\":\"%s\",\"scope\":\"search\",\"metric\":\"p95_latency_ms\",\"value\":%f}",
            START.plus(Duration.ofMinutes(minute)),
            value));
  }

  private void change(String id, String service, Instant at) {
    accept(
        Source.CHANGES,
        String.format(
            "{\"id\":\"%s\",\"at\":\"%s\",\"service\":\"%s\",\"kind\":\"deployment\"}",
            id, at, service));
  }

  /** Something happens elsewhere, so that every clock passes an instant. */
  private void end(Instant at) {
    change("end-" + at, "elsewhere", at);
  }

  private void accept(Source source, String json) {
    runtime.accept(
        Decoded.of(
            new RawMessage(
                source,
                new Coordinates(source.defaultTopic(), 0, offset++),
                System.currentTimeMillis(),
                null,
                json.getBytes(UTF_8))));
  }
}
