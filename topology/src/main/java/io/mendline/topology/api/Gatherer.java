package io.mendline.topology.api;

import io.mendline.topology.api.HostAnswer.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Puts a question to partitions wherever they are. A holder that does not answer, or has not seen
 * everything yet, is passed over for the next. When none is left, one that is behind will do; when
 * there is none either, it is asked again who holds the partition, for partitions are on their way
 * while instances come and go. What cannot be had in time is said to be missing.
 */
final class Gatherer {
  private static final long ASK_AGAIN_MILLIS = 50;

  private final Holders holders;
  private final LocalStores local;
  private final Peers peers;

  Gatherer(Holders holders, LocalStores local, Peers peers) {
    this.holders = holders;
    this.local = local;
    this.peers = peers;
  }

  /**
   * What was found.
   *
   * @param rows in order, at most one more than was asked for
   * @param held the partitions that have answered
   * @param missing those that have not
   */
  record Gathered(List<Row> rows, List<Held> held, Set<Integer> missing) {
    /** How many partitions were asked. */
    int asked() {
      return held.size() + missing.size();
    }
  }

  /**
   * Asks partitions.
   *
   * @param patience how long to wait for partitions that nobody holds at the moment
   */
  Gathered gather(Question question, Set<Integer> partitions, Duration patience) {
    List<Row> rows = new ArrayList<>();
    Map<Integer, Held> held = new TreeMap<>();
    Set<Integer> missing = new TreeSet<>(partitions);
    Map<Integer, Set<HostInfo>> tried = new HashMap<>();
    boolean behind = false;
    long end = System.nanoTime() + patience.toNanos();
    while (!missing.isEmpty()) {
      Map<HostInfo, Set<Integer>> asked = whomToAsk(question, missing, tried, behind);
      if (!asked.isEmpty()) {
        for (HostAnswer answer : ask(question, asked, behind)) {
          rows.addAll(answer.rows());
          for (Held each : answer.partitions()) {
            held.put(each.partition(), each);
            missing.remove(each.partition());
          }
        }
      } else if (!behind) {
        behind = true;
        tried.clear();
      } else if (System.nanoTime() >= end || !pause()) {
        break;
      } else {
        behind = false;
        tried.clear();
      }
    }
    rows.sort(Comparator.comparing(Row::key));
    int most = Math.min(rows.size(), question.limit() + 1);
    return new Gathered(rows.subList(0, most), List.copyOf(held.values()), missing);
  }

  /** For each partition the first holder that was not tried yet, by holder. */
  private Map<HostInfo, Set<Integer>> whomToAsk(
      Question question, Set<Integer> missing, Map<Integer, Set<HostInfo>> tried, boolean behind) {
    Map<HostInfo, Set<Integer>> asked = new LinkedHashMap<>();
    for (int partition : missing) {
      Set<HostInfo> before = tried.computeIfAbsent(partition, any -> new HashSet<>());
      List<HostInfo> known = holders.of(question.kind().store(), partition);
      if (behind) {
        // Who processes it and is behind is restoring it; a copy is less behind then.
        Collections.reverse(known);
      }
      for (HostInfo holder : known) {
        if (before.add(holder)) {
          asked.computeIfAbsent(holder, any -> new TreeSet<>()).add(partition);
          break;
        }
      }
    }
    return asked;
  }

  private List<HostAnswer> ask(
      Question question, Map<HostInfo, Set<Integer>> asked, boolean behind) {
    List<CompletableFuture<HostAnswer>> remote = new ArrayList<>();
    Set<Integer> here = new TreeSet<>();
    asked.forEach(
        (host, partitions) -> {
          if (holders.isHere(host)) {
            here.addAll(partitions);
          } else {
            remote.add(peers.ask(host, question, partitions, behind));
          }
        });
    List<HostAnswer> answers = new ArrayList<>();
    if (!here.isEmpty()) {
      answers.add(local.answer(question, here, behind));
    }
    remote.forEach(answer -> answers.add(answer.join()));
    return answers;
  }

  private static boolean pause() {
    try {
      Thread.sleep(ASK_AGAIN_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
