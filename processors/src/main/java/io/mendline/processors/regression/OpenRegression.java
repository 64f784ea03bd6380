package io.mendline.processors.regression;

import io.mendline.schemas.Confidence;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A regression that was raised and not yet cleared: what its next revision needs.
 *
 * @param onset start of the first bin of the fall, epoch milliseconds; the finding's id is made
 *     from it
 * @param when it may have happened, where it did at once; else when it may have begun
 * @param raisedAt end of the bin at whose close it was raised, epoch milliseconds
 * @param acceptedSince since when the value has not fallen further, epoch milliseconds
 * @param until end of the last bin that the numbers are of, epoch milliseconds
 * @param before value before, six significant digits
 * @param after value now, six significant digits
 * @param gradual whether it came about over time
 * @param abrupt whether it came about at once beyond doubt
 * @param confidence how far it stands out of the noise
 * @param volume since the onset: of a cache, prompt tokens
 * @param calls since the onset that could be cached; of a metric, its samples
 * @param uncacheableShare share of all calls since the onset that could not, four decimals
 * @param sampled whether any number is an estimate from a sample
 * @param revision of the finding, from 1
 * @param suspects most likely first
 * @param suspectClear whether the first stands out
 */
record OpenRegression(
    long onset,
    When when,
    long raisedAt,
    long acceptedSince,
    long until,
    double before,
    double after,
    boolean gradual,
    boolean abrupt,
    Confidence confidence,
    long volume,
    long calls,
    double uncacheableShare,
    boolean sampled,
    int revision,
    List<Blame.Culprit> suspects,
    boolean suspectClear) {

  /** All suspects of one regression together keep to this, bytes of text. */
  private static final int SUSPECT_BYTES = 600;

  /** The first suspect is kept whatever its texts; they are cut to this, characters. */
  private static final int LONGEST_TITLE = 120;

  private static final List<Confidence> CONFIDENCES =
      List.of(Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH);

  /** Cuts titles, leaves out addresses that are too long, and drops the least likely suspects. */
  static List<Blame.Culprit> bounded(List<Blame.Culprit> suspects) {
    List<Blame.Culprit> kept = new ArrayList<>();
    int bytes = 0;
    for (Blame.Culprit suspect : suspects) {
      String url = suspect.url();
      if (url != null && bytes(url) > SUSPECT_BYTES / 3) {
        url = null;
      }
      String title = cut(suspect.title());
      bytes += bytes(suspect.changeId()) + bytes(title) + (url == null ? 0 : bytes(url));
      if (bytes > SUSPECT_BYTES && !kept.isEmpty()) {
        break;
      }
      kept.add(new Blame.Culprit(suspect.changeId(), suspect.at(), title, url, suspect.score()));
    }
    return List.copyOf(kept);
  }

  /** The same regression as of a later bin. */
  OpenRegression next(long until, double after, Sums since) {
    return new OpenRegression(
        onset,
        when,
        raisedAt,
        acceptedSince,
        until,
        before,
        Figures.significant(after),
        gradual,
        abrupt,
        confidence,
        since.volume(),
        since.calls(),
        since.uncacheableShare(),
        sampled || since.sampled(),
        revision + 1,
        suspects,
        suspectClear);
  }

  /** What it was last told with. */
  Sums sums() {
    return new Sums(volume, calls, uncacheableShare, sampled);
  }

  /** The same regression, its present level taken as new. */
  OpenRegression accepted(long since) {
    return new OpenRegression(
        onset,
        when,
        raisedAt,
        since,
        until,
        before,
        after,
        gradual,
        abrupt,
        confidence,
        volume,
        calls,
        uncacheableShare,
        sampled,
        revision,
        suspects,
        suspectClear);
  }

  /**
   * What was counted over several bins.
   *
   * @param volume prompt tokens of calls that could be cached
   * @param calls those calls
   * @param uncacheableShare share of all calls that could not be cached, four decimals
   * @param sampled whether any number is an estimate from a sample
   */
  record Sums(long volume, long calls, double uncacheableShare, boolean sampled) {
    static Sums of(List<Bin> bins) {
      long volume = 0;
      long calls = 0;
      long uncacheable = 0;
      boolean sampled = false;
      for (Bin bin : bins) {
        volume += bin.promptTokens();
        calls += bin.calls();
        uncacheable += bin.uncacheableCalls();
        sampled |= bin.sampled();
      }
      long all = calls + uncacheable;
      return new Sums(
          volume, calls, all == 0 ? 0 : Figures.round((double) uncacheable / all), sampled);
    }
  }

  void write(BinaryWriter out) {
    out.writeZigZag(onset);
    when.write(onset, out);
    out.writeZigZag(raisedAt).writeZigZag(acceptedSince).writeZigZag(until);
    out.writeDouble(before).writeDouble(after).writeBoolean(gradual);
    out.writeBoolean(abrupt);
    out.writeByte(CONFIDENCES.indexOf(confidence)).writeVarLong(volume).writeVarLong(calls);
    out.writeDouble(uncacheableShare).writeBoolean(sampled).writeVarInt(revision);
    out.writeList(suspects, (writer, suspect) -> writeSuspect(suspect, writer));
    out.writeBoolean(suspectClear);
  }

  static OpenRegression read(BinaryReader in) {
    long onset = in.readZigZag();
    return new OpenRegression(
        onset,
        When.read(onset, in),
        in.readZigZag(),
        in.readZigZag(),
        in.readZigZag(),
        in.readDouble(),
        in.readDouble(),
        in.readBoolean(),
        in.readBoolean(),
        readConfidence(in),
        in.readVarLong(),
        in.readVarLong(),
        in.readDouble(),
        in.readBoolean(),
        in.readVarInt(),
        in.readList(OpenRegression::readSuspect),
        in.readBoolean());
  }

  private static Confidence readConfidence(BinaryReader in) {
    int code = in.readByte();
    if (code >= CONFIDENCES.size()) {
      throw new CorruptDataException("no confidence has the code " + code, in.position());
    }
    return CONFIDENCES.get(code);
  }

  private static void writeSuspect(Blame.Culprit suspect, BinaryWriter out) {
    out.writeString(suspect.changeId()).writeZigZag(suspect.at()).writeString(suspect.title());
    out.writeNullableString(suspect.url()).writeDouble(suspect.score());
  }

  private static Blame.Culprit readSuspect(BinaryReader in) {
    return new Blame.Culprit(
        in.readString(),
        in.readZigZag(),
        in.readString(),
        in.readNullableString(),
        in.readDouble());
  }

  private static String cut(String title) {
    if (title.length() <= LONGEST_TITLE) {
      return title;
    }
    // Never between the halves of one character.
    int end =
        Character.isHighSurrogate(title.charAt(LONGEST_TITLE - 2))
            ? LONGEST_TITLE - 2
            : LONGEST_TITLE - 1;
    return title.substring(0, end) + "…";
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
