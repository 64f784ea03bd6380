package io.mendline.cli.proof;

import io.mendline.cli.Mendline;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A command as a person gives it, with a configuration file.
 *
 * @param code the exit code
 * @param out standard output, line by line
 * @param err standard error, line by line
 */
record Command(int code, List<String> out, List<String> err) {

  static Command run(Path folder, Map<String, String> settings, String... arguments) {
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + "=" + value));
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    try {
      Path file = Files.createTempFile(folder, "mendline", ".properties");
      all.add("--config");
      all.add(Files.write(file, lines).toString());
    } catch (IOException e) {
      throw new UncheckedIOException("the configuration cannot be written", e);
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Mendline.run(new PrintWriter(out), new PrintWriter(err, true), all.toArray(String[]::new));
    return new Command(code, out.toString().lines().toList(), err.toString().lines().toList());
  }
}
