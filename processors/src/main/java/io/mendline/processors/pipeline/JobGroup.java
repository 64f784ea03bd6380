package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Jobs of a workspace that belong together, by their ids in their order. Unmodifiable.
 *
 * <p>Of more than {@value #MOST} those with the greatest ids are only counted: by content, so that
 * the order of arrival decides nothing.
 *
 * @param ids of at most {@value #MOST} jobs
 * @param others how many more there are
 */
record JobGroup(List<String> ids, int others) {
  /** So many jobs of a group are known by their ids. */
  static final int MOST = 200;

  /** No jobs. */
  static final JobGroup NONE = new JobGroup(List.of(), 0);

  /** The same with a job that does not belong to it yet. */
  JobGroup with(String id) {
    int at = Collections.binarySearch(ids, id);
    if (at >= 0) {
      return this;
    }
    List<String> all = new ArrayList<>(ids);
    all.add(-at - 1, id);
    if (all.size() <= MOST) {
      return new JobGroup(List.copyOf(all), others);
    }
    return new JobGroup(List.copyOf(all.subList(0, MOST)), others + 1);
  }

  /** The same without a job that belongs to it. */
  JobGroup without(String id) {
    int at = Collections.binarySearch(ids, id);
    if (at < 0) {
      return new JobGroup(ids, Math.max(0, others - 1));
    }
    List<String> all = new ArrayList<>(ids);
    all.remove(at);
    return new JobGroup(List.copyOf(all), others);
  }

  int size() {
    return ids.size() + others;
  }

  void write(BinaryWriter out) {
    out.writeStrings(ids).writeVarInt(others);
  }

  static JobGroup read(BinaryReader in) {
    return new JobGroup(in.readStrings(), in.readVarInt());
  }
}
