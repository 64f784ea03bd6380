package io.mendline.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documents point to is there: files of this project, headings in them, and the classes
 * and methods they name.
 */
class DocumentLinksTest {
  private static final Path ROOT = Path.of(System.getProperty("mendline.root"));
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");
  private static final Pattern CLASS = Pattern.compile("`([a-z]+)/([A-Z]\\w+)(?:\\.(\\w+))?`");
  private static final List<Path> SOURCES =
      List.of(
          ROOT.resolve("processors/src/main/java/io/mendline/processors"),
          ROOT.resolve("topology/src/main/java/io/mendline"));
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  @Test
  void every_link_leads_somewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int checked = 0;
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        if (link.group(1).startsWith("http")) {
          continue;
        }
        checked++;
        Path target =
            link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
        boolean there =
            Files.exists(target) && (link.group(2) == null || hasHeading(target, link.group(2)));
        if (!there) {
          broken.add(ROOT.relativize(document) + ": " + link.group());
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(checked).isPositive();
  }

  @Test
  void every_class_that_is_named_with_its_package_is_there() throws IOException {
    List<String> missing = new ArrayList<>();
    int checked = 0;
    for (Path document : documents()) {
      Matcher named = CLASS.matcher(Files.readString(document));
      while (named.find()) {
        checked++;
        Path source =
            SOURCES.get(named.group(1).equals("topology") ? 1 : 0).resolve(named.group(1));
        Path file = source.resolve(named.group(2) + ".java");
        boolean there =
            Files.exists(file)
                && (named.group(3) == null
                    || Files.readString(file).contains(" " + named.group(3) + "("));
        if (!there) {
          missing.add(ROOT.relativize(document) + ": " + named.group());
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(checked).isPositive();
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).forEach(documents::add);
    }
    return documents;
  }

  /** Whether a document has a heading with this anchor, as code hosts make them. */
  private static boolean hasHeading(Path document, String anchor) throws IOException {
    return HEADING
        .matcher(Files.readString(document))
        .results()
        .map(
            heading ->
                heading
                    .group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9 _-]", "")
                    .replace(' ', '-'))
        .anyMatch(anchor::equals);
  }
}
