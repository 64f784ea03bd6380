package io.mendline.processors.sentinel;

import io.mendline.processors.sentinel.RuleRun.Proof;
import java.util.ArrayList;
import java.util.List;

/** Records of one rule in a row that tell of one and the same thing. */
final class Streak {
  /** Of so many of them it is kept where they were read: the first ones. */
  static final int MAX_PROOFS = 3;

  final String id;
  final long since;

  /** Identity of the first record. */
  final long first;

  final List<Proof> proofs;
  long last;
  int count;

  /** A streak that begins with a record. */
  Streak(String id, RuleRun first) {
    this(id, first.time(), first.contentId(), first.time(), 0, List.of());
    add(first);
  }

  Streak(String id, long since, long first, long last, int count, List<Proof> proofs) {
    this.id = id;
    this.since = since;
    this.first = first;
    this.last = last;
    this.count = count;
    this.proofs = new ArrayList<>(proofs);
  }

  /** One more. */
  void add(RuleRun run) {
    last = run.time();
    count++;
    if (proofs.size() < MAX_PROOFS) {
      proofs.addAll(run.proofs());
    }
  }
}
