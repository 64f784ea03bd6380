package io.mendline.processors.cause;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Finds every occurrence of any of many fixed strings in one pass, without regard to the case of
 * ASCII letters.
 *
 * <p>Aho and Corasick, "Efficient string matching: an aid to bibliographic search" (CACM 18(6),
 * 1975), compiled into a full transition table over the characters that occur in the strings (every
 * other character is one symbol), so that the cost is one table look-up per character of text,
 * however many strings there are. Immutable.
 */
final class LiteralIndex {
  private static final int ASCII = 128;

  /**
   * Told of each occurrence, in order of where it ends; of those that end together the longest
   * first.
   */
  @FunctionalInterface
  interface Visitor {
    /**
     * An occurrence.
     *
     * @param literal the string's position in the list given to {@link #of}
     * @param end index after its last character
     */
    void found(int literal, int end);
  }

  private final byte[] symbolOf;
  private final int symbols;
  private final int[] next;
  private final int[][] found;

  private LiteralIndex(byte[] symbolOf, int symbols, int[] next, int[][] found) {
    this.symbolOf = symbolOf;
    this.symbols = symbols;
    this.next = next;
    this.found = found;
  }

  /** Strings must be ASCII and not empty; equal strings are each reported. */
  static LiteralIndex of(List<String> literals) {
    byte[] symbolOf = new byte[ASCII];
    int symbols = 1;
    for (String literal : literals) {
      String folded = literal.toLowerCase(Locale.ROOT);
      for (int i = 0; i < folded.length(); i++) {
        char c = folded.charAt(i);
        if (c >= ASCII) {
          throw new IllegalArgumentException("not ASCII: " + literal);
        }
        if (symbolOf[c] == 0) {
          symbolOf[c] = (byte) symbols++;
        }
      }
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      symbolOf[c] = symbolOf[c + ('a' - 'A')];
    }
    return new Builder(symbolOf, symbols).build(literals);
  }

  void scan(String text, Visitor visitor) {
    int state = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      state = next[state * symbols + (c < ASCII ? symbolOf[c] : 0)];
      int[] here = found[state];
      if (here != null) {
        for (int literal : here) {
          visitor.found(literal, i + 1);
        }
      }
    }
  }

  private static final class Builder {
    private final byte[] symbolOf;
    private final int symbols;
    private final List<int[]> trie = new ArrayList<>();
    private final List<int[]> found = new ArrayList<>();

    Builder(byte[] symbolOf, int symbols) {
      this.symbolOf = symbolOf;
      this.symbols = symbols;
    }

    LiteralIndex build(List<String> literals) {
      addState();
      for (int id = 0; id < literals.size(); id++) {
        insert(literals.get(id), id);
      }
      complete();
      int[] next = new int[trie.size() * symbols];
      for (int state = 0; state < trie.size(); state++) {
        System.arraycopy(trie.get(state), 0, next, state * symbols, symbols);
      }
      return new LiteralIndex(symbolOf, symbols, next, found.toArray(int[][]::new));
    }

    private int addState() {
      trie.add(new int[symbols]);
      found.add(null);
      return trie.size() - 1;
    }

    private void insert(String literal, int id) {
      int state = 0;
      for (int i = 0; i < literal.length(); i++) {
        int symbol = symbolOf[literal.charAt(i)];
        int to = trie.get(state)[symbol];
        if (to == 0) {
          to = addState();
          trie.get(state)[symbol] = to;
        }
        state = to;
      }
      found.set(state, concat(found.get(state), new int[] {id}));
    }

    /**
     * Breadth first, so that a state's fallback, which is nearer the root, is complete when it is
     * needed.
     */
    private void complete() {
      int[] fallback = new int[trie.size()];
      ArrayDeque<Integer> queue = new ArrayDeque<>();
      queue.add(0);
      while (!queue.isEmpty()) {
        int state = queue.remove();
        int[] row = trie.get(state);
        for (int symbol = 0; symbol < symbols; symbol++) {
          int to = row[symbol];
          int behind = state == 0 ? 0 : trie.get(fallback[state])[symbol];
          if (to == 0) {
            row[symbol] = behind;
          } else {
            fallback[to] = behind;
            found.set(to, concat(found.get(to), found.get(behind)));
            queue.add(to);
          }
        }
      }
    }

    private static int[] concat(int[] a, int[] b) {
      if (a == null || b == null) {
        return a == null ? b : a;
      }
      int[] both = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, both, a.length, b.length);
      return both;
    }
  }
}
