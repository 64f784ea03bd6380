package io.mendline.processors.pipeline;

import io.mendline.schemas.Alert;
import io.mendline.schemas.Finding;
import io.mendline.schemas.RootCause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What law 1 promises to be the same for the same set of messages: the last revision of every
 * finding and alert, without the time of detection and the coordinates of evidence, and what was
 * settled. As text, so that a difference can be read.
 *
 * @param findings content of the last revision by the finding's id
 * @param settled finding id, event time, status and root cause of every settled fact, what was
 *     tried again, and what scopes used
 * @param alerts content by the alert's id
 */
public record CanonicalResult(
    SortedMap<String, String> findings,
    SortedSet<String> settled,
    SortedMap<String, String> alerts) {

  /**
   * The canonical result of a run's outputs.
   *
   * @throws AssertionError when a later output of a finding has a lower revision, or the same
   *     revision and other content: a reader of a compacted topic would be left with a stale one;
   *     or when a fact is settled twice
   */
  public static CanonicalResult of(List<Output> outputs) {
    SortedMap<String, Finding> last = new TreeMap<>();
    SortedSet<String> settled = new TreeSet<>();
    SortedMap<String, String> alerts = new TreeMap<>();
    for (Output output : outputs) {
      if (output instanceof Output.Found found) {
        Finding next = found.finding();
        requireRevision(last.put(next.getId(), next), next);
      } else if (output instanceof Output.Settled fact && !settled.add(line(fact))) {
        throw new AssertionError("settled twice: " + line(fact));
      } else if (output instanceof Output.Tried tried && !settled.add(tried.toString())) {
        throw new AssertionError("tried twice: " + tried);
      } else if (output instanceof Output.Metered metered && !settled.add(metered.toString())) {
        throw new AssertionError("metered twice: " + metered);
      } else if (output instanceof Output.Told told) {
        alerts.put(told.alert().getId(), content(told.alert()));
      }
    }
    SortedMap<String, String> findings = new TreeMap<>();
    last.forEach((id, finding) -> findings.put(id, content(finding)));
    return new CanonicalResult(findings, settled, alerts);
  }

  /** A finding's content as text: everything that does not depend on when and where it was read. */
  public static String content(Finding finding) {
    return Finding.newBuilder(finding)
        .setDetectedAt(Instant.EPOCH)
        .setEvidence(new ArrayList<>())
        .setAttributes(new TreeMap<>(finding.getAttributes()))
        .build()
        .toString();
  }

  private static String content(Alert alert) {
    return alert.toString();
  }

  private static String line(Output.Settled fact) {
    Finding finding = fact.finding();
    RootCause cause = finding.getRootCause();
    return String.join(
        " ",
        finding.getKind().name(),
        finding.getId(),
        Instant.ofEpochMilli(fact.at()).toString(),
        finding.getStatus().name(),
        cause == null ? "-" : cause.getKey());
  }

  private static void requireRevision(Finding before, Finding next) {
    if (before == null || before.getRevision() < next.getRevision()) {
      return;
    }
    if (before.getRevision() > next.getRevision() || !content(before).equals(content(next))) {
      throw new AssertionError(
          "the revision does not rise\nfrom " + content(before) + "\n  to " + content(next));
    }
  }
}
