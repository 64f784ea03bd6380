package io.mendline.databricks;

import io.mendline.databricks.api.Time;

/** Time that passes when somebody waits for it, and at no other time. */
public final class FakeTime implements Time {
  private long millis;

  public FakeTime(long millis) {
    this.millis = millis;
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public void pause(long millisToWait) {
    millis += Math.max(0, millisToWait);
  }

  public void moveTo(long time) {
    millis = Math.max(millis, time);
  }
}
