package io.mendline.serdes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.text.Redactor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeDecoderTest {
  private final TelemetryDecoder decoder = new ChangeDecoder(Redactor.standard());

  private Change change(String json) {
    return Decoded.of(decoder, json).only(Change.class);
  }

  @Test
  void aChangeInThePlainShapeIsRead() {
    assertThat(
            change(
                """
                {"id": "pr-17", "at": "2026-06-01T12:00:00Z", "service": "assistant",
                 "kind": "Pull_Request", "title": "Reorder the prompt",
                 "url": "https://git.example/pr/17", "author": "ada", "commit": "abc123",
                 "files": ["prompt.txt", "src/main.py"], "labels": ["prompt"], "extra": {"x": [1]}}
                """))
        .isEqualTo(
            new Change(
                "pr-17",
                1780315200000L,
                "assistant",
                "pull_request",
                "Reorder the prompt",
                "https://git.example/pr/17",
                "ada",
                "abc123",
                List.of("prompt.txt", "src/main.py"),
                List.of("prompt")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"a\", \"b\"]|a,b",
        "\"a, b,,\"|a,b",
        "[{\"filename\": \"a\", \"sha\": \"x\"}, {\"path\": \"b\"}, {}, null, 7]|a,b,7",
        "3|``",
        "null|``",
        "{\"a\": 1}|``",
      })
  void filesComeInSeveralShapes(String files, String paths) {
    Change change = change("{\"time\": 1780315200, \"files\": " + files + "}");

    assertThat(String.join(",", change.files())).isEqualTo(paths);
  }

  @Test
  void withoutAnIdTheContentIsTheId() {
    Change first = change("{\"at\": \"2026-06-01T12:00:00Z\", \"title\": \"x\"}");
    Change again = change("{\"title\": \"x\", \"timestamp\": 1780315200}");
    Change other = change("{\"title\": \"y\", \"timestamp\": 1780315200}");

    assertThat(first.id()).matches("change-[0-9a-f]{16}").isEqualTo(again.id());
    assertThat(first.contentId()).isEqualTo(again.contentId());
    assertThat(other.id()).isNotEqualTo(first.id());
  }

  @Test
  void peopleAndCommitsMayBeObjects() {
    Change change =
        change(
            "{\"at\": 1780315200, \"author\": {\"login\": \"ada\"}, \"commit\": {\"sha\": \"abc\"}}");

    assertThat(change.author()).isEqualTo("ada");
    assertThat(change.commit()).isEqualTo("abc");
  }

  @Test
  void secretsInTitlesAreTakenOut() {
    Change change = change("{\"at\": 1780315200, \"title\": \"rotate dapi0123456789abcdef\"}");

    assertThat(change.title()).isEqualTo("rotate dapi[redacted]");
  }

  @Test
  void withoutATimeItIsBad() {
    assertThat(Decoded.of(decoder, "{\"id\": \"c\"}").onlyBad()).startsWith("0 at: missing");
    assertThat(Decoded.of(decoder, "{\"id\": \"c\", \"at\": \"now\"}").onlyBad())
        .startsWith("0 at: 'now' is no instant");
  }
}
