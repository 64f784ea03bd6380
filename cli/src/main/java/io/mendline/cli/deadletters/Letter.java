package io.mendline.cli.deadletters;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mendline.processors.kafka.DeadLetterHeaders;
import io.mendline.serdes.text.FreeText;
import io.mendline.serdes.text.Redactor;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A dead letter as it stands in its topic.
 *
 * @param record with the bytes as received
 * @param headers as text, in their order
 */
record Letter(ConsumerRecord<byte[], byte[]> record, Map<String, String> headers) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final FreeText TEXTS = new FreeText(Redactor.standard());

  static Letter of(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    return new Letter(record, headers);
  }

  /** A header's text, empty where there is none. */
  String header(String name) {
    return headers.getOrDefault(name, "");
  }

  String stage() {
    return header(DeadLetterHeaders.STAGE);
  }

  /** Where it came from, empty when it came of no message. */
  String topic() {
    return header(DeadLetterHeaders.TOPIC);
  }

  boolean isInternal() {
    return header(DeadLetterHeaders.INTERNAL).equals("true");
  }

  boolean isCut() {
    return headers.containsKey(DeadLetterHeaders.CUT);
  }

  /** The timestamp of the message that it came of. */
  Instant time() {
    try {
      return Instant.parse(header(DeadLetterHeaders.TIME));
    } catch (DateTimeException e) {
      return Instant.ofEpochMilli(record.timestamp());
    }
  }

  /** Its place in the topic of the dead letters. */
  String place() {
    return record.partition() + "/" + record.offset();
  }

  /** The value for people: without secrets and shortened, unless raw. */
  String value(boolean raw) {
    return text(record.value(), raw);
  }

  /** Everything that is known, on one line. */
  String json(boolean raw, boolean replayed) {
    ObjectNode node = JSON.createObjectNode();
    node.put("at", place());
    headers.forEach(node::put);
    node.put("replayed", replayed);
    node.put("key", record.key() == null ? null : text(record.key(), raw));
    node.put("value", record.value() == null ? null : value(raw));
    node.put("bytes", record.serializedValueSize());
    if (raw && record.value() != null) {
      node.put("valueBase64", Base64.getEncoder().encodeToString(record.value()));
    }
    return node.toString();
  }

  private static String text(byte[] bytes, boolean raw) {
    if (bytes == null) {
      return "";
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return raw ? text : TEXTS.quote(text);
    } catch (CharacterCodingException e) {
      return "(" + bytes.length + " bytes, no text)";
    }
  }
}
