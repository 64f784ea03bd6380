package io.mendline.cli.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The token usage of a cache scope after a change was rolled back: the same calls and tokens, of
 * which a greater share is read from the cache.
 *
 * @param scope {@code <service>/<model>}
 * @param from from when on, epoch milliseconds
 * @param ratio the share of the prompts' tokens that is read from the cache, 0 to 1
 */
record RollUps(String scope, long from, double ratio) {
  /** A roll-up in Anthropic's fields as it is told now; any other message as it is. */
  byte[] tell(long at, byte[] value) {
    if (at < from || !(Json.read(value) instanceof ObjectNode rollUp)) {
      return value;
    }
    String of = rollUp.path("service").asText() + '/' + rollUp.path("model").asText();
    if (!of.equals(scope) || !(rollUp.get("usage") instanceof ObjectNode usage)) {
      return value;
    }
    long input = usage.path("input_tokens").asLong();
    long read = usage.path("cache_read_input_tokens").asLong();
    long written = usage.path("cache_creation_input_tokens").asLong();
    long prompt = input + read + written;
    long readNow = Math.round(prompt * ratio);
    long inputNow = Math.round((double) (prompt - readNow) * input / Math.max(1, input + written));
    usage.put("input_tokens", inputNow);
    usage.put("cache_read_input_tokens", readNow);
    usage.put("cache_creation_input_tokens", prompt - readNow - inputNow);
    return Json.write(rollUp);
  }
}
