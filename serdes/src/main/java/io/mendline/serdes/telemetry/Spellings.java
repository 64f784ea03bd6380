package io.mendline.serdes.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.function.Function;

/**
 * Finds the constant that a word stands for, whatever its case and punctuation: {@code
 * SentinelResourceId}, {@code sentinel_resource_id} and {@code SENTINELRESOURCEID} are one word,
 * and so are {@code Partial success} and {@code PartialSuccess}. Only ASCII letters and digits
 * count.
 *
 * <p>An open hash table by what counts of a word, behind a small memory of words as they were
 * spelled.
 */
final class Spellings<E extends Enum<E>> {
  private static final String SEPARATOR = "|";
  private static final byte[] FOLDED = folded();

  /** As many spellings as senders use of one enum, several times over. */
  private static final int REMEMBERED = 256;

  private static final int LONGEST_REMEMBERED = 64;

  /** Written without a lock: an entry is whole or not there, and can be found again. */
  private final Found<E>[] remembered;

  private final String[] words;
  private final Object[] constants;
  private final int mask;

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of a generic type
  private Spellings(Map<String, E> constantByWord) {
    remembered = new Found[REMEMBERED];
    int capacity = Integer.highestOneBit(Math.max(8, constantByWord.size() * 4));
    words = new String[capacity];
    constants = new Object[capacity];
    mask = capacity - 1;
    constantByWord.forEach(
        (word, constant) -> {
          int slot = spread(hash(word)) & mask;
          while (words[slot] != null) {
            slot = (slot + 1) & mask;
          }
          words[slot] = word;
          constants[slot] = constant;
        });
  }

  /**
   * The table of an enum.
   *
   * @param spellings every spelling of a constant, in any case and punctuation, as {@link #join}
   *     puts them together
   * @throws IllegalArgumentException if a spelling stands for two constants
   */
  static <E extends Enum<E>> Spellings<E> of(Class<E> type, Function<E, String> spellings) {
    Map<String, E> constantByWord = new LinkedHashMap<>();
    for (E constant : type.getEnumConstants()) {
      StringTokenizer each = new StringTokenizer(spellings.apply(constant), SEPARATOR);
      while (each.hasMoreTokens()) {
        String spelling = each.nextToken();
        E other = constantByWord.put(bare(spelling), constant);
        if (other != null && other != constant) {
          throw new IllegalArgumentException(spelling + " is both " + other + " and " + constant);
        }
      }
    }
    return new Spellings<>(constantByWord);
  }

  /** Several spellings as one text, which an enum can hold and stay immutable. */
  static String join(String... spellings) {
    return String.join(SEPARATOR, spellings);
  }

  /** The constant that a word stands for, or null; null for null. */
  E find(String word) {
    if (word == null) {
      return null;
    }
    if (word.length() > LONGEST_REMEMBERED) {
      return look(word);
    }
    // Senders spell a word the same way each time.
    int place = spread(word.hashCode()) & (remembered.length - 1);
    Found<E> found = remembered[place];
    if (found == null || !found.word.equals(word)) {
      found = new Found<>(word, look(word));
      remembered[place] = found;
    }
    return found.constant;
  }

  private E look(String word) {
    int slot = spread(hash(word)) & mask;
    while (words[slot] != null) {
      if (same(words[slot], word)) {
        return constantAt(slot);
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  /** As {@link #find(String)}, with {@code fallback} for what is not known. */
  E find(String word, E fallback) {
    E found = find(word);
    return found == null ? fallback : found;
  }

  @SuppressWarnings("unchecked") // only constants of E are ever put in
  private E constantAt(int slot) {
    return (E) constants[slot];
  }

  /** What a word was found to stand for; null for nothing. */
  private record Found<E>(String word, E constant) {}

  private static int hash(String word) {
    int hash = 0;
    for (int i = 0; i < word.length(); i++) {
      int c = fold(word.charAt(i));
      if (c != 0) {
        hash = hash * 31 + c;
      }
    }
    return hash;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 15);
  }

  private static boolean same(String bare, String word) {
    int at = 0;
    for (int i = 0; i < word.length(); i++) {
      int c = fold(word.charAt(i));
      if (c != 0) {
        if (at == bare.length() || bare.charAt(at) != c) {
          return false;
        }
        at++;
      }
    }
    return at == bare.length();
  }

  private static String bare(String word) {
    StringBuilder bare = new StringBuilder(word.length());
    for (int i = 0; i < word.length(); i++) {
      int c = fold(word.charAt(i));
      if (c != 0) {
        bare.append((char) c);
      }
    }
    return bare.toString();
  }

  /** A letter in lower case, a digit as it is, 0 for everything else. */
  private static int fold(char c) {
    return c < FOLDED.length ? FOLDED[c] : 0;
  }

  private static byte[] folded() {
    byte[] folded = new byte[128];
    for (char c = '0'; c <= '9'; c++) {
      folded[c] = (byte) c;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      folded[c] = (byte) c;
      folded[Character.toUpperCase(c)] = (byte) c;
    }
    return folded;
  }
}
