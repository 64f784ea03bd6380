package io.mendline.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaFuture;

/** What is asked of the broker beside the measurement. */
final class Brokers {
  private static final String CHANGELOG = "-changelog";

  private Brokers() {}

  /** The answer, or a failure of the benchmark. */
  static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new BenchException("the broker refuses: " + e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchException("interrupted", e);
    }
  }

  /** How many bytes the changelogs of an application take on the broker's disk. */
  static long changelogBytes(Admin admin, String application) {
    long bytes = 0;
    for (var folders : get(admin.describeLogDirs(List.of(1)).allDescriptions()).values()) {
      for (var folder : folders.values()) {
        for (var replica : folder.replicaInfos().entrySet()) {
          String topic = replica.getKey().topic();
          if (topic.startsWith(application + "-") && topic.endsWith(CHANGELOG)) {
            bytes += replica.getValue().size();
          }
        }
      }
    }
    return bytes;
  }

  /** Removes the internal topics of an application that has ended. */
  static void forget(Admin admin, String application) {
    List<String> topics = new ArrayList<>(get(admin.listTopics().names()));
    topics.removeIf(topic -> !topic.startsWith(application + "-"));
    get(admin.deleteTopics(topics).all());
  }
}
