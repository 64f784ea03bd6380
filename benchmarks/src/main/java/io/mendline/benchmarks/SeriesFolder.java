package io.mendline.benchmarks;

import io.mendline.benchmarks.LabelledSeries.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Gathers labelled series: files of series, or folders with such files at any depth, and the labels
 * that lie beside them.
 */
final class SeriesFolder {
  /** The labels of a folder, or of the files beside it. */
  static final String LABELS = "labels.json";

  private final Path labels;
  private final Map<Path, Map<String, List<Span>>> known = new HashMap<>();
  private final List<LabelledSeries> series = new ArrayList<>();

  private SeriesFolder(Path labels) {
    this.labels = labels;
  }

  /**
   * The series of files and folders, those of a folder in the order of their names.
   *
   * @param labels the file of the labels; null for {@value #LABELS} in the folder, and beside each
   *     file
   * @throws EvaluationException when something is missing, or cannot be read
   */
  static List<LabelledSeries> read(List<Path> paths, Path labels) {
    SeriesFolder reading = new SeriesFolder(labels);
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        reading.folder(path);
      } else {
        reading.file(path, path.toAbsolutePath().getParent());
      }
    }
    return reading.series;
  }

  private void folder(Path folder) {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(path -> path.toString().endsWith(".csv") && Files.isRegularFile(path))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new EvaluationException(folder + " cannot be read: " + e.getMessage());
    }
    if (files.isEmpty()) {
      throw new EvaluationException(folder + " holds no series; their names end with .csv");
    }
    files.forEach(file -> file(file, folder));
  }

  private void file(Path file, Path folder) {
    if (!Files.isRegularFile(file)) {
      throw new EvaluationException("there is no file or folder " + file);
    }
    Path from = labels == null ? folder.resolve(LABELS) : labels;
    String name =
        folder.toAbsolutePath().relativize(file.toAbsolutePath()).toString().replace('\\', '/');
    List<Span> spans = labelsOf(name, from);
    series.add(new LabelledSeries(name, SeriesFile.read(file), spans));
  }

  /** Of the key that is the name, or one of which the other is the end, folder by folder. */
  private List<Span> labelsOf(String name, Path from) {
    Map<String, List<Span>> all = known.computeIfAbsent(from, LabelFile::read);
    List<String> keys =
        all.containsKey(name)
            ? List.of(name)
            : all.keySet().stream()
                .filter(key -> key.endsWith("/" + name) || name.endsWith("/" + key))
                .toList();
    if (keys.isEmpty()) {
      throw new EvaluationException(
          from + " does not name " + name + "; add \"" + name + "\": [] if it never became worse");
    }
    if (keys.size() > 1) {
      throw new EvaluationException(
          from + " names " + name + " more than once: " + String.join(", ", keys));
    }
    return all.get(keys.get(0));
  }
}
