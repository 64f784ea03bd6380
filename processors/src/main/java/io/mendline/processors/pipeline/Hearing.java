package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.time.Duration;

/**
 * When a route's source was heard, and the route's own clock that follows from it.
 *
 * <p>The clock is the source's watermark, but it never goes past the newest event heard of the
 * route: what is still missing there may have been kept back on its way. When the route is heard
 * again after the watermark has left it behind, the clock stands still for a {@link #grace} more,
 * and longer while what comes is late, so that what was kept back, in whatever order it comes, is
 * judged as if it had come in time (law 3).
 *
 * <p>It goes by the watermark alone, knows nothing of arrival, and never goes back.
 */
public final class Hearing {
  /** For so long after its return a route may still write what it had kept back. */
  private static final Duration LONGEST_GRACE = Duration.ofHours(1);

  /** So long may pass, while it does, from one partition or page to the next. */
  private static final Duration SHORTEST_GRACE = Duration.ofMinutes(5);

  /** For so long after its return late records keep its clock standing, at most. */
  static final Duration LONGEST_STAND = Duration.ofHours(12);

  /** So far behind the watermark the clock stays at most, so that what is gone is forgotten. */
  static final Duration FARTHEST_BEHIND = Duration.ofDays(31);

  /**
   * What is due so soon after the newest event of a route is about that event, not about silence.
   */
  static final Duration SOON = Duration.ofMinutes(10);

  private final Presence presence;

  /** When the route was heard by what is no evidence of its source. */
  private long heardBesides = Progress.UNHEARD;

  /** Where the clock stands until the watermark has come to {@link #standsUntil}. */
  private long standsAt;

  private long standsUntil = Progress.UNHEARD;

  /** The watermark at which the route was heard again. */
  private long returnedAt;

  /** Of a route of which nothing was heard. */
  public Hearing() {
    this(new Presence());
  }

  private Hearing(Presence presence) {
    this.presence = presence;
  }

  /**
   * How long a route's clock stands still after its return: half the lateness, so that what it
   * writes in time is judged no later for it, but no less than {@link #SHORTEST_GRACE}.
   *
   * @param lateness of the source, milliseconds
   */
  public static long grace(long lateness) {
    return Math.max(SHORTEST_GRACE.toMillis(), Math.min(LONGEST_GRACE.toMillis(), lateness / 2));
  }

  /** When the source was heard. */
  public Presence presence() {
    return presence;
  }

  /**
   * Marks the bin of an event of the source.
   *
   * @param watermark of the source
   * @param grace see {@link #grace}
   * @return whether that changed anything
   */
  public boolean hear(long eventTime, long watermark, long grace) {
    boolean stands = comes(eventTime, watermark, grace);
    return presence.hear(eventTime) || stands;
  }

  /**
   * Takes note of an event that is no evidence that the source can be heard, but moves the clock.
   *
   * @param watermark of the source
   * @param grace see {@link #grace}
   * @return whether that changed anything
   */
  public boolean hearBesides(long eventTime, long watermark, long grace) {
    boolean stands = comes(eventTime, watermark, grace);
    long until = Presence.endOfBin(eventTime);
    boolean isNew = until > heardBesides;
    heardBesides = Math.max(heardBesides, until);
    return isNew || stands;
  }

  private boolean comes(long eventTime, long watermark, long grace) {
    long heardUntil = heardUntil();
    if (watermark == Progress.UNHEARD || heardUntil == Progress.UNHEARD) {
      return false;
    }
    if (watermark < standsUntil) {
      return eventTime <= watermark && standLonger(watermark, grace);
    }
    if (watermark <= heardUntil) {
      return false;
    }
    returnedAt = watermark;
    standsAt = heardUntil;
    standsUntil = until(watermark, grace);
    return true;
  }

  private boolean standLonger(long watermark, long grace) {
    long until = Math.min(until(watermark, grace), returnedAt + LONGEST_STAND.toMillis());
    boolean isLonger = until > standsUntil;
    standsUntil = Math.max(standsUntil, until);
    return isLonger;
  }

  /** Between half a grace and a whole one from now on: by steps, as each change is written. */
  private static long until(long watermark, long grace) {
    long step = Math.max(1, grace / 2);
    return (Math.floorDiv(watermark, step) + 1) * step + grace - step;
  }

  /**
   * The route's clock.
   *
   * @param watermark of the source, epoch milliseconds
   * @return no later than the watermark
   */
  public long clock(long watermark) {
    long heardUntil = watermark < standsUntil ? standsAt : heardUntil();
    if (watermark <= heardUntil || heardUntil == Progress.UNHEARD) {
      return watermark;
    }
    return Math.max(heardUntil, watermark - FARTHEST_BEHIND.toMillis());
  }

  private long heardUntil() {
    return Math.max(heardBesides, presence.heardUntil());
  }

  /** The binary form. */
  static final class Codec implements StateCodec<Hearing> {
    private static final int VERSION = 1;
    private static final StateCodec<Presence> PRESENCE = new Presence.Codec();

    @Override
    public void write(Hearing state, BinaryWriter out) {
      PRESENCE.write(state.presence, out.writeByte(VERSION));
      out.writeFixed64(state.heardBesides)
          .writeFixed64(state.standsAt)
          .writeFixed64(state.standsUntil)
          .writeFixed64(state.returnedAt);
    }

    @Override
    public Hearing read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "hearing of a route");
      Hearing state = new Hearing(PRESENCE.read(in));
      state.heardBesides = in.readFixed64();
      state.standsAt = in.readFixed64();
      state.standsUntil = in.readFixed64();
      state.returnedAt = in.readFixed64();
      return state;
    }
  }
}
