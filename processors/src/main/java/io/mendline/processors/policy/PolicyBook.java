package io.mendline.processors.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Every version of every policy document that is known, and what was in force when.
 *
 * <p>Written by one thread, read by many: readers see one immutable edition at a time.
 */
public final class PolicyBook {
  /** How many versions of a document are kept. */
  public static final int VERSIONS = 8;

  private volatile Edition edition = new Edition(Map.of());

  /** Adds a version, or replaces the one with the same id and time. */
  public synchronized void put(PolicyDocument document) {
    Map<String, List<PolicyDocument>> all = new TreeMap<>(edition.versions);
    all.put(document.id(), withVersion(all.getOrDefault(document.id(), List.of()), document));
    edition = new Edition(all);
  }

  /** Forgets a document. */
  public synchronized void remove(String id) {
    Map<String, List<PolicyDocument>> all = new TreeMap<>(edition.versions);
    all.remove(id);
    edition = new Edition(all);
  }

  /** The kept versions of every document, oldest first, by its id. */
  public Map<String, List<PolicyDocument>> documents() {
    return edition.versions;
  }

  /** What was in force at an event time, epoch milliseconds. */
  public Policy at(long instant) {
    return edition.at(instant);
  }

  /** The kept versions of a document with one more, oldest first. */
  public static List<PolicyDocument> withVersion(List<PolicyDocument> known, PolicyDocument added) {
    List<PolicyDocument> versions = new ArrayList<>(known);
    versions.removeIf(version -> version.effectiveAt() == added.effectiveAt());
    versions.add(added);
    versions.sort(Comparator.comparingLong(PolicyDocument::effectiveAt));
    return List.copyOf(versions.subList(Math.max(0, versions.size() - VERSIONS), versions.size()));
  }

  /**
   * A set of documents that does not change. What was in force between one change and the next is
   * computed once, when it is first asked for: while many documents come in, most editions are
   * replaced before anybody asks.
   */
  private static final class Edition {
    private final Map<String, List<PolicyDocument>> versions;
    private final long[] changes;
    private final AtomicReferenceArray<Policy> inForce;

    Edition(Map<String, List<PolicyDocument>> versions) {
      this.versions = Collections.unmodifiableMap(versions);
      TreeSet<Long> instants = new TreeSet<>(List.of(Long.MIN_VALUE));
      versions.values().forEach(all -> all.forEach(one -> instants.add(one.effectiveAt())));
      changes = instants.stream().mapToLong(Long::longValue).toArray();
      inForce = new AtomicReferenceArray<>(changes.length);
    }

    Policy at(long instant) {
      int last = changes.length - 1;
      while (last > 0 && changes[last] > instant) {
        last--;
      }
      Policy known = inForce.get(last);
      if (known == null) {
        // Two that ask at once compute the same.
        known = Policies.over(effectiveAt(changes[last]));
        inForce.set(last, known);
      }
      return known;
    }

    private List<PolicyDocument> effectiveAt(long instant) {
      List<PolicyDocument> effective = new ArrayList<>();
      for (List<PolicyDocument> all : versions.values()) {
        PolicyDocument latest = null;
        for (PolicyDocument version : all) {
          if (version.effectiveAt() <= instant) {
            latest = version;
          }
        }
        if (latest != null) {
          effective.add(latest);
        }
      }
      return effective;
    }
  }
}
