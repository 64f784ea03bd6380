package io.mendline.cli.bench;

/** What a measured process runs. */
interface Subject {
  /** Starts it under an application id, and returns when it is ready to process. */
  void start(String application) throws InterruptedException;

  /** Ends it. */
  void stop();
}
