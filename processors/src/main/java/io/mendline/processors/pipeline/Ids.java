package io.mendline.processors.pipeline;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The one maker of ids. An id is a digest of what it names, never of chance, a counter or the
 * clock, so that a replay, a retry and another partition count all give the same one.
 */
public final class Ids {
  private static final int BYTES = 10;

  private Ids() {}

  /** Twenty hexadecimal digits of SHA-256 over the parts; null counts as a part of its own. */
  public static String digest(Object... parts) {
    MessageDigest sha = sha256();
    for (Object part : parts) {
      // A length before each part keeps ("ab", "c") and ("a", "bc") apart.
      byte[] bytes = part == null ? new byte[0] : part.toString().getBytes(StandardCharsets.UTF_8);
      int length = part == null ? -1 : bytes.length;
      sha.update((byte) (length >>> 24));
      sha.update((byte) (length >>> 16));
      sha.update((byte) (length >>> 8));
      sha.update((byte) length);
      sha.update(bytes);
    }
    byte[] digest = sha.digest();
    StringBuilder hex = new StringBuilder(2 * BYTES);
    for (int i = 0; i < BYTES; i++) {
      hex.append(Character.forDigit((digest[i] >> 4) & 0xf, 16));
      hex.append(Character.forDigit(digest[i] & 0xf, 16));
    }
    return hex.toString();
  }

  /** An id that begins with its route's hash, so that it can be routed by itself. */
  public static String routed(String route, Object... parts) {
    return Routes.hash(route) + "-" + digest(parts);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
