package io.mendline.processors.pipeline;

import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A store that keeps nothing but bytes, so that every state goes through its codec at every step
 * and nothing survives in an object that a restart would lose.
 *
 * @param <S> the detector's state
 */
public final class ByteStore<S> implements Store<Entry<S>> {
  private final NavigableMap<StateKey, byte[]> bytes = new TreeMap<>();
  private final EntryCodec<S> codec;
  private int largest;

  /** An empty store for states of this codec. */
  public ByteStore(StateCodec<S> state) {
    this.codec = new EntryCodec<>(state);
  }

  @Override
  public Entry<S> get(StateKey key) {
    byte[] found = bytes.get(key);
    return found == null ? null : read(found);
  }

  @Override
  public void put(StateKey key, Entry<S> value) {
    if (value == null) {
      bytes.remove(key);
      return;
    }
    BinaryWriter out = new BinaryWriter();
    codec.write(value, out);
    largest = Math.max(largest, out.size());
    bytes.put(key, out.toByteArray());
  }

  @Override
  public void forEach(BiConsumer<StateKey, Entry<S>> visitor) {
    bytes.forEach((key, found) -> visitor.accept(key, read(found)));
  }

  /** How many keys have a state. */
  public int size() {
    return bytes.size();
  }

  /** The size of the largest entry ever put, bytes. */
  public int largest() {
    return largest;
  }

  private Entry<S> read(byte[] found) {
    BinaryReader in = new BinaryReader(found);
    Entry<S> entry = codec.read(in);
    in.requireEnd();
    return entry;
  }
}
