package io.mendline.cli.sample;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.cli.sample.Draws.Question;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * The changes of one service: innocent ones all along, and the one that is to blame where a cache
 * falls. None of the others comes close to that one.
 */
final class ServiceChanges implements Script {
  private static final long DAY = 86_400_000L;
  private static final long ALONE_BEFORE = 40 * 60_000L;
  private static final long ALONE_AFTER = 80 * 60_000L;
  private static final String[] INNOCENT = {
    "Mend broken links in the README", "Log how long each tool takes", "Raise a time-out"
  };

  private final GeneratorSettings settings;
  private final CachingService service;
  private final Draws draws;
  private final long every;

  ServiceChanges(GeneratorSettings settings, Draws all, int number, CachingService service) {
    this.settings = settings;
    this.service = service;
    this.draws = all.of("changes", number);
    this.every = DAY / settings.changesPerDay();
  }

  @Override
  public int chapters() {
    return (int) ((settings.duration().toMillis() + every - 1) / every);
  }

  @Override
  public long begin(int slot) {
    return settings.from().toEpochMilli() + slot * every;
  }

  private long end(int slot) {
    return Math.min(settings.to(), begin(slot) + every);
  }

  private long innocentAt(int slot) {
    return draws.between(Question.OFFSET, slot, begin(slot), end(slot));
  }

  private boolean hasInnocent(int slot) {
    long guilty = service.guiltyAt();
    long at = innocentAt(slot);
    return guilty < 0 || at < guilty - ALONE_BEFORE || at > guilty + ALONE_AFTER;
  }

  private boolean hasGuilty(int slot) {
    long guilty = service.guiltyAt();
    return guilty >= begin(slot) && guilty < end(slot);
  }

  @Override
  public void tell(int slot, Consumer<Telling> to) {
    long innocent = innocentAt(slot);
    long guilty = service.guiltyAt();
    boolean guiltyFirst = hasGuilty(slot) && guilty < innocent;
    if (guiltyFirst) {
      to.accept(guilty());
    }
    if (hasInnocent(slot)) {
      to.accept(telling(innocent, json -> innocent(json, slot)));
    }
    if (hasGuilty(slot) && !guiltyFirst) {
      to.accept(guilty());
    }
  }

  private Telling guilty() {
    return telling(
        service.guiltyAt(),
        json ->
            change(
                json,
                service.guiltyChange(),
                service.guiltyAt(),
                "Change the order of the prompt",
                "prompts/system_prompt.j2"));
  }

  private static Telling telling(long at, Telling.Body body) {
    return new Telling(Source.CHANGES, at, Telling.ALONE, body);
  }

  @Override
  public void expect(int slot, Expected.Builder to) {
    if (hasInnocent(slot)) {
      to.record(Source.CHANGES, 1);
    }
    if (hasGuilty(slot)) {
      to.record(Source.CHANGES, 1);
    }
  }

  private void innocent(JsonGenerator json, int slot) throws IOException {
    String id = "contoso/" + service.name() + '#' + (2_000 + slot);
    String title = draws.one(Question.TITLE, slot, INNOCENT);
    change(json, id, innocentAt(slot), title, "docs/notes.md");
  }

  private void change(JsonGenerator json, String id, long at, String title, String file)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("at", Json.time(at));
    json.writeStringField("service", service.name());
    json.writeStringField("kind", "pull_request");
    json.writeStringField("title", title);
    json.writeArrayFieldStart("files");
    json.writeString(file);
    json.writeEndArray();
    json.writeEndObject();
  }
}
