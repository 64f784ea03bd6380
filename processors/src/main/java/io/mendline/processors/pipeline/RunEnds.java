package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * How the last runs of one job ended, oldest first. Unmodifiable.
 *
 * <p>The {@value #KEPT} newest are kept, by content, so that the order of arrival decides nothing:
 * enough for what ends while the judgement on an earlier end still waits for its evidence.
 */
final class RunEnds {
  /** At most so many ends of a job are kept. */
  static final int KEPT = 32;

  /** Of a job of which no end is known. */
  static final RunEnds NONE = new RunEnds(List.of());

  /** At one instant failure goes before success, so that success prevails, as of a finding. */
  private static final Comparator<RunEnd> ORDER =
      Comparator.comparingLong(RunEnd::at)
          .thenComparing(end -> !end.failed())
          .thenComparing(RunEnd::runId)
          .thenComparing(RunEnd::jobName, Comparator.nullsFirst(Comparator.naturalOrder()));

  private final List<RunEnd> ends;

  private RunEnds(List<RunEnd> ends) {
    this.ends = ends;
  }

  /** The same with one more end; this one if it was known, or is older than what is kept. */
  RunEnds with(RunEnd end) {
    int at = Collections.binarySearch(ends, end, ORDER);
    if (at >= 0 || (ends.size() == KEPT && at == -1)) {
      return this;
    }
    List<RunEnd> all = new ArrayList<>(ends);
    all.add(-at - 1, end);
    return new RunEnds(List.copyOf(all.subList(Math.max(0, all.size() - KEPT), all.size())));
  }

  List<RunEnd> all() {
    return ends;
  }

  void write(BinaryWriter out) {
    out.writeList(
        ends,
        (to, end) ->
            to.writeString(end.jobId())
                .writeNullableString(end.jobName())
                .writeString(end.runId())
                .writeZigZag(end.at())
                .writeBoolean(end.failed()));
  }

  static RunEnds read(BinaryReader in) {
    return new RunEnds(
        List.copyOf(
            in.readList(
                from ->
                    new RunEnd(
                        from.readString(),
                        from.readNullableString(),
                        from.readString(),
                        from.readZigZag(),
                        from.readBoolean()))));
  }
}
