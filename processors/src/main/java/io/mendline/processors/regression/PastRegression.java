package io.mendline.processors.regression;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * A regression that is over: what a chart of its series needs. Its finding says more, for as long
 * as its incident is kept. At most 150 bytes.
 *
 * @param onset start of the first bin of the fall, epoch milliseconds
 * @param raisedAt end of the bin at whose close it was raised, epoch milliseconds
 * @param clearedAt when it was cleared, epoch milliseconds
 * @param before value before, as the source has it
 * @param after value that it had fallen to, as the source has it
 * @param gradual whether it came about over time
 * @param because why it is over: one of {@link #REASONS}
 * @param suspect the most likely change, its id and title cut and without an address; nullable
 */
record PastRegression(
    long onset,
    long raisedAt,
    long clearedAt,
    double before,
    double after,
    boolean gradual,
    String because,
    Blame.Culprit suspect) {

  /** How many of a series are remembered. */
  static final int KEPT = 8;

  /** How long they are remembered: as long as incidents that are resolved. */
  static final long MEMORY = Duration.ofDays(30).toMillis();

  /** Why a regression may be over; the place of each is written into states. */
  private static final List<String> REASONS = List.of("recovered", "relearned", "unobserved");

  /** Most bytes of a suspect's id, and of its title. */
  private static final int LONGEST_TEXT = 48;

  private static final String CUT = "…";
  private static final double SCORES = 10_000;

  /** What is left of a regression that was open. */
  static PastRegression of(OpenRegression regression, long clearedAt, String because) {
    return new PastRegression(
        regression.onset(),
        regression.raisedAt(),
        clearedAt,
        regression.before(),
        regression.after(),
        regression.gradual(),
        because,
        regression.suspects().isEmpty() ? null : shortened(regression.suspects().get(0)));
  }

  /** Adds one to those of a series, oldest first, and drops the oldest of too many. */
  static void remember(List<PastRegression> known, PastRegression past) {
    known.add(past);
    if (known.size() > KEPT) {
      known.remove(0);
    }
  }

  /**
   * Drops those that were cleared too long ago.
   *
   * @return when the last of the others is to be dropped, epoch milliseconds, or {@link
   *     Long#MIN_VALUE} without any
   */
  static long forget(List<PastRegression> known, long at) {
    known.removeIf(past -> past.clearedAt + MEMORY <= at);
    return known.isEmpty() ? Long.MIN_VALUE : known.get(known.size() - 1).clearedAt + MEMORY;
  }

  void write(BinaryWriter out) {
    out.writeZigZag(onset).writeZigZag(raisedAt - onset).writeZigZag(clearedAt - raisedAt);
    out.writeDouble(before).writeDouble(after).writeBoolean(gradual);
    out.writeByte(REASONS.indexOf(because)).writeBoolean(suspect != null);
    if (suspect != null) {
      out.writeString(suspect.changeId()).writeZigZag(suspect.at() - onset);
      out.writeString(suspect.title()).writeVarInt((int) Math.round(suspect.score() * SCORES));
    }
  }

  static PastRegression read(BinaryReader in) {
    long onset = in.readZigZag();
    long raisedAt = onset + in.readZigZag();
    long clearedAt = raisedAt + in.readZigZag();
    double before = in.readDouble();
    double after = in.readDouble();
    boolean gradual = in.readBoolean();
    String because = readReason(in);
    Blame.Culprit suspect = in.readBoolean() ? readSuspect(in, onset) : null;
    return new PastRegression(onset, raisedAt, clearedAt, before, after, gradual, because, suspect);
  }

  private static String readReason(BinaryReader in) {
    int code = in.readByte();
    if (code >= REASONS.size()) {
      throw new CorruptDataException("no reason has the code " + code, in.position());
    }
    return REASONS.get(code);
  }

  private static Blame.Culprit readSuspect(BinaryReader in, long onset) {
    String changeId = in.readString();
    long at = onset + in.readZigZag();
    return new Blame.Culprit(changeId, at, in.readString(), null, in.readVarInt() / SCORES);
  }

  private static Blame.Culprit shortened(Blame.Culprit suspect) {
    return new Blame.Culprit(
        cut(suspect.changeId()), suspect.at(), cut(suspect.title()), null, suspect.score());
  }

  /** A text of at most {@value #LONGEST_TEXT} bytes, never cut within a character. */
  private static String cut(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= LONGEST_TEXT) {
      return text;
    }
    int end = LONGEST_TEXT - CUT.getBytes(StandardCharsets.UTF_8).length;
    // The bytes of a character behind its first begin with the bits 10.
    while ((bytes[end] & 0xC0) == 0x80) {
      end--;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8) + CUT;
  }
}
