package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.topology.api.HostAnswer.Held;
import io.mendline.topology.api.PartitionReader.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Answers questions from the partitions that this instance holds. */
final class LocalStores {
  private final Holders holders;
  private final Map<Kind, PartitionReader> readers;

  LocalStores(Holders holders, PolicyBook policies) {
    this.holders = holders;
    this.readers = readers(new SeriesReaders(policies));
  }

  /**
   * What this instance knows of these partitions; those that it does not hold are left out.
   *
   * @param behind whether partitions will do of which it has not seen everything yet; else they are
   *     left out too
   */
  HostAnswer answer(Question question, Set<Integer> partitions, boolean behind) {
    String store = question.kind().store();
    List<Held> held = new ArrayList<>();
    List<Candidate> candidates = new ArrayList<>();
    for (int partition : partitions) {
      try {
        StoreReader reader = holders.reader(store, partition);
        List<Candidate> found = readers.get(question.kind()).read(reader, question);
        // Asked afterwards: what was read is at least as new as that.
        Held how = holders.heldHere(question.kind().stores(), partition);
        if (behind || how.behind() == 0) {
          candidates.addAll(found);
          held.add(how);
        }
      } catch (StoreReader.NotHere e) {
        // Left out: whoever asks looks for another holder.
      }
    }
    candidates.sort(Comparator.comparing(Candidate::key));
    List<Row> rows = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (rows.size() > question.limit()) {
        break;
      }
      try {
        ObjectNode document = candidate.document().make();
        if (document != null) {
          rows.add(new Row(candidate.key(), document));
        }
      } catch (StoreReader.NotHere e) {
        // A partition has left in the middle: what it had is not half told.
        return new HostAnswer(List.of(), List.of());
      }
    }
    return new HostAnswer(held, rows);
  }

  private static Map<Kind, PartitionReader> readers(SeriesReaders series) {
    Map<Kind, PartitionReader> readers = new EnumMap<>(Kind.class);
    readers.put(Kind.INCIDENTS, IncidentReaders::incidents);
    readers.put(Kind.FINDINGS, IncidentReaders::findings);
    readers.put(Kind.INCIDENT, IncidentReaders::incident);
    readers.put(Kind.RESOURCE, IncidentReaders::ofResource);
    readers.put(Kind.CAUSES, CauseReaders::causes);
    readers.put(Kind.PROGRESS, RouteReaders::progress);
    readers.put(Kind.INPUTS, RouteReaders::inputs);
    readers.put(Kind.SENTINEL_RULES, SentinelReaders::rules);
    readers.put(Kind.SENTINEL_WINDOWS, SentinelReaders::windows);
    readers.put(Kind.SENTINEL_GAPS, SentinelReaders::gaps);
    readers.put(Kind.SENTINEL_COVERAGE, SentinelReaders::coverage);
    readers.put(Kind.COMMANDS, CommandReaders::commands);
    readers.put(Kind.JOBS, JobReaders::jobs);
    readers.put(Kind.JOB, JobReaders::job);
    readers.put(Kind.DATASET_PARTITIONS, PartitionReaders::partitions);
    readers.put(Kind.BACKFILLS, PartitionReaders::backfills);
    readers.put(Kind.SERIES, series::series);
    readers.put(Kind.ONE_SERIES, series::one);
    readers.put(Kind.REGRESSIONS, series::regressions);
    return readers;
  }
}
