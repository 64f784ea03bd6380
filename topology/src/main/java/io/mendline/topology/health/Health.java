package io.mendline.topology.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.kafka.streams.KafkaStreams.State;

/**
 * How an instance is, for those who start it, send to it or restart it. Knows nothing but what it
 * is told and asks nobody over the network, so an answer never waits.
 *
 * <table>
 * <caption>What each answer means</caption>
 * <tr><td>live</td><td>to be restarted when it is not: nothing will be processed any more</td></tr>
 * <tr><td>started</td><td>has once processed; stays so</td></tr>
 * <tr><td>ready</td><td>is to be asked: it has its state, or little of it is left to restore</td></tr>
 * </table>
 *
 * <p>Ready while rebalancing: that is what every rollout and every new instance does, and answers
 * need no partition to stay where it was.
 */
public final class Health {
  private final long mostLeft;
  private final RestoreProgress restoring = new RestoreProgress();
  private volatile State state = State.CREATED;
  private volatile boolean started;
  private volatile boolean closing;
  private volatile IntSupplier threads = () -> 1;

  /**
   * A health that has heard of nothing yet.
   *
   * @param mostLeft with more records than this left to restore the instance is not ready
   */
  public Health(long mostLeft) {
    this.mostLeft = mostLeft;
  }

  /**
   * One answer.
   *
   * @param up whether it is so
   * @param status in one word, as {@code RUNNING} or {@code RESTORING}
   * @param details what led to it, for people
   */
  public record Report(boolean up, String status, Map<String, Object> details) {}

  /** Told of every change of state. */
  public void changed(State now) {
    state = now;
    if (now == State.RUNNING) {
      started = true;
    }
  }

  /**
   * Says how many stream threads are alive can be asked for.
   *
   * @param alive how many are, without waiting
   */
  public void counting(IntSupplier alive) {
    threads = alive;
  }

  /** Told when the instance is asked to end. */
  public void closing() {
    closing = true;
  }

  /** To be told how far the restoring of stores has come. */
  public RestoreProgress restoring() {
    return restoring;
  }

  /** Whether anything can still be processed; an instance that is not live has to be restarted. */
  public Report live() {
    State now = state;
    if (now == State.ERROR || now == State.NOT_RUNNING) {
      return report(false, now.name(), now);
    }
    if (now.isRunningOrRebalancing() && threads.getAsInt() == 0) {
      return report(false, "THREADS_DEAD", now);
    }
    return report(true, now.name(), now);
  }

  /** Whether it has once had all of its state and processed. */
  public Report started() {
    State now = state;
    return report(started, started ? "STARTED" : "STARTING", now);
  }

  /** Whether it is to be asked. */
  public Report ready() {
    State now = state;
    if (closing || now == State.PENDING_SHUTDOWN || now == State.PENDING_ERROR) {
      return report(false, "CLOSING", now);
    }
    if (!now.isRunningOrRebalancing()) {
      return report(false, now.name(), now);
    }
    if (!started) {
      return report(false, "STARTING", now);
    }
    if (restoring.left() > mostLeft) {
      return report(false, "RESTORING", now);
    }
    return report(true, now.name(), now);
  }

  private Report report(boolean up, String status, State now) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("state", now.name());
    details.put("threads", threads.getAsInt());
    details.put("recordsToRestore", restoring.left());
    details.put("storesRestoring", restoring.stores());
    return new Report(up, status, details);
  }
}
