package io.mendline.cli.sample;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Telemetry of Sentinel rules, Databricks jobs, caches and changes, made up from a seed, and what
 * has to be found in it.
 *
 * <p>Messages come in order of event time, unless the settings ask for duplicates and disorder. At
 * any time only what lies within the next hour of event time is in memory, and what the largest
 * lateness holds back. Equal settings give equal bytes on every machine. Cost: a few microseconds a
 * message, one binary heap of the scripts and one of the records to come.
 */
public final class TelemetryGenerator implements Iterable<SampleMessage> {
  private final GeneratorSettings settings;
  private final List<Script> scripts = new ArrayList<>();

  /** A generator; nothing is made yet. */
  public TelemetryGenerator(GeneratorSettings settings) {
    this.settings = settings;
    Draws all = new Draws(settings.seed());
    for (int i = 0; i < settings.rules(); i++) {
      scripts.add(new SentinelRule(settings, all, i));
    }
    for (int i = 0; i < settings.jobs(); i++) {
      scripts.add(new DatabricksJob(settings, all, i));
    }
    for (int i = 0; i < settings.services(); i++) {
      CachingService service = new CachingService(settings, all, i);
      scripts.add(service);
      scripts.add(new ServiceChanges(settings, all, i, service));
    }
  }

  /** The messages from the beginning; may be asked for any number of times. */
  @Override
  public Iterator<SampleMessage> iterator() {
    Iterator<SampleMessage> messages = new Packer(new Play(scripts), settings.envelopeSize());
    if (settings.duplicateShare() > 0) {
      messages = Disorder.duplicate(messages, settings.seed(), settings.duplicateShare());
    }
    return settings.lateness().isEmpty()
        ? messages
        : Disorder.shuffle(messages, settings.seed(), settings.lateness());
  }

  /** The messages from the beginning, as a sequential stream. */
  public Stream<SampleMessage> stream() {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            iterator(), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE),
        false);
  }

  /** All messages at once. */
  public List<SampleMessage> messages() {
    return stream().toList();
  }

  /** What is to be found in the messages, computed without making them. */
  public Expected expected() {
    Expected.Builder expected = new Expected.Builder();
    for (Script script : scripts) {
      int chapters = script.chapters();
      for (int chapter = 0; chapter < chapters; chapter++) {
        script.expect(chapter, expected);
      }
    }
    return expected.build();
  }

  /** The scripts' records in order of time. */
  private static final class Play implements Iterator<Telling> {
    private final PriorityQueue<Turn> turns = new PriorityQueue<>();
    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private long sequence;

    Play(List<Script> scripts) {
      for (int i = 0; i < scripts.size(); i++) {
        takeTurn(scripts.get(i), i, 0);
      }
    }

    private void takeTurn(Script script, int position, int chapter) {
      if (chapter < script.chapters()) {
        turns.add(new Turn(script.begin(chapter), position, chapter, script));
      }
    }

    @Override
    public boolean hasNext() {
      // A chapter may be without records.
      while (due.isEmpty() && !turns.isEmpty()) {
        play(turns.remove());
      }
      return !due.isEmpty();
    }

    @Override
    public Telling next() {
      while (!turns.isEmpty() && (due.isEmpty() || turns.peek().begin() <= due.peek().time())) {
        play(turns.remove());
      }
      return due.remove().telling();
    }

    private void play(Turn turn) {
      turn.script().tell(turn.chapter(), telling -> due.add(new Due(telling, sequence++)));
      takeTurn(turn.script(), turn.position(), turn.chapter() + 1);
    }
  }

  private record Turn(long begin, int position, int chapter, Script script)
      implements Comparable<Turn> {
    @Override
    public int compareTo(Turn other) {
      int byTime = Long.compare(begin, other.begin);
      return byTime != 0 ? byTime : Integer.compare(position, other.position);
    }
  }

  private record Due(Telling telling, long sequence) implements Comparable<Due> {
    long time() {
      return telling.time();
    }

    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(time(), other.time());
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
