package io.mendline.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.mendline.benchmarks.LabelledSeries.Span;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads when series became worse: one JSON object, a key for each series with a list of instants,
 * as {@code combined_labels.json} of the Numenta Anomaly Benchmark, or of windows {@code [from,
 * to]}, as its {@code combined_windows.json}. Read token by token, so that errors know their line.
 */
final class LabelFile {
  private final Path file;
  private final Map<String, List<Span>> labels = new LinkedHashMap<>();

  private LabelFile(Path file) {
    this.file = file;
  }

  /**
   * The labels by key, each list in order of time.
   *
   * @throws EvaluationException when the file cannot be read or holds anything else; the message
   *     names the line
   */
  static Map<String, List<Span>> read(Path file) {
    LabelFile reading = new LabelFile(file);
    reading.read();
    return reading.labels;
  }

  private void read() {
    JsonFactory json =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser tokens = json.createParser(file.toFile())) {
      if (tokens.nextToken() != JsonToken.START_OBJECT) {
        throw refused(tokens, "is no object of series, as {\"a.csv\": [\"2014-04-10 00:00:00\"]}");
      }
      while (tokens.nextToken() == JsonToken.FIELD_NAME) {
        labels.put(tokens.currentName(), spans(tokens));
      }
      if (tokens.nextToken() != null) {
        throw refused(tokens, "goes on after its object; one object holds all series");
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new EvaluationException(
          file + ", line " + line + ": is no JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EvaluationException(
          file
              + " cannot be read; put the labels of the series there, or name their file with"
              + " --labels");
    }
  }

  private List<Span> spans(JsonParser tokens) throws IOException {
    String key = tokens.currentName();
    if (tokens.nextToken() != JsonToken.START_ARRAY) {
      throw refused(tokens, "\"" + key + "\" is no list; write [] where it never became worse");
    }
    List<Span> spans = new ArrayList<>();
    while (tokens.nextToken() != JsonToken.END_ARRAY) {
      spans.add(tokens.hasToken(JsonToken.START_ARRAY) ? window(tokens) : instant(tokens));
    }
    spans.sort(Comparator.comparingLong(Span::from).thenComparingLong(Span::to));
    return spans;
  }

  private Span instant(JsonParser tokens) throws IOException {
    long at = time(tokens);
    return new Span(at, at);
  }

  private Span window(JsonParser tokens) throws IOException {
    List<Long> ends = new ArrayList<>();
    while (tokens.nextToken() != JsonToken.END_ARRAY) {
      ends.add(time(tokens));
    }
    if (ends.size() != 2 || ends.get(0) > ends.get(1)) {
      throw refused(tokens, "a window is two times, the earlier one first");
    }
    return new Span(ends.get(0), ends.get(1));
  }

  private long time(JsonParser tokens) throws IOException {
    OptionalLong at =
        tokens.currentToken().isScalarValue()
            ? TimeText.parse(tokens.getText())
            : OptionalLong.empty();
    if (at.isEmpty()) {
      throw refused(tokens, "\"" + tokens.getText() + "\" is no time; write it " + TimeText.FORMS);
    }
    return at.getAsLong();
  }

  private EvaluationException refused(JsonParser tokens, String problem) {
    return new EvaluationException(
        file + ", line " + tokens.currentTokenLocation().getLineNr() + ": " + problem);
  }
}
