package io.mendline.processors.pipeline;

import io.mendline.processors.pipeline.RuleProfile.Standing;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.RuleChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What the latest changes of one analytics rule have said of it, oldest first. Unmodifiable.
 *
 * <p>At most {@value #KEPT} versions are kept. What the oldest says goes on to the next one where
 * that says nothing, so no field is lost. Up to that bound the answer to {@link #at} is a function
 * of the set of changes, whatever order they came in.
 */
public final class RuleVersions {
  /** At most so many versions of a rule are kept. */
  static final int KEPT = 16;

  /** Of a rule of which no change was heard. */
  static final RuleVersions NONE = new RuleVersions(List.of());

  private static final Comparator<Version> ORDER =
      Comparator.comparingLong(Version::time).thenComparingLong(Version::contentId);
  private static final WireEnums<Standing> STANDINGS = WireEnums.of(Standing.class);

  private final List<Version> versions;

  private RuleVersions(List<Version> versions) {
    this.versions = versions;
  }

  /** What one change said, at its event time; the profile's fields are absent where it did not. */
  private record Version(long time, long contentId, RuleProfile said) {
    /** The same, with what it does not say from an earlier one. */
    Version after(Version earlier) {
      return new Version(time, contentId, merged(earlier.said, said));
    }
  }

  /** The same with one more change; this one if it was known or says nothing. */
  RuleVersions with(RuleChange change) {
    Version added = new Version(change.time(), change.contentId(), saidBy(change));
    boolean silent = added.said.isBlank() && added.said.standing() == Standing.UNKNOWN;
    for (Version known : versions) {
      if (known.contentId == added.contentId) {
        return this;
      }
    }
    boolean tooOld = versions.size() == KEPT && ORDER.compare(added, versions.get(0)) < 0;
    if (silent || tooOld) {
      return this;
    }
    List<Version> all = new ArrayList<>(versions);
    all.add(added);
    all.sort(ORDER);
    if (all.size() > KEPT) {
      Version oldest = all.remove(0);
      all.set(0, all.get(0).after(oldest));
    }
    return new RuleVersions(List.copyOf(all));
  }

  private static RuleProfile saidBy(RuleChange change) {
    Standing standing =
        change.kind() == RuleChange.Kind.DELETE
            ? Standing.DELETED
            : switch (change.enabled()) {
              case YES -> Standing.ENABLED;
              case NO -> Standing.DISABLED;
              case UNKNOWN -> Standing.UNKNOWN;
            };
    return new RuleProfile(change.severity(), change.tactics(), change.techniques(), standing);
  }

  private static RuleProfile merged(RuleProfile before, RuleProfile after) {
    return new RuleProfile(
        after.severity() == null ? before.severity() : after.severity(),
        after.tactics().isEmpty() ? before.tactics() : after.tactics(),
        after.techniques().isEmpty() ? before.techniques() : after.techniques(),
        after.standing() == Standing.UNKNOWN ? before.standing() : after.standing());
  }

  /** What was said of the rule by an event time, epoch milliseconds. */
  public RuleProfile at(long instant) {
    RuleProfile profile = RuleProfile.UNKNOWN;
    for (Version version : versions) {
      if (version.time <= instant) {
        profile = merged(profile, version.said);
      }
    }
    return profile;
  }

  void write(BinaryWriter out) {
    out.writeList(
        versions,
        (to, version) ->
            to.writeZigZag(version.time)
                .writeFixed64(version.contentId)
                .writeNullableString(version.said.severity())
                .writeStrings(version.said.tactics())
                .writeStrings(version.said.techniques())
                .writeEnum(version.said.standing()));
  }

  static RuleVersions read(BinaryReader in) {
    return new RuleVersions(
        List.copyOf(
            in.readList(
                from ->
                    new Version(
                        from.readZigZag(),
                        from.readFixed64(),
                        new RuleProfile(
                            from.readNullableString(),
                            from.readStrings(),
                            from.readStrings(),
                            from.readEnum(STANDINGS))))));
  }
}
