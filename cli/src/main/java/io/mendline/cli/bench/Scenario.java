package io.mendline.cli.bench;

import io.mendline.cli.sample.SteadyTelemetry;
import java.util.Locale;

/** What is measured. Each runs in a process of its own. */
enum Scenario {
  /** A consumer that decodes, with nothing behind it. */
  A("consume and parse", false, false),
  /** Kafka Streams, exactly-once, that writes what it reads. */
  B("Streams pass-through", false, false),
  /** The service on messages of one record. */
  C("service, single records", true, false),
  /** The service on the same records in envelopes. */
  D("service, envelopes of " + SteadyTelemetry.BLOCK, true, true);

  private final String title;
  private final boolean service;
  private final boolean enveloped;

  Scenario(String title, boolean service, boolean enveloped) {
    this.title = title;
    this.service = service;
    this.enveloped = enveloped;
  }

  /** Its letter. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people. */
  String title() {
    return title;
  }

  /** Whether it is Mendline as in production. */
  boolean service() {
    return service;
  }

  /** Whether its input comes in envelopes. */
  boolean enveloped() {
    return enveloped;
  }
}
