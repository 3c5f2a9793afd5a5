package dev.kindstead.model;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable string of bytes with value equality, ordered as unsigned bytes. Whoever hands an
 * array in or takes one out promises not to write to it: copying is what this type avoids.
 */
public final class Bytes implements Comparable<Bytes> {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] array;

  private Bytes(byte[] array) {
    this.array = array;
  }

  public static Bytes of(byte[] array) {
    return array.length == 0 ? EMPTY : new Bytes(array);
  }

  /** The bytes themselves, shared, not to be written to. */
  public byte[] array() {
    return array;
  }

  public int size() {
    return array.length;
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(array);
  }
}
