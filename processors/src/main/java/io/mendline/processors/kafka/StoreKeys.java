package io.mendline.processors.kafka;

import io.mendline.processors.pipeline.StateKey;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the stores. A state's is its route, a zero byte, and its id, so that the states of a
 * route lie together. Those of an index begin with a byte that no route begins with.
 */
public final class StoreKeys {
  private static final char SEPARATOR = '\0';
  private static final byte INDEX = 1;

  private StoreKeys() {}

  /** The key of a state. */
  public static Bytes of(StateKey key) {
    return Bytes.wrap((key.route() + SEPARATOR + key.id()).getBytes(StandardCharsets.UTF_8));
  }

  /** The key of an entry of the store's index. */
  public static Bytes ofIndex(byte[] entry) {
    byte[] bytes = new byte[entry.length + 1];
    bytes[0] = INDEX;
    System.arraycopy(entry, 0, bytes, 1, entry.length);
    return Bytes.wrap(bytes);
  }

  /** Where the states of a route begin, with ids from this one on. */
  public static Bytes firstOf(String route, String id) {
    return of(new StateKey(route, id));
  }

  /** Where the states of a route end, exclusive. */
  public static Bytes endOf(String route) {
    return Bytes.wrap((route + (char) (SEPARATOR + 1)).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a key is one of the index. */
  public static boolean isIndex(Bytes key) {
    return key.get().length > 0 && key.get()[0] == INDEX;
  }

  /** The state's key that was written so. */
  public static StateKey read(Bytes bytes) {
    String text = new String(bytes.get(), StandardCharsets.UTF_8);
    int end = text.indexOf(SEPARATOR);
    return new StateKey(text.substring(0, end), text.substring(end + 1));
  }
}
