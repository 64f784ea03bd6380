package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.Message;
import io.mendline.processors.pipeline.Output;
import java.nio.charset.StandardCharsets;

/** The keys of public topics. */
final class Keys {
  private Keys() {}

  /** The key of a message in its topic; null for what has none or does not leave. */
  static byte[] of(Message message) {
    String key = text(message);
    return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(Message message) {
    if (message instanceof Output.Found found) {
      return found.finding().getResource().getId();
    }
    if (message instanceof Output.Tracked tracked) {
      return tracked.incident().getId();
    }
    if (message instanceof Output.Forgot forgot) {
      return forgot.incidentId();
    }
    if (message instanceof Output.Told told) {
      return told.alert().getDedupKey();
    }
    if (message instanceof Output.Noted noted) {
      return noted.entry().getResource().getId();
    }
    if (message instanceof Output.Asked asked) {
      return asked.request().id();
    }
    if (message instanceof Output.Commanded commanded) {
      return commanded.command().getId();
    }
    return null;
  }
}
