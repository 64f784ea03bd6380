package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What one data connector said of itself over the last sixteen days, by the hour: whether it was
 * heard, whether it worked, and whether, and from which minute on, it failed.
 *
 * <p>A steady connector says how it is every hour, so hours lose little. And they make this a
 * function of the set of records: whatever order they come in, the same hours are marked. An hour
 * with a failure counts as failing, also where the connector worked in a part of it.
 *
 * <p>Three bits an hour and a byte for each hour with a failure: 144 bytes, at most 528, and the
 * name.
 */
public final class ConnectorHours {
  /** How many hours are kept. */
  public static final int HOURS = 16 * 24;

  /** The length of an hour, milliseconds. */
  static final long HOUR_MILLIS = 3_600_000L;

  /** A connector that has said nothing for so many hours in which its workspace spoke is silent. */
  static final int SILENT_HOURS = 4;

  /** Before that it has to be heard in so many hours, none of them so far from the next. */
  static final int STEADY_HOURS = 3;

  private static final long MINUTE_MILLIS = 60_000L;

  private final BitSet heard;
  private final BitSet worked;
  private final BitSet failed;
  private final byte[] failedFrom;
  private long newest;
  private String name;
  private long namedAt;

  /** Nothing heard yet. */
  public ConnectorHours() {
    this(new BitSet(), new BitSet(), new BitSet(), Long.MIN_VALUE, null, Long.MIN_VALUE);
  }

  private ConnectorHours(
      BitSet heard, BitSet worked, BitSet failed, long newest, String name, long namedAt) {
    this.heard = heard;
    this.worked = worked;
    this.failed = failed;
    this.failedFrom = new byte[HOURS];
    this.newest = newest;
    this.name = name;
    this.namedAt = namedAt;
  }

  /** The end of the newest hour in which it was heard, epoch milliseconds. */
  public long heardUntil() {
    return newest == Long.MIN_VALUE ? Long.MIN_VALUE : (newest + 1) * HOUR_MILLIS;
  }

  /**
   * Marks the hour of a record.
   *
   * @return whether that changed anything
   */
  boolean hear(SentinelHealth row) {
    long hour = Math.floorDiv(row.time(), HOUR_MILLIS);
    if (newest != Long.MIN_VALUE && hour <= newest - HOURS) {
      return false;
    }
    moveOnTo(hour);
    boolean changed = mark(heard, hour);
    // A summary of errors is told while it works, too; it says nothing about the state.
    if (row.operation() != SentinelHealth.Operation.DATA_FETCH_FAILURE_SUMMARY) {
      if (row.status() == SentinelHealth.Status.SUCCESS) {
        changed |= mark(worked, hour);
      } else if (row.status() == SentinelHealth.Status.FAILURE) {
        changed |= fail(hour, (int) (Math.floorMod(row.time(), HOUR_MILLIS) / MINUTE_MILLIS));
      }
    }
    return rename(row.name(), hour) || changed;
  }

  private void moveOnTo(long hour) {
    if (newest == Long.MIN_VALUE || hour - newest >= HOURS) {
      heard.clear();
      worked.clear();
      failed.clear();
      newest = hour;
    }
    for (; newest < hour; newest++) {
      int next = slot(newest + 1);
      heard.clear(next);
      worked.clear(next);
      failed.clear(next);
    }
  }

  private static boolean mark(BitSet hours, long hour) {
    boolean news = !hours.get(slot(hour));
    hours.set(slot(hour));
    return news;
  }

  private boolean fail(long hour, int minute) {
    boolean news = mark(failed, hour);
    if (news || minute < failedFrom[slot(hour)]) {
      failedFrom[slot(hour)] = (byte) minute;
      return true;
    }
    return false;
  }

  /** Of the names that it had, the one of the newest hour; of several of one hour, the last. */
  private boolean rename(String given, long hour) {
    if (given == null || hour < namedAt) {
      return false;
    }
    boolean news =
        name == null || (hour > namedAt ? !given.equals(name) : given.compareTo(name) > 0);
    if (hour > namedAt || news) {
      name = given;
      namedAt = hour;
    }
    return news;
  }

