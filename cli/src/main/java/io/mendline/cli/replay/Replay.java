package io.mendline.cli.replay;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.engine.LocalRuntime;
import io.mendline.processors.ingest.DeadLetter;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Progress;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.processors.sentinel.WorkspaceCoverage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Runs recordings through the pipeline, merged by the running maximum of each one's event time. */
public final class Replay {
  private final List<Recording> recordings;
  private final ToLongFunction<Source> lateness;
  private final CauseCatalogue causes;
  private final long now;

  /**
   * A replay.
   *
   * @param paths files, or folders whose files are taken
   * @param lateness per source, milliseconds
   * @param now the real time, epoch milliseconds: what lies ahead of it is refused
   * @throws ReplayException when a file is missing or its name says no topic
   */
  public Replay(
      List<Path> paths, ToLongFunction<Source> lateness, CauseCatalogue causes, long now) {
    this.recordings = files(paths).map(Recording::of).toList();
    this.lateness = lateness;
    this.causes = causes;
    this.now = now;
    if (recordings.isEmpty()) {
      throw new ReplayException("there is no recording (*.ndjson, *.ndjson.gz) in " + paths);
    }
  }

  /**
   * Runs it.
   *
   * @param policy laid over the built-in one; may be null
   * @param until moves the clock on past the last message, epoch milliseconds; {@link
   *     Progress#UNHEARD} for not
   */
  public Result run(
      PolicyDocument policy, long until, Consumer<Output> outputs, Consumer<DeadLetter> deadLetters)
      throws IOException {
    PolicyBook policies = new PolicyBook();
    if (policy != null) {
      policies.put(policy);
    }
    LocalRuntime runtime = new LocalRuntime(lateness, policies, causes, outputs, deadLetters);
    long messages = 0;
    try (Merge merge = new Merge(recordings, now)) {
      while (merge.next()) {
        runtime.accept(merge.message());
        messages++;
      }
    }
    if (until != Progress.UNHEARD) {
      runtime.advance(until);
    }
    return new Result(messages, runtime.coverage());
  }

  /**
   * What it came to, beside what it put out.
   *
   * @param messages how many were read
   * @param coverage of the Sentinel workspaces at its end; empty where none was heard of
   */
  public record Result(long messages, List<WorkspaceCoverage> coverage) {}

  private static Stream<Path> files(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> inside = Files.list(path)) {
          inside.filter(file -> file.toString().matches(".*\\.ndjson(\\.gz)?")).forEach(files::add);
        } catch (IOException e) {
          throw new ReplayException(path + " cannot be listed: " + e.getMessage());
        }
      } else {
        files.add(path);
      }
    }
    return files.stream().sorted(Comparator.comparing(Path::toString));
  }
}
