package io.mendline.processors.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.pipeline.Output;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Alert;
import io.mendline.schemas.Command;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Incident;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Makes runtimes that take no dead letter, and keeps what comes out of one, the last by id. */
final class StoryRuntime {
  final Map<String, Finding> findings = new LinkedHashMap<>();
  final Map<String, Incident> incidents = new LinkedHashMap<>();
  final List<Alert> alerts = new ArrayList<>();
  final List<Command> commands = new ArrayList<>();

  /** One under a policy, with the lateness in milliseconds of each source. */
  static LocalRuntime of(String policy, ToLongFunction<Source> lateness, Consumer<Output> note) {
    PolicyBook policies = new PolicyBook();
    policies.put(Policies.parse("test", policy.getBytes(UTF_8)));
    return new LocalRuntime(
        lateness,
        policies,
        CauseCatalogue.bundled(),
        note,
        letter -> {
          throw new AssertionError(letter);
        });
  }

  /** One that acts by itself, with the usual lateness. */
  static LocalRuntime acting(Consumer<Output> note) {
    return of("mode: auto", source -> source.defaultLateness().toMillis(), note);
  }

  void note(Output output) {
    if (output instanceof Output.Found found) {
      findings.put(found.finding().getId(), found.finding());
    } else if (output instanceof Output.Tracked tracked) {
      incidents.put(tracked.incident().getId(), tracked.incident());
    } else if (output instanceof Output.Told told) {
      alerts.add(told.alert());
    } else if (output instanceof Output.Commanded commanded) {
      commands.add(commanded.command());
    }
  }
}
