package io.mendline.cli.demo;

import io.mendline.cli.replay.Merge;
import io.mendline.cli.replay.Recording;
import io.mendline.processors.pipeline.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The day that comes with the command: {@code samples/day} and the policy it is played under. */
final class BundledDay {
  private static final List<Source> FILES =
      List.of(Source.CACHE, Source.CHANGES, Source.METRICS, Source.RUNS, Source.SENTINEL);

  /** As the clock of this machine may say anything, nothing is taken to lie in the future. */
  private static final long NO_FUTURE = Long.MAX_VALUE / 2;

  private BundledDay() {}

  /** Everything that is told on that day when nobody acts, in the order of a replay. */
  static List<Delivery> deliveries() {
    List<Recording> recordings =
        FILES.stream()
            .map(source -> source.label() + ".ndjson")
            .map(name -> Recording.of(name, () -> open("day/" + name)))
            .toList();
    List<Delivery> deliveries = new ArrayList<>();
    try (Merge merge = new Merge(recordings, NO_FUTURE)) {
      while (merge.next()) {
        var message = merge.message().message();
        deliveries.add(new Delivery(merge.reached(), message.source(), null, message.value()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled day cannot be read", e);
    }
    return deliveries;
  }

  /** The policy it is played under, YAML. */
  static byte[] policy() {
    return read("policies/demo.yaml");
  }

  /** How the simulated platform answers. */
  static PlatformScript platform() {
    return PlatformScript.parse(read("day/platform.yaml"));
  }

  private static byte[] read(String name) {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled " + name + " cannot be read", e);
    }
  }

  private static InputStream open(String name) {
    InputStream in = BundledDay.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("the bundled " + name + " is missing");
    }
    return in;
  }
}
