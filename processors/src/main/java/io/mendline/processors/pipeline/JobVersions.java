package io.mendline.processors.pipeline;

import io.mendline.processors.pipeline.JobProfile.Standing;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.JobSettings;
import io.mendline.serdes.telemetry.JobSettings.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the latest settings of one Databricks job have said of it, oldest first. Unmodifiable.
 *
 * <p>A poller tells all settings once a day, mostly as they were: what only repeats the settings
 * before it is left out once the watermark has passed it, when nothing can come between any more.
 * At most {@value #KEPT} versions are kept; what the oldest says goes on to the next one where that
 * tells a part. Up to that bound the answer to {@link #at} is a function of the set of settings,
 * whatever order they came in.
 */
final class JobVersions {
  /** At most so many versions of a job are kept. */
  static final int KEPT = 16;

  /** Of a job of which no settings were told. */
  static final JobVersions NONE = new JobVersions(List.of());

  private static final Comparator<Version> ORDER =
      Comparator.comparingLong(Version::time).thenComparingLong(Version::contentId);
  private static final WireEnums<Scope> SCOPES = WireEnums.of(Scope.class);
  private static final WireEnums<Standing> STANDINGS = WireEnums.of(Standing.class);

  private final List<Version> versions;

  private JobVersions(List<Version> versions) {
    this.versions = versions;
  }

  /** What one telling of settings said, at its event time. */
  private record Version(long time, long contentId, Scope scope, JobProfile said) {
    static Version of(JobSettings told) {
      return new Version(
          told.time(),
          told.contentId(),
          told.scope(),
          new JobProfile(
              told.name(),
              standing(told),
              told.makeup().bundle(),
              told.makeup().libraries(),
              told.makeup().taskTypes()));
    }

    private static Standing standing(JobSettings told) {
      if (told.scope() == Scope.DELETED) {
        return Standing.DELETED;
      }
      if (told.start() == JobSettings.Start.UNTOLD) {
        return Standing.UNTOLD;
      }
      return told.paused() ? Standing.PAUSED : Standing.ACTIVE;
    }

    /** What is known once this was said. A part that names tasks may leave out others. */
    JobProfile over(JobProfile before) {
      String name = said.name() == null ? before.name() : said.name();
      if (scope == Scope.WHOLE) {
        return new JobProfile(
            name, said.standing(), said.bundle(), said.libraries(), said.taskTypes());
      }
      boolean stays = said.standing() == Standing.UNTOLD || before.standing() == Standing.DELETED;
      return new JobProfile(
          name,
          stays ? before.standing() : said.standing(),
          said.bundle() == null ? before.bundle() : said.bundle(),
          union(before.libraries(), said.libraries()),
          union(before.taskTypes(), said.taskTypes()));
    }

    /** The same, with what it does not say from an earlier one. */
    Version after(Version earlier) {
      return new Version(
          time, contentId, scope == Scope.PART ? earlier.scope : scope, over(earlier.said));
    }

    boolean repeats(Version earlier) {
      return scope == earlier.scope && said.equals(earlier.said);
    }

    private static List<String> union(List<String> some, List<String> others) {
      return Stream.concat(some.stream(), others.stream()).distinct().sorted().toList();
    }
  }

  /**
   * The same with more settings; this one if they were known.
   *
   * @param watermark everything up to this event time is taken to have arrived, epoch milliseconds
   */
  JobVersions with(JobSettings told, long watermark) {
    Version added = Version.of(told);
    for (Version known : versions) {
      if (known.contentId == added.contentId) {
        return this;
      }
    }
    if (versions.size() == KEPT && ORDER.compare(added, versions.get(0)) < 0) {
      return this;
    }
    List<Version> all = new ArrayList<>(versions);
    all.add(added);
    all.sort(ORDER);
    for (int i = all.size() - 1; i > 0; i--) {
      if (all.get(i).time <= watermark && all.get(i).repeats(all.get(i - 1))) {
        all.remove(i);
      }
    }
    while (all.size() > KEPT) {
      Version oldest = all.remove(0);
      all.set(0, all.get(0).after(oldest));
    }
    return all.equals(versions) ? this : new JobVersions(List.copyOf(all));
  }

  /** What was said of the job by an event time, epoch milliseconds. */
  JobProfile at(long instant) {
    JobProfile profile = JobProfile.UNKNOWN;
    for (Version version : versions) {
      if (version.time <= instant) {
        profile = version.over(profile);
      }
    }
    return profile;
  }

  /** All that the job has, or had, in common with whatever other jobs have it. */
  SortedSet<Likeness> likenesses() {
    SortedSet<Likeness> all = new TreeSet<>();
    for (Version version : versions) {
      all.addAll(Likeness.of(version.said));
    }
    return all;
  }

  void write(BinaryWriter out) {
    out.writeList(
        versions,
        (to, version) ->
            to.writeZigZag(version.time)
                .writeFixed64(version.contentId)
                .writeEnum(version.scope)
                .writeNullableString(version.said.name())
                .writeEnum(version.said.standing())
                .writeNullableString(version.said.bundle())
                .writeStrings(version.said.libraries())
                .writeStrings(version.said.taskTypes()));
  }

  static JobVersions read(BinaryReader in) {
    return new JobVersions(
        List.copyOf(
            in.readList(
                from ->
                    new Version(
                        from.readZigZag(),
                        from.readFixed64(),
                        from.readEnum(SCOPES),
                        new JobProfile(
                            from.readNullableString(),
                            from.readEnum(STANDINGS),
                            from.readNullableString(),
                            from.readStrings(),
                            from.readStrings())))));
  }
}
