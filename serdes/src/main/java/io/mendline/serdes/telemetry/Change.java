package io.mendline.serdes.telemetry;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * A deployment, pull request or setting that may be to blame for what happens after it. See {@link
 * TelemetryRecord} for how absence is written.
 *
 * @param id the change's id; where the source gives none, derived from the content
 * @param at when it took effect
 * @param service the service that it touches; null if the source does not say
 * @param kind what sort of change, as given and lower-cased, such as {@code pull_request}; nullable
 * @param title one line; nullable
 * @param url where a person can look; nullable
 * @param author who made it; nullable
 * @param commit the commit that it brought in; nullable
 * @param files paths that it touched
 * @param labels labels that it carries
 */
public record Change(
    String id,
    long at,
    String service,
    String kind,
    String title,
    String url,
    String author,
    String commit,
    List<String> files,
    List<String> labels)
    implements TelemetryRecord {

  /** Checks what may not be null and takes copies of the lists. */
  public Change {
    requireNonNull(id, "id");
    files = List.copyOf(files);
    labels = List.copyOf(labels);
  }

  @Override
  public long time() {
    return at;
  }

  @Override
  public long contentId() {
    return ContentIds.of(this);
  }
}
