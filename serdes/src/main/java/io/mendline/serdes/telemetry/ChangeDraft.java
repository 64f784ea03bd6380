package io.mendline.serdes.telemetry;

import java.util.List;

/** What a source's own shape comes to, in the words of a {@link Change}; texts not yet redacted. */
final class ChangeDraft {
  String id;
  long at = TelemetryRecord.ABSENT;
  String service;
  String kind;
  String title;
  String url;
  String author;
  String commit;
  List<String> labels = List.of();
}
