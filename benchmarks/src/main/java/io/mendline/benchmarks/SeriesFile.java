package io.mendline.benchmarks;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import io.mendline.benchmarks.LabelledSeries.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads a series from a file of comma-separated values: a column of times ({@link TimeText}) and
 * one of values, in any order of rows.
 *
 * <p>A first row that holds neither times nor numbers names the columns: the time is then the one
 * called {@code time}, {@code timestamp}, {@code datetime}, {@code date} or {@code ts}, or else the
 * first; the value the one called {@code value}, or else the first other. Without such a row they
 * are the first and the second. A value that is empty or {@code NaN} is a gap.
 */
final class SeriesFile {
  private static final Set<String> TIMES = Set.of("time", "timestamp", "datetime", "date", "ts");
  private static final Set<String> GAPS = Set.of("", "nan");

  private final Path file;
  private final List<Sample> samples = new ArrayList<>();
  private int line;
  private int timeColumn;
  private int valueColumn = 1;

  private SeriesFile(Path file) {
    this.file = file;
  }

  /**
   * The samples of a file, in order of time.
   *
   * @throws EvaluationException when it cannot be read or holds anything else; the message names
   *     the line
   */
  static List<Sample> read(Path file) {
    return new SeriesFile(file).read();
  }

  private List<Sample> read() {
    CsvFactory csv = CsvFactory.builder().enable(CsvParser.Feature.SKIP_EMPTY_LINES).build();
    try (InputStream in = Files.newInputStream(file);
        JsonParser rows = csv.createParser(in)) {
      boolean first = true;
      while (rows.nextToken() == JsonToken.START_ARRAY) {
        List<String> cells = cells(rows);
        if (first && isHeader(cells)) {
          chooseColumns(cells);
        } else {
          take(cells);
        }
        first = false;
      }
    } catch (JsonProcessingException e) {
      line = e.getLocation() == null ? line : e.getLocation().getLineNr();
      throw refused("is no CSV: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new EvaluationException(
          file + " cannot be read; is it a text file in UTF-8? " + e.getMessage());
    }
    if (samples.size() < 2) {
      throw new EvaluationException(
          file + " holds fewer than two values; a series is a time and a value a line");
    }
    samples.sort(Comparator.comparingLong(Sample::at));
    return samples;
  }

  /** A row, after its line is noted: only a cell's own place is told rightly. */
  private List<String> cells(JsonParser rows) throws IOException {
    List<String> cells = new ArrayList<>();
    while (rows.nextToken() != JsonToken.END_ARRAY) {
      line = rows.currentTokenLocation().getLineNr();
      cells.add(rows.getText().strip());
    }
    return cells;
  }

  private static boolean isHeader(List<String> cells) {
    return cells.stream()
        .allMatch(cell -> TimeText.parse(cell).isEmpty() && Double.isNaN(number(cell)));
  }

  private void chooseColumns(List<String> names) {
    List<String> lower = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    for (int i = lower.size() - 1; i >= 0; i--) {
      timeColumn = TIMES.contains(lower.get(i)) ? i : timeColumn;
    }
    int named = lower.indexOf("value");
    valueColumn = named >= 0 ? named : timeColumn == 0 ? 1 : 0;
    requireColumns(names);
  }

  private void take(List<String> cells) {
    requireColumns(cells);
    String time = cells.get(timeColumn);
    OptionalLong at = TimeText.parse(time);
    if (at.isEmpty()) {
      throw refused("\"" + time + "\" is no time; write it " + TimeText.FORMS);
    }
    String text = cells.get(valueColumn);
    if (!GAPS.contains(text.toLowerCase(Locale.ROOT))) {
      double value = number(text);
      if (Double.isNaN(value)) {
        throw refused(
            "\"" + text + "\" is no value; write a number, or nothing where none is known");
      }
      samples.add(new Sample(at.getAsLong(), value));
    }
  }

  private void requireColumns(List<String> cells) {
    if (cells.size() <= Math.max(timeColumn, valueColumn)) {
      throw refused(
          "has " + cells.size() + " column(s); a time and a value are needed, with a comma");
    }
  }

  /** A finite number, or NaN where the text is none. */
  private static double number(String text) {
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? number : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private EvaluationException refused(String problem) {
    return new EvaluationException(file + ", line " + line + ": " + problem);
  }
}
