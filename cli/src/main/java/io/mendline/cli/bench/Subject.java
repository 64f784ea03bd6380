package io.mendline.cli.bench;

/** What a measured process runs. */
interface Subject {
  /** Starts it under an application id, and returns when it is ready to process. */
  void start(String application) throws InterruptedException;

  /** Where its API is; 0 without one. */
  default int port() {
    return 0;
  }

  /** Ends it. */
  void stop();
}
