package io.mendline.databricks.api;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The time of this machine. All who pause on it are told at once when it is time to end. */
public final class SystemTime implements Time {
  private final CountDownLatch ending = new CountDownLatch(1);

  @Override
  public long millis() {
    return System.currentTimeMillis();
  }

  @Override
  public void pause(long millis) throws InterruptedException {
    if (ending.await(Math.max(0, millis), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("told to end");
    }
  }

  /** Ends every pause, now and from now on. */
  public void end() {
    ending.countDown();
  }
}
