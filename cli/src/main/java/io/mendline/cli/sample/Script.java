package io.mendline.cli.sample;

import java.util.function.Consumer;

/**
 * What happens to one rule, job, cache or service, chapter by chapter: windows, runs, roll-ups,
 * changes. Pure: a chapter may be told and expected in any order and any number of times.
 */
interface Script {
  /** How many chapters there are. */
  int chapters();

  /** When a chapter begins: nothing in it is earlier. Rises from chapter to chapter. */
  long begin(int chapter);

  /** Tells a chapter's records, in order of time. */
  void tell(int chapter, Consumer<Telling> to);

  /** Adds what a chapter comes to: how many records and facts it has, and what must be found. */
  void expect(int chapter, Expected.Builder to);
}
