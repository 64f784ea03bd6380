package io.mendline.processors.ingest;

import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Collects what is wrong with one message: one dead letter a stage, however many records it is. */
final class Refusals {
  private static final FreeText TEXTS = new FreeText(Redactor.standard());

  private final RawMessage message;
  private final Map<String, Refusal> byStage = new TreeMap<>();

  Refusals(RawMessage message) {
    this.message = message;
  }

  /**
   * Notes a record that was refused.
   *
   * @param index its place in the envelope, or {@link MessageReader#WHOLE}
   */
  void add(int index, String stage, String error) {
    byStage.computeIfAbsent(stage, any -> new Refusal(error)).add(index);
  }

  void flush(Consumer<? super DeadLetter> out) {
    byStage.forEach(
        (stage, refusal) ->
            out.accept(new DeadLetter(message, stage, refusal.error(), refusal.records())));
  }

  private static final class Refusal {
    private final String first;
    private final List<Integer> records = new ArrayList<>();
    private boolean whole;
    private int count;

    Refusal(String first) {
      this.first = first;
    }

    void add(int index) {
      count++;
      if (index == MessageReader.WHOLE) {
        whole = true;
      } else if (records.size() < DeadLetter.RECORDS_LISTED) {
        records.add(index);
      }
    }

    /** In one line without secrets, short enough for a header whatever was quoted in it. */
    String error() {
      String line = TEXTS.line(first.replaceAll("\\s+", " "));
      return count == 1 ? line : line + " (and " + (count - 1) + " more)";
    }

    List<Integer> records() {
      return whole ? List.of() : List.copyOf(records);
    }
  }
}
