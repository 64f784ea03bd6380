package io.mendline.processors.cause;

import static org.assertj.core.api.Assertions.assertThat;

import io.mendline.serdes.text.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Groups the labelled logs of LogPAI's Loghub by fingerprint and says how many messages are in a
 * group that is exactly the labelled one. The data is not part of this project: {@code
 * -Dmendline.loghub=FOLDER} names a folder with {@code *_structured.csv} files. {@code
 * -Dmendline.loghub.show=20} also shows where a group is torn or mixed.
 */
class GroupingAccuracyTest {
  /** Drain's own figures begin at 0.53; below this the mask would not be worth its name. */
  private static final double FLOOR = 0.5;

  private static final int SHOWN = Integer.getInteger("mendline.loghub.show", 0);

  @Test
  void aGroupIsRightIfItHasAllItsMessagesAndNoOther() {
    List<String> labels = List.of("a", "a", "b", "b", "c");

    assertThat(accuracy(labels, List.of("1", "1", "2", "2", "3"))).isEqualTo(1);
    assertThat(accuracy(labels, List.of("1", "1", "2", "3", "4"))).isEqualTo(0.6);
    assertThat(accuracy(labels, List.of("1", "1", "2", "2", "2"))).isEqualTo(0.4);
  }

  @Test
  @EnabledIfSystemProperty(named = "mendline.loghub", matches = ".+")
  void groupingAccuracyOnLoghub() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("mendline.loghub")))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
        List<Map<String, String>> rows = Csv.read(Files.readString(file));
        List<String> labels = rows.stream().map(row -> row.get("EventId")).toList();
        List<String> messages = rows.stream().map(row -> row.get("Content")).toList();
        Redactor redactor = Redactor.standard();
        List<String> shapes =
            messages.stream().map(m -> MessageShape.of(redactor.redact(m)).masked()).toList();
        List<String> groups =
            messages.stream().map(m -> MessageShape.of(redactor.redact(m)).fingerprint()).toList();
        double accuracy = accuracy(labels, groups);
        System.out.printf(
            "%-40s %5d messages %4d labelled %4d found  accuracy %.4f%n",
            file.getFileName(),
            rows.size(),
            new HashSet<>(labels).size(),
            new HashSet<>(groups).size(),
            accuracy);
        show(labels, shapes, rows);
        assertThat(accuracy).as(file.getFileName().toString()).isGreaterThan(FLOOR);
      }
    }
  }

  /** The share of messages whose group has the same members as its label. */
  private static double accuracy(List<String> labels, List<String> groups) {
    Map<String, Set<Integer>> byLabel = members(labels);
    Map<String, Set<Integer>> byGroup = members(groups);
    int right = 0;
    for (Set<Integer> group : byGroup.values()) {
      int first = group.iterator().next();
      right += group.equals(byLabel.get(labels.get(first))) ? group.size() : 0;
    }
    return (double) right / labels.size();
  }

  private static Map<String, Set<Integer>> members(List<String> names) {
    Map<String, Set<Integer>> members = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      members.computeIfAbsent(names.get(i), name -> new HashSet<>()).add(i);
    }
    return members;
  }

  private static void show(
      List<String> labels, List<String> shapes, List<Map<String, String>> rows) {
    Map<String, Set<Integer>> byShape = members(shapes);
    List<String> wrong = new ArrayList<>();
    members(labels)
        .forEach(
            (label, rowsOfLabel) -> {
              Set<String> found = new HashSet<>();
              rowsOfLabel.forEach(row -> found.add(shapes.get(row)));
              int all = found.stream().mapToInt(shape -> byShape.get(shape).size()).sum();
              if (found.size() > 1 || all > rowsOfLabel.size()) {
                String template = rows.get(rowsOfLabel.iterator().next()).get("EventTemplate");
                wrong.add(
                    "%5d of %s in %d: %s%n      %s"
                        .formatted(
                            rowsOfLabel.size(),
                            label,
                            found.size(),
                            template,
                            String.join("\n      ", found.stream().limit(6).toList())));
              }
            });
    wrong.stream()
        .sorted(java.util.Comparator.reverseOrder())
        .limit(SHOWN)
        .forEach(System.out::println);
  }

  /** Comma-separated values with quotes, as in RFC 4180. */
  private static final class Csv {
    static List<Map<String, String>> read(String text) {
      List<List<String>> lines = new ArrayList<>();
      List<String> line = new ArrayList<>();
      StringBuilder field = new StringBuilder();
      boolean quoted = false;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (quoted) {
          if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
            field.append(c);
            i++;
          } else if (c == '"') {
            quoted = false;
          } else {
            field.append(c);
          }
        } else if (c == '"') {
          quoted = true;
        } else if (c == ',' || c == '\n') {
          line.add(field.toString());
          field.setLength(0);
          if (c == '\n') {
            lines.add(line);
            line = new ArrayList<>();
          }
        } else if (c != '\r') {
          field.append(c);
        }
      }
      if (!line.isEmpty() || !field.isEmpty()) {
        line.add(field.toString());
        lines.add(line);
      }
      List<Map<String, String>> rows = new ArrayList<>();
      for (List<String> values : lines.subList(1, lines.size())) {
        Map<String, String> row = new HashMap<>();
        for (int i = 0; i < Math.min(values.size(), lines.get(0).size()); i++) {
          row.put(lines.get(0).get(i), values.get(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