  /**
   * The times of trouble up to an instant, oldest first.
   *
   * @param to only hours that end by it are looked at, epoch milliseconds
   * @param workspace when its workspace was heard
   */
  List<ConnectorTrouble> troubles(String id, long to, Presence workspace) {
    List<ConnectorTrouble> troubles = new ArrayList<>();
    if (newest == Long.MIN_VALUE) {
      return troubles;
    }
    long end = Math.floorDiv(to, HOUR_MILLIS);
    long failingSince = Long.MAX_VALUE;
    long before = Long.MIN_VALUE;
    int steady = 0;
    for (long hour = newest - HOURS + 1; hour < end && hour <= newest; hour++) {
      if (!heard.get(slot(hour))) {
        continue;
      }
      if (failingSince == Long.MAX_VALUE && isSilent(steady, before, hour, workspace)) {
        troubles.add(silent(id, before, hour * HOUR_MILLIS));
      }
      steady = before != Long.MIN_VALUE && hour - before <= SILENT_HOURS ? steady + 1 : 1;
      before = hour;
      if (failed.get(slot(hour))) {
        failingSince =
            Math.min(failingSince, hour * HOUR_MILLIS + failedFrom[slot(hour)] * MINUTE_MILLIS);
      } else if (worked.get(slot(hour)) && failingSince != Long.MAX_VALUE) {
        troubles.add(failing(id, failingSince, hour * HOUR_MILLIS));
        failingSince = Long.MAX_VALUE;
      }
    }
    if (failingSince != Long.MAX_VALUE) {
      troubles.add(failing(id, failingSince, ConnectorTrouble.STILL));
    } else if (isSilent(steady, before, end, workspace)) {
      troubles.add(silent(id, before, ConnectorTrouble.STILL));
    }
    return troubles;
  }

  /** Whether its silence between two hours is one of its own, and not its workspace's. */
  private static boolean isSilent(int steady, long from, long to, Presence workspace) {
    if (steady < STEADY_HOURS) {
      return false;
    }
    int missing = 0;
    for (long hour = from + 1; hour < to && missing < SILENT_HOURS; hour++) {
      missing += workspace.heardBetween(hour * HOUR_MILLIS, (hour + 1) * HOUR_MILLIS) ? 1 : 0;
    }
    return missing >= SILENT_HOURS;
  }

  private ConnectorTrouble failing(String id, long since, long until) {
    return new ConnectorTrouble(id, name, ConnectorTrouble.State.FAILING, since, until);
  }

  private ConnectorTrouble silent(String id, long heardIn, long until) {
    long since = (heardIn + 1) * HOUR_MILLIS;
    return new ConnectorTrouble(id, name, ConnectorTrouble.State.SILENT, since, until);
  }

  private static int slot(long hour) {
    return (int) Math.floorMod(hour, (long) HOURS);
  }

  /** The binary form. */
  static final class Codec implements StateCodec<ConnectorHours> {
    private static final int VERSION = 1;

    @Override
    public void write(ConnectorHours state, BinaryWriter out) {
      out.writeByte(VERSION)
          .writeFixed64(state.newest)
          .writeNullableString(state.name)
          .writeFixed64(state.namedAt)
          .writeBytes(state.heard.toByteArray())
          .writeBytes(state.worked.toByteArray())
          .writeBytes(state.failed.toByteArray());
      state.failed.stream().forEach(slot -> out.writeByte(state.failedFrom[slot]));
    }

    @Override
    public ConnectorHours read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "state of a connector");
      long newest = in.readFixed64();
      String name = in.readNullableString();
      long namedAt = in.readFixed64();
      BitSet heard = readHours(in);
      BitSet worked = readHours(in);
      BitSet failed = readHours(in);
      ConnectorHours state = new ConnectorHours(heard, worked, failed, newest, name, namedAt);
      failed.stream().forEach(slot -> state.failedFrom[slot] = (byte) in.readByte());
      return state;
    }

    private static BitSet readHours(BinaryReader in) {
      int at = in.position();
      BitSet hours = BitSet.valueOf(in.readBytes());
      if (hours.length() > HOURS) {
        throw new CorruptDataException("more hours are marked than are kept", at);
      }
      return hours;
    }
  }
}
