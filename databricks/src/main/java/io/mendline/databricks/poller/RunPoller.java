package io.mendline.databricks.poller;

import com.databricks.sdk.core.http.HttpClient;
import io.mendline.databricks.api.SystemTime;
import io.mendline.databricks.api.Workspace;
import io.mendline.databricks.api.WorkspaceApi;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls several workspaces, each in a thread of its own, so that one that is slow or broken holds
 * up no other.
 */
public final class RunPoller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunPoller.class);

  private static final long RETRY = 30_000;

  /** A call that gets no answer is not waited for: nothing of it is remembered yet. */
  private static final long CLOSING_SECONDS = 20;

  /** With {@link #once}, so many workspaces are read at a time. */
  private static final int AT_A_TIME = 16;

  private final Map<Workspace, WorkspacePoller> pollers = new LinkedHashMap<>();
  private final SystemTime time;
  private final FileChannel lockFile;
  private final CountDownLatch closed = new CountDownLatch(1);
  private ExecutorService threads;

  /**
   * A poller that goes on where the state directory says.
   *
   * @param outboxes gives each workspace an outbox of its own
   * @throws StateException if the directory or a state in it cannot be used
   */
  public RunPoller(
      PollerConfig config, HttpClient http, Supplier<Outbox> outboxes, SystemTime time) {
    this.time = time;
    this.lockFile = lock(config.stateDir());
    for (Workspace workspace : config.workspaces()) {
      pollers.put(
          workspace,
          new WorkspacePoller(
              workspace,
              config,
              new WorkspaceApi(workspace, http, time),
              outboxes.get(),
              new StateFile(config.stateDir(), workspace.id()),
              time));
    }
  }

  /** Two pollers on one state would each tell what the other has told. */
  private static FileChannel lock(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new StateException(
            "the folder "
                + folder
                + " is in use by another poller; end that one, or set another"
                + " databricks.state.dir",
            null);
      }
      return channel;
    } catch (IOException e) {
      throw new StateException(
          "the folder " + folder + " cannot be written to; set databricks.state.dir", e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held in this very process
    }
  }

  /**
   * Reads every workspace once.
   *
   * @return what could not be read or written, a line each; empty when all was
   * @throws InterruptedException when it was closed meanwhile
   */
  public List<String> once() throws InterruptedException {
    List<String> problems = new ArrayList<>();
    run(
        Math.min(AT_A_TIME, pollers.size()),
        (workspace, poller) -> {
          poller.whole();
          synchronized (problems) {
            poller.problems().forEach(line -> problems.add(workspace.name() + ": " + line));
          }
        },
        (workspace, problem) -> {
          synchronized (problems) {
            problems.add(workspace.name() + ": " + problem);
          }
        });
    threads.shutdown();
    while (!threads.awaitTermination(1, TimeUnit.DAYS)) {
      LOG.info("still reading");
    }
    return problems;
  }

  /** Begins to poll; ends with {@link #close}. */
  public void start() {
    run(
        pollers.size(),
        (workspace, poller) -> {
          while (true) {
            time.pause(go(workspace, poller) - time.millis());
          }
        },
        (workspace, problem) -> {});
  }

  /** A fault of ours in one workspace, or in one answer, must not end the polling. */
  private long go(Workspace workspace, WorkspacePoller poller) throws InterruptedException {
    try {
      return poller.step();
    } catch (RuntimeException e) {
      LOG.error("workspace {}: an unexpected fault; it is tried again", workspace.name(), e);
      return time.millis() + RETRY;
    }
  }

  /** Waits until it is closed. */
  public void await() throws InterruptedException {
    closed.await();
  }

  private interface Body {
    void run(Workspace workspace, WorkspacePoller poller) throws InterruptedException;
  }

  private interface Problems {
    void add(Workspace workspace, String problem);
  }

  private void run(int atATime, Body body, Problems problems) {
    threads =
        Executors.newFixedThreadPool(
            atATime,
            task -> {
              Thread thread = new Thread(task, "poller");
              thread.setDaemon(true);
              return thread;
            });
    pollers.forEach(
        (workspace, poller) ->
            threads.execute(
                () -> {
                  Thread.currentThread().setName("poller-" + workspace.name());
                  try {
                    body.run(workspace, poller);
                  } catch (InterruptedException e) {
                    problems.add(workspace, "ended before all was read");
                  } catch (RuntimeException e) {
                    LOG.error("workspace {}: an unexpected fault", workspace.name(), e);
                    problems.add(workspace, "an unexpected fault, see the log");
                  }
                }));
  }

  /** Ends the polling; what was told is kept first. */
  @Override
  public void close() {
    time.end();
    if (threads != null && !threads.isTerminated()) {
      LOG.info("told to end; what was told is kept first");
      threads.shutdown();
      try {
        if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn("a call to a workspace is not waited for");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    try {
      lockFile.close();
    } catch (IOException e) {
      LOG.warn("the lock of the state directory could not be given back: {}", e.toString());
    }
    closed.countDown();
  }
}
